"""The one error a user of the local runner sees: a sentence that says what to do, never a traceback."""

import errno
import platform


class LocalError(Exception):
    """Something on this machine keeps the house from starting; the message is shown to the user as it is."""


def in_words(error: OSError) -> str:
    """Return what the operating system refused, and what helps where that is known."""
    place = f": {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{place}. Free some space and try again; what was stored before is whole."
    if error.errno == errno.ENOEXEC:
        machine = f"{platform.system()} on {platform.machine()}"
        return f"This program is made for another kind of machine than this one ({machine}){place}. Delete .venv and try again."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This user may not do that{place}. Run as the owner, or choose another folder with RGMS_DATA_DIR."
    return f"{error.strerror or error}{place}"
