"""What stands in for Pulumi's own binaries where they cannot be downloaded.

`go.mod` names the engine that is built from source. The three scripts are what the official release ships beside it:
the language host, the runner of the program, and the launcher of dynamic providers. They run by path, in `.venv`.
"""
