"""Fields that every service validates alike: text without control characters, ids that fit, instants with a zone."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal as PyDecimal
from decimal import InvalidOperation
from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

MAX_ID = 2**31 - 1
MAX_PAGE_SIZE = 100
# C0 and C1 controls, lone surrogates, and the bidirectional overrides that can make a name read as another.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")


class Schema(ma.Schema):
    """A schema that refuses fields it does not know."""

    class Meta:
        unknown = ma.RAISE


class LooseSchema(ma.Schema):
    """A schema for queries, where an unknown parameter is ignored."""

    class Meta:
        unknown = ma.EXCLUDE


def clean_text(value: str, *, multiline: bool = False) -> str:
    """Return `value` composed (NFC) and trimmed; in one line of text, breaks and tabs become a space, as in a pasted note.

    Raises:
        ValidationError: control characters.
    """
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    if not multiline:
        value = _BREAKS.sub(" ", value)
    if _CONTROL.search(value):
        raise ValidationError("Contains characters that are not allowed.")
    return value.strip()


class Text(fields.Field):
    """Trimmed, composed text of `low` to `high` characters, as plain text: it is escaped wherever it is shown.

    Args:
        high: the most characters, after trimming.
        low: the fewest; 1 refuses a blank.
        multiline: whether line breaks may stand in it.
        blank_as_none: store a blank as nothing.
    """

    def __init__(self, high: int = 255, *, low: int = 0, multiline: bool = False, blank_as_none: bool = False, **kwargs: Any):
        if blank_as_none:
            kwargs.setdefault("allow_none", True)
        super().__init__(**kwargs)
        self.high, self.low, self.multiline, self.blank_as_none = high, low, multiline, blank_as_none
        self.metadata = {"type": "string", **({} if kwargs.get("load_only") else {"maxLength": high}), **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str):
            raise ValidationError("Not a valid string.")
        value = clean_text(value, multiline=self.multiline)
        if not value and self.blank_as_none:
            return None
        if len(value) < self.low:
            raise ValidationError("This must not be blank." if self.low == 1 else f"Shorter than minimum length {self.low}.")
        if len(value) > self.high:
            raise ValidationError(f"Longer than maximum length {self.high}.")
        return value

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class Secret(fields.Field):
    """A password or code exactly as typed: no trimming, no composing, bounded so that hashing cannot be abused."""

    def __init__(self, high: int = 256, **kwargs: Any):
        super().__init__(load_only=True, **kwargs)
        self.high = high
        self.metadata = {**self.metadata, "type": "string", "maxLength": high}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or "\x00" in value or _has_surrogate(value):
            raise ValidationError("Not a valid string.")
        if not 1 <= len(value) <= self.high:
            raise ValidationError(f"Must be 1 to {self.high} characters.")
        return value


def _has_surrogate(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


class Whole(fields.Integer):
    """A whole number given as a number (in a query: as digits), between `low` and `high`."""

    def __init__(self, low: int = 0, high: int = MAX_ID, *, strict: bool = True, **kwargs: Any):
        kwargs.setdefault("validate", validate.Range(low, high))
        super().__init__(strict=strict, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value.strip())):
            raise ValidationError("Not a valid integer.")
        return super()._deserialize(value, attr, data, **kwargs)


class Id(Whole):
    """A positive 32-bit id."""

    def __init__(self, **kwargs: Any):
        super().__init__(1, MAX_ID, **kwargs)


class Instant(fields.Field):
    """An ISO 8601 instant with its zone, kept in UTC; years 2000 to 2100."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "format": "date-time", **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        return parse_instant(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_instant(value: Any) -> datetime:
    """Return the aware UTC instant of an ISO 8601 text; ValidationError when it is none or has no zone."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValidationError("Not a valid date and time.") from error
    if instant.tzinfo is None:
        raise ValidationError("The time needs its zone, for example +08:00 or Z.")
    try:
        instant = instant.astimezone(UTC)
    except OverflowError as error:
        raise ValidationError("Not a valid date and time.") from error
    if not 2000 <= instant.year <= 2100:
        raise ValidationError("The year must be between 2000 and 2100.")
    return instant


class Day(fields.Date):
    """A calendar date, yyyy-mm-dd, of the years 1900 to 2100."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValidationError("Not a valid date: use yyyy-mm-dd.")
        day = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= day.year <= 2100:
            raise ValidationError("The year must be between 1900 and 2100.")
        return day


def exact(value: Any, *, places: int, low: PyDecimal, high: PyDecimal) -> PyDecimal:
    """Return `value` as an exact decimal with at most `places` decimals between `low` and `high`; ValidationError else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValidationError("Not a valid number.")
    try:
        number = PyDecimal(str(value).strip()) if len(str(value)) <= 32 else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValidationError("Not a valid number.")
    if not low <= number <= high:
        raise ValidationError(f"Must be between {low} and {high}.")
    if number != round(number, places):
        raise ValidationError(f"At most {places} decimals.")
    return number


class PageSize(fields.Field):
    """How many rows a page may have: at least one; more than the most a list gives is that most, never an error."""

    def __init__(self, most: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.most = most
        self.metadata = {**self.metadata, "type": "integer", "minimum": 1}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"0*[1-9][0-9]{0,99}", str(value)):
            raise ValidationError("Not a valid page size: use a whole number from 1.")
        return min(int(value), self.most)


class PageArgs(LooseSchema):
    """The paging parameters of every list; page_size above 100 is clamped, not refused. `listed` adds sort and fields."""

    page = Whole(1, 1_000_000, strict=False, load_default=1)
    page_size = PageSize(MAX_PAGE_SIZE, load_default=20)
    cursor = Text(1024, load_default=None)


class ErrorSchema(ma.Schema):
    """The one error shape."""

    error = fields.String(required=True)
    message = fields.String(required=True)
    code = fields.String(required=True)
    details = fields.Dict(required=True)
    request_id = fields.String(required=True)
