"""Fields that several schemas share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError

from libs.web.schemas import Text

_EMAIL = re.compile(r"[^@\s<>\"(),;:]+@[^@\s<>\"(),;:.]+(\.[^@\s<>\"(),;:.]+)+")


class OptionalText(Text):
    """Text of at most `high` characters that may be absent: a blank or null is stored as nothing."""

    def __init__(self, high: int, **kwargs: Any) -> None:
        super().__init__(high, blank_as_none=True, **kwargs)


class NeededText(Text):
    """Text of 1 to `high` characters."""

    def __init__(self, high: int, **kwargs: Any) -> None:
        super().__init__(high, low=1, **kwargs)


class Word(Text):
    """One of a list of words; null or a blank means none, unless `needed`."""

    def __init__(self, words: Sequence[str], *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(max(map(len, words)), low=int(needed), blank_as_none=not needed, **kwargs)
        self.words = tuple(words)
        self.metadata = {**self.metadata, "enum": [*words, *([] if needed else [None])]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is not None and text not in self.words:
            raise ValidationError(f"Must be one of: {', '.join(self.words)}.")
        return text


class Email(OptionalText):
    """An e-mail address in lower case, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(254, **kwargs)
        self.metadata = {**self.metadata, "format": "email"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is not None and not _EMAIL.fullmatch(text):
            raise ValidationError("Not a valid email address.")
        return text.lower() if text else None


class Username(NeededText):
    """A user name: no blanks, so that what is printed on a card can be typed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and re.search(r"\s", text):
            raise ValidationError("Must not contain blanks.")
        return text
