"""The filters that lists share."""

from __future__ import annotations

from libs.web.schemas import Id, PageArgs


class TermPageArgs(PageArgs):
    """Of one term or of all."""

    term_id = Id(strict=False, load_default=None)


class TermCadetPageArgs(TermPageArgs):
    """Of one term or all, and of one cadet or all."""

    cadet_id = Id(strict=False, load_default=None)
