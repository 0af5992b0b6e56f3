"""Who asks, and what they may read."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """Each role may read what the one before it may."""

    VIEWER = "viewer"
    DEVELOPER = "developer"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Say whether this role may do what `other` may."""
        return _RANK[self] >= _RANK[other]


_RANK = {role: rank for rank, role in enumerate(Role)}


class Principal(Struct, frozen=True, kw_only=True):
    """An authenticated caller. `name` is the token's subject or the key's name, `via` "jwt" or "key"."""

    name: str
    role: Role
    via: str

    @property
    def sees_costs(self) -> bool:
        return self.role.includes(Role.DEVELOPER)
