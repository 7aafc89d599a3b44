"""The names behind user ids: who recorded a fact."""

from typing import Any

from flask_smorest import Blueprint

from auth_service.queries.users import names_of
from auth_service.schemas.names import NamesArgs, NamesSchema
from libs.web.auth import Mount
from libs.web.jsonio import json_response

blueprint = Blueprint("names", __name__, url_prefix="/api/v1/auth/names", description="Names of colleagues")
mount = Mount(blueprint, read="grading.read", write="grading.read")


@blueprint.get("")
@blueprint.arguments(NamesArgs, location="query")
@blueprint.response(200, NamesSchema)
def get_names(args: dict[str, Any]):
    """Return the names of up to 100 accounts; who has none is left out."""
    return json_response({"names": names_of(args["ids"])})
