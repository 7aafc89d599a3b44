"""flask-smorest with our one error shape: its own handlers left out, every operation documenting the errors it may answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Request
from flask_smorest import Api
from flask_smorest.arguments import ArgumentsMixin
from webargs import missing
from webargs.flaskparser import is_json_request

from libs.web.auth import Mount
from libs.web.errors import BadRequest
from libs.web.jsonio import loads
from libs.web.schemas import ErrorSchema

ERROR_STATUSES = {
    400: "The request could not be read.",
    401: "No token, an expired one, or one of a session that was signed out.",
    403: "The account lacks the permission.",
    404: "Nothing here that the caller may see.",
    405: "This address does not take that method.",
    409: "A clash with what is stored.",
    412: "The version in If-Match is not the current one.",
    413: "The body is too large.",
    415: "The content type is not accepted.",
    422: "Fields that need mending; `details` maps each to its messages.",
    429: "Too many requests; see Retry-After.",
    503: "A dependency does not answer; see Retry-After.",
}
_PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")
_METHODS = {"get", "post", "put", "patch", "delete"}


class ServiceApi(Api):
    """An Api whose errors are answered by `libs.web.error_handlers` alone."""

    def __init__(self, app: Flask) -> None:
        scheme = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        super().__init__(app, spec_kwargs={"components": {"securitySchemes": scheme}, "security": [{"bearer": []}]})
        self.spec.components.schema("ProblemBody", schema=ErrorSchema)
        # One parser serves every blueprint and is held by views that were decorated before we come here.
        ArgumentsMixin.ARGUMENTS_PARSER._raw_load_json = _load_json

    def _register_error_handlers(self) -> None:
        # A second set of handlers would give a second error shape.
        return

    def document_permissions(self, mounts: Mapping[str, Mount]) -> None:
        """Name what each operation asks of its caller, so that nobody changes that unseen.

        Args:
            mounts: by the name of the blueprint.
        """
        for rule in self._app.url_map.iter_rules():
            own = getattr(self._app.view_functions[rule.endpoint], "rgms_permission", None)
            operations = self.spec._paths.get(_PARAMETER.sub(r"{\1}", rule.rule), {})
            for method in (rule.methods or set()) & {name.upper() for name in operations}:
                mount = mounts[rule.endpoint.rpartition(".")[0]]
                operations[method.lower()]["x-permission"] = own or mount.permission(method)

    def document_rows(self) -> None:
        """Describe the whole row of each list; the list itself may answer a part of it."""
        known = self.spec.components.schemas
        for view in self._app.view_functions.values():
            row = getattr(view, "rgms_row", None)
            if row is not None and (name := row.__name__.removesuffix("Schema")) not in known:
                self.spec.components.schema(name, schema=row)

    def document_errors(self) -> None:
        """Refer every operation registered so far to the shared error answers."""
        for status, description in ERROR_STATUSES.items():
            content = {"application/json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
            self.spec.components.responses[f"Problem{status}"] = {"description": description, "content": content}
        for path in self.spec._paths.values():
            for method, operation in path.items():
                if method in _METHODS:
                    responses = operation.setdefault("responses", {})
                    responses.pop("default", None)
                    for status in ERROR_STATUSES:
                        known = responses.get(str(status))
                        # What flask-smorest documented by itself is a reference to its own error shape.
                        if known is None or isinstance(known, str) or "$ref" in known:
                            responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
        for unused in (self.spec.components.responses, self.spec.components.schemas):
            # Python 3.13 gave some statuses other names, and the description must be the same under each.
            for name in (HTTPStatus(422).name, "DEFAULT_ERROR", "Error"):
                unused.pop(name, None)


def _load_json(request: Request) -> Any:
    """Return the JSON value of a body, or `missing` when there is none.

    webargs reads with the standard parser, which a body nested 5,000 levels deep or a number of 5,000 digits turns into a
    500, and which takes NaN for a number; orjson refuses all three, in a third of the time.
    """
    raw = request.get_data(cache=True)
    if not is_json_request(request) or not raw.strip():
        return missing
    try:
        return loads(raw)
    except ValueError as error:
        raise BadRequest("The body is not valid JSON.") from error
