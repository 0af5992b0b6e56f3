"""What the shapes of all entries of numbers.yaml have in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from trunkline.inventory import fields as f

# The default of a key that stands for nothing.
ABSENT: Any = None


class Shape(BaseModel):
    """What every entry of the file is: it has these keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SecretShape(Shape):
    """A Pulumi config secret, by name."""

    secret: f.SecretName = Field(description="Name of the config secret `trunkline:<name>`.")


def refused(rule: str, message: str, fix: str) -> PydanticCustomError:
    """Give what pydantic collects of a value that is refused."""
    return PydanticCustomError("refused", "{message}", {"rule": rule, "message": message, "fix": fix})
