"""Terms and their policies."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from grading_service.access import access_term
from grading_service.operations import terms as operations
from grading_service.queries.policies import policy_rules
from grading_service.queries.terms import TERMS, terms_page
from grading_service.schemas.terms import PolicySchema, TermChanges, TermFields, TermSchema
from libs import clock
from libs.web.auth import AUTHENTICATED, Mount, current_principal
from libs.web.cache import cached_list
from libs.web.etag import etag_for, if_match
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from libs.web.schemas import PageArgs

blueprint = Blueprint("terms", __name__, url_prefix="/api/v1/terms", description="Terms")
# A term holds nothing personal, and a cadet needs it to ask for the own grade.
mount = Mount(blueprint, read=AUTHENTICATED, write="terms.manage")


@blueprint.get("")
@cached_list("terms")
@listed(blueprint, TERMS, PageArgs, TermSchema)
@blueprint.alt_response(304, description="The list is still the one of If-None-Match.")
def list_terms(args: dict[str, Any]):
    """List terms, the newest first."""
    return json_response(terms_page(page_of(args)))


@blueprint.post("")
@blueprint.arguments(TermFields)
@idempotent
@blueprint.response(201, TermSchema)
def create_term(fields: dict[str, Any]):
    """Create a term; it is graded by the current policy."""
    term = operations.create_term(fields=fields, actor_id=current_principal().user_id, now=clock.now())
    return json_response(term, 201, {"ETag": etag_for(term["version"])})


@blueprint.get("/<int:term_id>")
@blueprint.response(200, TermSchema)
def get_term(term_id: int):
    """Return one term."""
    term = access_term(term_id)
    return json_response(term, headers={"ETag": etag_for(term["version"])})


@blueprint.patch("/<int:term_id>")
@blueprint.arguments(TermChanges)
@idempotent
@blueprint.response(200, TermSchema)
def update_term(changes: dict[str, Any], term_id: int):
    """Change a term; If-Match guards against another's change."""
    term = operations.update_term(term_id=term_id, changes=changes, if_match=if_match(), now=clock.now())
    return json_response(term, headers={"ETag": etag_for(term["version"])})


@blueprint.get("/<int:term_id>/policy")
@cached_list("terms")
@blueprint.response(200, PolicySchema)
@blueprint.alt_response(304, description="The rules are still those of If-None-Match.")
def get_policy(term_id: int):
    """Return the rules by which a term is graded."""
    return json_response(policy_rules(access_term(term_id)["policy_version"]))
