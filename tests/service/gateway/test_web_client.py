"""The built client: deep links, a year of caching for hashed assets, compressed copies, and JSON for unknown API paths."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import brotli
import pytest
import redis

from tests.support.gateway_process import Gateway, Process

SCRIPT = b"console.log('rgms');\n" * 500
PAGE = b"<!doctype html><title>RGMS</title>" + b"<p>cadets</p>" * 100


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    (folder / "index.html").write_bytes(PAGE)
    (folder / "assets" / "main-B1x9_aQz.js").write_bytes(SCRIPT)
    (folder / "crest.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    return folder


@pytest.fixture
def site(start_gateway, echo: Process, redis_client: redis.Redis, dist: Path) -> Gateway:
    return start_gateway(echo.port, CLIENT_DIST=str(dist))


@pytest.mark.requirement("23.1", "23.2")
def test_hashed_assets_are_kept_for_a_year(site: Gateway) -> None:
    answer = site.ask("GET", "/assets/main-B1x9_aQz.js", as_user=None)
    assert answer.status == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.requirement("23.3", "23.4")
@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_compressed_copies_are_made_and_served_to_who_takes_them(site: Gateway, dist: Path, encoding: str, unpack) -> None:
    answer = site.ask(
        "GET", "/assets/main-B1x9_aQz.js", as_user=None, headers={"Accept-Encoding": encoding}, decode_content=False
    )
    assert answer.headers["Content-Encoding"] == encoding
    assert unpack(answer.data) == SCRIPT
    assert len(answer.data) < len(SCRIPT) / 10
    plain = site.ask("GET", "/assets/main-B1x9_aQz.js", as_user=None, headers={"Accept-Encoding": "identity"})
    assert plain.data == SCRIPT
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/gradebook/12?company=Alpha", "/cadets/7/grade", "/index.html"])
def test_deep_links_serve_the_page_and_are_never_cached(site: Gateway, path: str) -> None:
    answer = site.ask("GET", path, as_user=None)
    assert (answer.status, answer.data) == (200, PAGE)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/nothing",
        "/api/v1/nothing",
        "/assets/gone-00000000.js",
        "/gone.png",
        "/internal/x",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_what_is_not_there_is_a_json_404_and_never_the_page(site: Gateway, path: str) -> None:
    answer = site.ask("GET", path, as_user=None)
    assert answer.status == 404
    assert json.loads(answer.data)["code"] == "not_found"


def test_a_write_to_a_page_is_refused(site: Gateway) -> None:
    assert site.ask("POST", "/sign-in", as_user=None, body=b"x").status == 405


def test_without_a_build_a_plain_page_says_what_to_do(
    start_gateway, echo: Process, redis_client: redis.Redis, tmp_path: Path
) -> None:
    answer = start_gateway(echo.port, CLIENT_DIST=str(tmp_path / "none")).ask("GET", "/", as_user=None)
    assert answer.status == 503
    assert b"./rgms up" in answer.data
