"""Every event of RGMS: its name, the builder of its data, and the channels that may see it; a module for each owner.

Pure. Whoever writes an event builds its data with these builders, inside its transaction; whoever reads one knows its shape from
here. An event on the wire is {id, type, data, occurred_at, schema}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.contracts.events import auth, grading, jobs, messaging, roster
from libs.contracts.events.delivery import Delivery, EventType

OWNERS = (roster, auth, grading, messaging, jobs)
EVENT_TYPES: Mapping[str, EventType] = {name: kind for owner in OWNERS for name, kind in owner.EVENT_TYPES.items()}


def channels_for(event: Mapping[str, Any]) -> list[Delivery]:
    """Return what each channel receives of `event`; nothing for a type this release does not know.

    Fails closed: an unknown type reaches nobody. A person's channels are disjoint, so nobody receives an event twice.
    """
    kind = EVENT_TYPES.get(event["type"])
    return kind.deliver(event["data"]) if kind else []
