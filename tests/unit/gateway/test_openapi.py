"""One description out of many: nothing internal in it, nothing lost to equal names."""

from __future__ import annotations

from gateway.openapi import merged


def document(path: str, schema: dict) -> dict:
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}
    return {
        "paths": {path: {"get": {"responses": answer}}, "/internal/cadets": {"get": {}}, "/readyz": {"get": {}}},
        "components": {"schemas": {"Thing": schema}, "responses": {"DEFAULT_ERROR": {"description": "error"}}},
        "tags": [{"name": path}],
    }


def reference(whole: dict, path: str) -> str:
    schema = whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    return schema.rsplit("/", 1)[1]


def test_two_different_things_of_one_name_both_survive() -> None:
    roster, grading = document("/api/v1/cadets/{cadet_id}", {"type": "object"}), document("/api/v1/terms", {"type": "string"})
    whole = merged({"roster": roster, "grading": grading}, "1", {})
    schemas = whole["components"]["schemas"]
    assert schemas[reference(whole, "/api/v1/cadets/{cadet_id}")] == {"type": "object"}
    assert schemas[reference(whole, "/api/v1/terms")] == {"type": "string"}


def test_equal_things_are_kept_once() -> None:
    same = {"type": "object"}
    whole = merged({"roster": document("/api/v1/cadets", same), "grading": document("/api/v1/terms", same)}, "1", {})
    assert reference(whole, "/api/v1/cadets") == reference(whole, "/api/v1/terms") == "Thing"


def test_only_what_can_be_reached_is_described() -> None:
    whole = merged({"roster": document("/api/v1/cadets", {}), "media": document("/api/v1/secret", {})}, "1", {"/api/health": {}})
    assert set(whole["paths"]) == {"/api/health", "/api/v1/cadets"}


def test_a_service_that_does_not_answer_is_named() -> None:
    whole = merged({"roster": None}, "1", {})
    assert "roster" in whole["info"]["description"]
