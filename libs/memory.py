"""Memory that was needed once is given back, so that a process which read one large file does not stay large for ever.

The C library keeps what was freed for the thread that had it, in an arena of its own for each: eight threads that each read a
file of ten thousand rows held 450 MB more afterwards, with one arena and its end given back 40.
"""

from __future__ import annotations

import ctypes
import gc

_M_ARENA_MAX = -8


def share_one_arena() -> None:
    """Let all threads of this process take memory from one place; called before it has any. Only glibc knows more."""
    if mallopt := _of_libc("mallopt"):
        mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Give what is free now back to the system."""
    gc.collect()
    if malloc_trim := _of_libc("malloc_trim"):
        malloc_trim(0)


def _of_libc(name: str) -> ctypes._CFuncPtr | None:  # type: ignore[name-defined] # the type has no public name
    return getattr(ctypes.CDLL(None), name, None)
