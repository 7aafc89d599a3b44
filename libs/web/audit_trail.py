"""The HTTP side of the audit: who acts in a request, what was refused, and the list that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request
from flask_smorest import Blueprint
from marshmallow import fields, validate

from libs.contracts.services import BY_NAME
from libs.data import audit
from libs.data.audit import ACTIONS, AuditEntryMixin
from libs.web.auth import Mount, act_as
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.lists import INSTANT, INTEGER, TEXT, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import page_of
from libs.web.schemas import Instant, PageArgs, Schema, Text

FIELDS = ("id", "at", "actor_id", "actor", "action", "object", "object_id", "before", "after", "request_id", "address")


class AuditEntrySchema(Schema):
    """One change of a row, one hand-out of personal data or one refused write."""

    id = fields.Integer()
    at = Instant()
    actor_id = fields.Integer(
        allow_none=True, metadata={"description": "the account; null for a stranger, a service or a command"}
    )
    actor = fields.String(metadata={"description": "its user name at that time, or what acted instead of a person"})
    action = fields.String(validate=validate.OneOf(ACTIONS))
    object = fields.String(metadata={"description": "the kind of thing: a table, a file, or the route that refused"})
    object_id = fields.String()
    before = fields.Dict(metadata={"description": "the columns that changed, as they were; values of private ones are not shown"})
    after = fields.Dict(metadata={"description": "the columns that changed, as they are; values of private ones are not shown"})
    request_id = fields.String()
    address = fields.String()


class AuditListArgs(PageArgs):
    """Whose entries, of what, from when to when."""

    actor_id = fields.Integer(validate=validate.Range(1, 2**31 - 1))
    action = fields.String(validate=validate.OneOf(ACTIONS))
    object_ = Text(63, data_key="object")
    object_id = Text(200)
    since = Instant(metadata={"description": "this instant or later"})
    until = Instant(metadata={"description": "before this instant"})


def install(app: Flask, model: type[AuditEntryMixin]) -> None:
    """Keep every change of a row of `app`, and every write that was refused for want of a right."""
    audit.install(app, model)

    @app.after_request
    def note_refusal(response: Response) -> Response:
        if response.status_code == 403 and request.method not in {"GET", "HEAD", "OPTIONS"}:
            key = ",".join(str(value) for value in (request.view_args or {}).values())
            audit.note(audit.REFUSED, request.endpoint or "", key, {"method": request.method})
        return response


def handed_out(what: str, key: object = "", facts: Mapping[str, Any] | None = None) -> None:
    """Note that the person of this request was given personal data, `what` and which of them."""
    if "principal" in g:
        act_as(g.principal)
    audit.note(audit.HANDED_OUT, what, key, facts)


def listing_of(schema: str) -> Listing:
    """Return the list of a schema's audit entries, the newest first."""
    return Listing(
        source=f"{schema}.audit_entry t",
        id=Key("t.id", INTEGER),
        fields=columns_of("t", FIELDS),
        sorts={"at": (Key("t.at", INSTANT),), "object": (Key("t.object", TEXT), Key("t.object_id", TEXT))},
        default_sort="-at",
        instants=("at",),
    )


def audit_mount(service: str) -> Mount:
    """Return the route by which administrators read the audit entries of `service`."""
    listing = listing_of(BY_NAME[service].schema or "")
    blueprint = Blueprint("audit", __name__, url_prefix="/api/v1/audit", description="Who changed what")

    @blueprint.get(f"/{service}", endpoint=f"list_{service}_audit")
    @listed(blueprint, listing, AuditListArgs, AuditEntrySchema)
    def list_audit(args: dict[str, Any]) -> Response:
        """Return a page of who changed what, the newest first."""
        wanted = Filter().equal(
            t_actor_id=args.get("actor_id"),
            t_action=args.get("action"),
            t_object=args.get("object_") or None,
            t_object_id=args.get("object_id") or None,
        )
        for name, sign in (("since", ">="), ("until", "<")):
            if moment := args.get(name):
                wanted.conditions.append(f"t.at {sign} :{name}")
                wanted.values[name] = moment
        return json_response(page_bytes(listing, page_of(args), wanted))

    return Mount(blueprint, read="audit.read", write="audit.read")
