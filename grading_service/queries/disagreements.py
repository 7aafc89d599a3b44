"""Marks of one cadet on one day that two devices made without knowing of each other, until a correction settles them."""

from __future__ import annotations

from libs.web.lists import DAY, INSTANT, UUID_, Filter, Key, Listing, columns_of, instant_text, page_bytes
from libs.web.pagination import Page


def _said(alias: str) -> str:
    return f"""json_build_object('record_id', {alias}.id, 'status', {alias}.status, 'actor_id', {alias}.actor_id,
        'device_id', {alias}.device_id, 'occurred_at', {instant_text(f"{alias}.occurred_at")},
        'recorded_at', {instant_text(f"{alias}.recorded_at")})"""


# s stands, o does not; l is any other record of the same cell.
_SAME_CELL = """l.term_id = o.term_id AND l.cadet_id = o.cadet_id AND l.training_day_id = o.training_day_id
    AND l.kind = 'attendance' AND l.set_aside IS NULL AND l.id <> o.id"""
DISAGREEMENTS = Listing(
    source="""grading.record o
        JOIN grading.mark m ON m.training_day_id = o.training_day_id AND m.cadet_id = o.cadet_id AND m.record_id <> o.id
        JOIN grading.record s ON s.id = m.record_id
        JOIN grading.cadet_ref c ON c.id = o.cadet_id
        JOIN grading.training_day d ON d.id = o.training_day_id""",
    id=Key("o.id", UUID_),
    fields={
        **columns_of("o", ("id", "term_id", "training_day_id")),
        "date": "d.date",
        "day_title": "d.title",
        "cadet_id": "o.cadet_id",
        **columns_of("c", ("name", "company", "platoon")),
        "stands": _said("s"),
        "other": _said("o"),
    },
    sorts={
        "recorded_at": (Key("greatest(o.recorded_at, s.recorded_at)", INSTANT),),
        "date": (Key("d.date", DAY),),
        "name": (Key("c.sort_name"),),
    },
    default_sort="-recorded_at",
    instants=(),
)
_OPEN = (
    "o.kind = 'attendance' AND o.set_aside IS NULL AND NOT c.is_archived AND NOT d.is_cancelled",
    "o.status <> s.status AND (o.actor_id, o.device_id) <> (s.actor_id, s.device_id)",
    # Not what its own device said later, nor what somebody corrected who had seen it.
    f"""NOT EXISTS (SELECT FROM grading.record l WHERE {_SAME_CELL}
        AND (coalesce(l.supersedes, l.based_on) = o.id OR (l.actor_id, l.device_id) = (o.actor_id, o.device_id)
            AND (coalesce(l.ordered_at, l.occurred_at), l.device_seq, l.id)
                > (coalesce(o.ordered_at, o.occurred_at), o.device_seq, o.id)))""",
    # Nor what was there when somebody settled it.
    f"""NOT EXISTS (SELECT FROM grading.record l WHERE {_SAME_CELL}
        AND l.supersedes IS NOT NULL AND l.recorded_at >= o.recorded_at)""",
)


def disagreements_page(page: Page, *, term_id: int, training_day_id: int | None) -> bytes:
    """Return a page of the disagreements of a term as JSON: the mark that stands, and the other one.

    Of each device only what it said last is in the list, and nothing that a later writer had seen or that a correction settled.
    Marks of cancelled days and of archived cadets have no effect and are left out.
    """
    wanted = Filter(*_OPEN).equal(o_term_id=term_id, o_training_day_id=training_day_id)
    return page_bytes(DISAGREEMENTS, page, wanted)
