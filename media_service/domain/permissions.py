"""Who may do what with one file."""

from __future__ import annotations

from libs.contracts.principal import Principal

OWNER, STAFF = "owner", "staff"
ACCESSES = (OWNER, STAFF)


def may_read(principal: Principal, owner_user_id: int, access: str) -> bool:
    """Return whether `principal` may see and download a file: its owner, an admin, training staff when it is theirs too."""
    return may_change(principal, owner_user_id) or (access == STAFF and principal.role == "staff")


def may_change(principal: Principal, owner_user_id: int) -> bool:
    """Return whether `principal` may delete or restore a file: its owner or an admin."""
    return principal.role == "admin" or principal.user_id == owner_user_id
