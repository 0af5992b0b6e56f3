"""Everything that a working copy needs before `pulumi up` runs: the locked Python packages and a Pulumi engine.

Standard library only, because it runs before anything is installed: `python3 -m toolchain setup` from the repository.
"""
