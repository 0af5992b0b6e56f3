"""A repository of one's own that depends on Trunkline: which files it has, and what its `pulumi` runs with.

Nothing is imported here: `toolchain` takes the environment from this package before anything is installed.
"""
