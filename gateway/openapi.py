"""Merges the services' OpenAPI descriptions into one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.route_table import PREFIX, RouteTable

_REFERENCE = re.compile(r"^#/components/(\w+)/(.+)$")
_ERROR = {
    "type": "object",
    "required": ["error", "message", "code", "details", "request_id"],
    "properties": {
        "error": {"type": "string"},
        "message": {"type": "string"},
        "code": {"type": "string", "description": "Stable; rely on this one."},
        "details": {"type": "object", "additionalProperties": True},
        "request_id": {"type": "string"},
    },
}


def merged(
    documents: Mapping[str, Mapping[str, Any] | None], version: str, own_paths: Mapping[str, Any], title: str = "RGMS"
) -> dict[str, Any]:
    """Return one description of everything that can be reached from outside.

    Args:
        documents: each service's own description, or None when it did not answer.
        own_paths: the operations that the gateway answers itself.
    """
    table = RouteTable()
    paths: dict[str, Any] = dict(own_paths)
    components: dict[str, dict[str, Any]] = {
        "schemas": {"RgmsError": _ERROR},
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    }
    tags: dict[str, dict[str, Any]] = {}
    for service, document in documents.items():
        if document is None:
            continue
        names = _names(service, document, components)
        for kind, entries in document.get("components", {}).items():
            for name, entry in entries.items():
                components.setdefault(kind, {}).setdefault(names[kind, name], _renamed(entry, names))
        for path, item in document.get("paths", {}).items():
            # Internal operations and those without a public route are nobody's business.
            if path.startswith(PREFIX) and table.find(re.sub(r"\{[^}]*\}", "x", path)):
                paths[path] = _renamed(item, names)
        for tag in document.get("tags", ()):
            tags.setdefault(tag["name"], tag)
    missing = sorted(service for service, document in documents.items() if document is None)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "version": version,
            "description": "ROTC Grading Management System. Sign in at /api/v1/auth/login and send the token as a bearer token."
            + (f" Not answering just now, so left out: {', '.join(missing)}." if missing else ""),
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": sorted(tags.values(), key=lambda tag: tag["name"]),
        "paths": dict(sorted(paths.items())),
        "components": components,
    }


def _names(service: str, document: Mapping[str, Any], taken: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Return the name that each component gets: its own, or one with the service in front when another thing has it."""
    names = {}
    for kind, entries in document.get("components", {}).items():
        for name, entry in entries.items():
            other = taken.get(kind, {}).get(name)
            names[kind, name] = name if other is None or other == entry else f"{service.capitalize()}{name}"
    return names


def _renamed(value: Any, names: Mapping[tuple[str, str], str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _reference(inner, names) if key == "$ref" else _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return value


def _reference(target: Any, names: Mapping[tuple[str, str], str]) -> Any:
    found = _REFERENCE.match(target) if isinstance(target, str) else None
    if found is None:
        return target
    kind, name = found.groups()
    return f"#/components/{kind}/{names.get((kind, name), name)}"
