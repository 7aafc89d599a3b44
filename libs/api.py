"""flask-smorest with our one error shape: its own handlers left out, every operation documenting the errors it may answer."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api

from libs.schemas import ErrorSchema

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
_METHODS = {"get", "post", "put", "patch", "delete"}


class HouseApi(Api):
    """An Api whose errors are answered by `libs.error_handlers` alone."""

    def __init__(self, app: Flask) -> None:
        scheme = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        super().__init__(app, spec_kwargs={"components": {"securitySchemes": scheme}, "security": [{"bearer": []}]})
        self.spec.components.schema("ProblemBody", schema=ErrorSchema)

    def _register_error_handlers(self) -> None:
        # A second set of handlers would give a second error shape.
        return

    def document_errors(self) -> None:
        """Add the shared error answers to every operation registered so far."""
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
        for path in self.spec._paths.values():
            for method, operation in path.items():
                if method in _METHODS:
                    responses = operation.setdefault("responses", {})
                    responses.pop("default", None)
                    for status, description in ERROR_STATUSES.items():
                        responses.setdefault(str(status), {"description": description, "content": content})
                        if "$ref" in str(responses[str(status)].get("$ref", "")):
                            responses[str(status)] = {"description": description, "content": content}
