"""Who is asking, and what that role may do. Fails closed: an unknown role or permission is refused.

Roles and the command group: the legacy system's role list (staff positions); permissions are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("admin", "staff", "cadet")
COMMAND_GROUP = frozenset({"Commandant", "Assistant Commandant", "NSTP Director", "ROTC Coordinator", "Admin NCO"})
POSITIONS = ("Instructor", "Admin", *sorted(COMMAND_GROUP))

_EVERYONE = frozenset({"sessions.own", "files.own", "messaging.own", "ops.own"})
_CADET = _EVERYONE | {"roster.own", "grading.own"}
_STAFF = _EVERYONE | {
    "roster.read",
    "grading.read",
    "grading.mark",
    "grading.merit",
    "grading.score",
    "reports.request",
    "files.upload",
}
_COMMAND = _STAFF | {"roster.write", "roster.import", "terms.manage"}
_ADMIN = _COMMAND | {"users.manage", "ops.manage", "metrics.read", "audit.read"}
PERMISSIONS = _ADMIN | _CADET


PASSWORD_DUE = "password"  # noqa: S105 - what is due, not a secret
SECOND_FACTOR_DUE = "second_factor"
DUE = {
    PASSWORD_DUE: "Choose your own password first. The one you have was given to you.",
    SECOND_FACTOR_DUE: "Add a second step to your sign-in first. This account must have one.",
}
"""What a person has to do before anything else, and the words in which they are told."""


@dataclass(frozen=True)
class Principal:
    """A verified person: the claims of an access token that passed every check.

    Attributes:
        due: what they have to do before anything else, a key of DUE; empty for nothing.
        proved_at: when they last gave their password, in Unix seconds; 0 for unknown.
    """

    user_id: int
    username: str
    role: str
    positions: tuple[str, ...] = ()
    cadet_id: int | None = None
    staff_id: int | None = None
    session_id: str = ""
    due: str = ""
    proved_at: int = 0

    @property
    def permissions(self) -> frozenset[str]:
        """All that this person may do, before any rule about a single object; nothing while something is due."""
        if self.due:
            return frozenset()
        if self.role == "admin":
            return _ADMIN
        if self.role == "staff":
            return _COMMAND if COMMAND_GROUP.intersection(self.positions) else _STAFF
        if self.role == "cadet":
            return _CADET
        return frozenset()

    def may(self, permission: str) -> bool:
        """Return whether this person holds `permission`."""
        return permission in self.permissions
