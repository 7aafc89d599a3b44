"""The table of events in docs/realtime-protocol.md, written from the code that builds and delivers them."""

from __future__ import annotations

from collections.abc import Callable

from libs.contracts.events import EVENT_TYPES

BEGIN = "<!-- Written by ./rgms openapi from libs/contracts/events. Never edit it. -->\n"
END = "<!-- The end of what is written. -->\n"


def protocol(text: str) -> str:
    """Return the text of docs/realtime-protocol.md with its table as the code has it now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + _table() + END + after


def _table() -> str:
    names: dict[tuple[str, str], list[str]] = {}
    for name, kind in EVENT_TYPES.items():
        names.setdefault((_told(kind.build, ": "), _told(kind.deliver, "to ")), []).append(f"`{name}`")
    rows = [(", ".join(alike), *told) for told, alike in names.items()]
    return "".join(f"| {' | '.join(row)} |\n" for row in [("event", "data", "who receives it"), ("---",) * 3, *rows])


def _told(function: Callable[..., object], begins: str) -> str:
    """Return the first line of a docstring, from `begins` on and without its full stop."""
    line = (function.__doc__ or "").partition("\n")[0]
    _, found, told = line.partition(begins)
    if not found:
        raise ValueError(f"{function.__qualname__} needs a docstring whose first line has {begins!r}: it stands in the protocol")
    return told.removesuffix(".")
