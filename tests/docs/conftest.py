"""The real engine, as tests/engine has it."""

from tests.engine.conftest import make_project

__all__ = ["make_project"]
