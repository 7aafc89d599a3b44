"""Questions to others that come up in the middle of a transaction: it is undone, they are asked, and it is done again.

While another service takes its time nobody may hold rows and a connection. Most operations ask before they begin; under an
Idempotency-Key the whole request is one transaction, and only in its middle is it known what to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar

from libs.data.db import in_transaction

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


class AskFirst(Exception):
    """What a transaction needs to know before it can go on."""

    def __init__(self, key: Hashable, ask: Callable[[], Any]) -> None:
        super().__init__(key)
        self.key, self.ask = key, ask


def ask_outside(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return `ask()`, done outside any transaction; inside `do_with_answers` it is asked once for each key.

    Raises:
        AskFirst: inside a transaction, for `do_with_answers` to catch.
    """
    if not in_transaction():
        return ask()
    answers = _answers.get()
    if answers is None or key not in answers:
        raise AskFirst(key, ask)
    return answers[key]


def do_with_answers(do: Callable[[], Answer]) -> Answer:
    """Return `do()`, which opens its own transaction; done again from the start after each question that came up in it."""
    answers: dict[Hashable, Any] = {}
    token = _answers.set(answers)
    try:
        while True:
            try:
                return do()
            except AskFirst as question:
                ask = question.ask
                key = question.key
            answers[key] = ask()
    finally:
        _answers.reset(token)
