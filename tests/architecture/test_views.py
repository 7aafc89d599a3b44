"""How a view is put together: decorators in one order, so that what one of them sees is the same everywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the route down to the view. `idempotent` keeps the answer, so it stands above `response`, which chooses what of a row may
# be seen; it begins a transaction, so it stands below `arguments`, which may refuse the body.
ORDER = (
    ("route", "get", "post", "put", "patch", "delete"),
    ("doc",),
    ("cached_list",),
    ("listed", "arguments"),
    ("idempotent",),
    ("response",),
    ("alt_response",),
    ("require",),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}


def views() -> Iterator[tuple[str, list[str]]]:
    """Yield (place, decorators) of every view."""
    for path in sorted(ROOT.glob("*_service/routes/*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", [name_of(one) for one in node.decorator_list]


def name_of(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.attr if isinstance(called, ast.Attribute) else ast.unparse(called)


def test_the_decorators_of_a_view_stand_in_one_order():
    found = dict(views())
    assert len(found) > 70
    unknown = {place: [name for name in names if name not in RANK] for place, names in found.items()}
    assert {place: names for place, names in unknown.items() if names} == {}, "give these a place in ORDER and in CONTRIBUTING.md"
    mixed = [place for place, names in found.items() if names != sorted(names, key=RANK.__getitem__)]
    assert mixed == [], f"from top to bottom: {', '.join('/'.join(names) for names in ORDER)}"
