"""What every answer wears, who may ask from where, and what the gateway answers itself."""

from __future__ import annotations

import json
import statistics
import time

import pytest
import redis

from cli.local.ports import free_port
from libs.metrics import CACHES, Recorder
from tests.support.gateway_process import Gateway, Process

APP = "https://app.rotc.test"
PATHS = (
    "/api/v1/cadets",
    "/api/v1/nothing",
    "/api/health",
    "/api/docs",
    "/api/openapi.json",
    "/",
    "/roster/cadets/7",
    "/livez",
    "/nothing.png",
)


@pytest.mark.requirement("19.3", "19.4")
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_wears_the_security_headers(gateway: Gateway, path: str) -> None:
    for user in (1, None):
        headers = gateway.ask("GET", path, as_user=user).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "Referrer-Policy" in headers
        assert "Permissions-Policy" in headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Request-ID"]
        assert "gunicorn" not in headers.get("Server", "").lower()


@pytest.fixture
def production(start_gateway, echo: Process, redis_client: redis.Redis) -> Gateway:
    return start_gateway(
        echo.port,
        RGMS_ENV="production",
        ALLOWED_HOSTS="rgms.example.org",
        PUBLIC_URL="https://rgms.example.org",
        CORS_ALLOWED_ORIGINS="https://rgms.example.org",
        TRUSTED_HOPS="1",
        RGMS_BIND="127.0.0.1",
        WEB_CONCURRENCY="1",
    )


HTTPS = {"Host": "rgms.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
HTTP = HTTPS | {"X-Forwarded-Proto": "http"}


@pytest.mark.requirement("19.1")
def test_plain_http_is_sent_to_https(production: Gateway) -> None:
    for path in ("/", "/api/v1/cadets?page=2", "/api/docs"):
        answer = production.ask("GET", path, headers=HTTP)
        assert (answer.status, answer.headers["Location"]) == (301, f"https://rgms.example.org{path}")
    assert production.ask("POST", "/api/v1/cadets", headers=HTTP, body=b"{}").status == 308
    assert production.ask("GET", "/livez", headers={"Host": "10.1.2.3"}).status == 200


@pytest.mark.requirement("19.2")
def test_https_answers_carry_strict_transport_security(production: Gateway) -> None:
    for path in ("/", "/api/v1/cadets", "/api/v1/nothing", "/api/health"):
        assert "max-age=31536000" in production.ask("GET", path, headers=HTTPS).headers["Strict-Transport-Security"]


def test_a_claim_of_https_is_not_believed_without_a_trusted_proxy(gateway: Gateway) -> None:
    assert "Strict-Transport-Security" not in gateway.ask("GET", "/", headers={"X-Forwarded-Proto": "https"}).headers


@pytest.mark.requirement("25.3")
@pytest.mark.parametrize("path", ["/", "/api/v1/cadets", "/api/health"])
def test_only_the_named_hosts_are_served(production: Gateway, path: str) -> None:
    assert production.ask("GET", path, headers=HTTPS).status in (200, 503)
    for host in ("evil.example", "rgms.example.org.evil.example", "localhost"):
        answer = production.ask("GET", path, headers=HTTPS | {"Host": host})
        assert (answer.status, json.loads(answer.data)["code"]) == (400, "host_not_allowed")


@pytest.mark.requirement("25.2")
def test_production_says_nothing_of_its_insides(production: Gateway) -> None:
    for path in ("/api/v1/nothing", "/nothing.png", "/api/v1/cadets/%00"):
        body = production.ask("GET", path, headers=HTTPS).data
        assert b"Traceback" not in body
        assert b"File " not in body


ASKED = ("authorization", "content-type", "x-requested-with", "idempotency-key", "if-match")


@pytest.mark.requirement("30.1", "30.3", "30.4", "30.5")
def test_a_preflight_of_an_allowed_origin_is_granted(gateway: Gateway) -> None:
    asked = {"Origin": APP, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": ", ".join(ASKED)}
    for path in ("/api/v1/cadets/7", "/api/health"):
        headers = gateway.ask("OPTIONS", path, as_user=None, headers=asked).headers
        assert headers["Access-Control-Allow-Origin"] == APP
        assert headers["Access-Control-Allow-Credentials"] == "true"
        assert set(headers["Access-Control-Allow-Methods"].split(", ")) == {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
        assert set(headers["Access-Control-Allow-Headers"].split(", ")) == set(ASKED)
        assert 0 < int(headers["Access-Control-Max-Age"]) <= 3600


@pytest.mark.requirement("19.6", "30.2")
@pytest.mark.parametrize("origin", ["https://evil.example", "null", APP + ".evil.example"])
def test_another_origin_is_granted_nothing(gateway: Gateway, origin: str) -> None:
    for method in ("OPTIONS", "GET"):
        headers = gateway.ask(method, "/api/v1/cadets", headers={"Origin": origin}).headers
        assert not [name for name in headers if name.lower().startswith("access-control-")]
        assert headers["Vary"] == "Origin"


@pytest.mark.requirement("30.2")
@pytest.mark.parametrize("user", [1, None])
def test_an_allowed_origin_can_read_answers_and_refusals(gateway: Gateway, user: int | None) -> None:
    headers = gateway.ask("GET", "/api/v1/cadets", as_user=user, headers={"Origin": APP}).headers
    assert headers["Access-Control-Allow-Origin"] == APP
    assert "ETag" in headers["Access-Control-Expose-Headers"]


@pytest.mark.requirement("1.3", "15.1")
def test_health_names_every_part(gateway: Gateway) -> None:
    answer = gateway.ask("GET", "/api/health", as_user=None)
    report = json.loads(answer.data)
    assert (answer.status, report["status"]) == (200, "healthy")
    assert set(report) == {"status", "timestamp", "version", "environment", "services"}
    parts = {"database", "redis", "celery", "auth", "roster", "grading", "media", "realtime", "sockets", "tasks"}
    assert set(report["services"]) == parts
    assert all(part["status"] == "healthy" for part in report["services"].values())


@pytest.mark.requirement("15.5")
def test_a_part_that_is_down_makes_the_whole_unhealthy_and_is_named(
    start_gateway, echo: Process, redis_client: redis.Redis
) -> None:
    gateway = start_gateway(echo.port, GRADING_URL=f"http://127.0.0.1:{free_port()}")
    answer = gateway.ask("GET", "/api/health", as_user=None)
    report = json.loads(answer.data)
    assert (answer.status, report["status"]) == (503, "unhealthy")
    assert report["services"]["grading"]["details"]
    assert report["services"]["roster"]["status"] == "healthy"


def test_health_answers_in_milliseconds_however_often_it_is_asked(gateway: Gateway) -> None:
    def asked() -> float:
        started = time.perf_counter()
        gateway.ask("GET", "/api/health", as_user=None)
        return time.perf_counter() - started

    gateway.ask("GET", "/api/health", as_user=None)
    assert statistics.median(asked() for _ in range(41)) < 0.05


def test_the_portal_works_offline_and_within_our_policy(gateway: Gateway) -> None:
    page = gateway.ask("GET", "/api/docs", as_user=None)
    text = page.data.decode()
    assert page.status == 200
    assert "http://" not in text
    assert "https://" not in text
    assert "<script>" not in text
    for asset in ("index.css", "swagger-ui.css", "swagger-ui-bundle.js", "start.js", "favicon-32x32.png"):
        assert f"/api/docs/assets/{asset}" in text
        assert gateway.ask("GET", f"/api/docs/assets/{asset}", as_user=None).status == 200
    assert gateway.ask("GET", "/api/docs/assets/../app.py", as_user=None).status == 404


def test_the_description_holds_public_paths_only(gateway: Gateway) -> None:
    paths = json.loads(gateway.ask("GET", "/api/openapi.json", as_user=None).data)["paths"]
    assert set(paths) == {"/api/health", "/api/v1/metrics", "/api/v1/cadets"}


@pytest.mark.parametrize("service", ["auth", "roster", "grading", "media", "realtime", "tasks"])
def test_each_services_own_description_can_be_reached_and_is_linked(gateway: Gateway, service: str) -> None:
    document = json.loads(gateway.ask("GET", f"/api/docs/{service}/openapi.json", as_user=None).data)
    assert document["info"]["title"] == f"RGMS {service}"
    assert set(document["paths"]) == {"/api/v1/cadets"}
    assert f'href="/api/docs/{service}/openapi.json"' in gateway.ask("GET", "/api/docs", as_user=None).data.decode()


def test_a_description_of_nobody_is_404_and_of_a_service_that_is_away_503(start_gateway, echo, redis_client) -> None:
    gateway = start_gateway(echo.port, MEDIA_URL=f"http://127.0.0.1:{free_port()}")
    assert gateway.ask("GET", "/api/docs/nobody/openapi.json", as_user=None).status == 404
    assert gateway.ask("GET", "/api/docs/media/openapi.json", as_user=None).status == 503
    assert gateway.ask("GET", "/api/docs/roster/openapi.json", as_user=None).status == 200


@pytest.mark.requirement("17.1", "17.2")
def test_every_request_is_counted_and_an_admin_can_read_the_times(gateway: Gateway) -> None:
    def counted(admin: int) -> dict:
        answer = gateway.ask("GET", "/api/v1/metrics", as_user=admin)
        assert answer.status == 200, answer.data
        return json.loads(answer.data)["routes"].get("read terms", {"requests": 0})

    before = counted(1)["requests"]
    for _ in range(7):
        gateway.ask("GET", "/api/v1/terms")
    after = counted(1)
    assert after["requests"] == before + 7
    assert 0 < after["median_ms"] <= after["p95_ms"] <= after["p99_ms"]
    assert after["mean_ms"] > 0


def test_an_admin_reads_how_often_each_service_answered_from_its_cache(gateway: Gateway, redis_client) -> None:
    for service, hits, misses in (("roster", 7, 1), ("grading", 3, 0), ("roster", 1, 1)):
        counts = Recorder(redis_client, CACHES)
        counts.count(service, "hits", hits)
        counts.count(service, "misses", misses)
        counts.flush()

    caches = json.loads(gateway.ask("GET", "/api/v1/metrics", as_user=1).data)["caches"]
    assert caches == {
        "grading": {"hits": 3, "misses": 0, "hit_rate": 1.0},
        "roster": {"hits": 8, "misses": 2, "hit_rate": 0.8},
    }


@pytest.mark.requirement("9.4")
@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("staff", 403), ("cadet", 403)])
def test_metrics_are_for_admins(gateway: Gateway, role: str, status: int) -> None:
    answer = gateway.ask("GET", "/api/v1/metrics", as_user=None, headers=gateway.token(8, role))
    assert answer.status == status
    assert gateway.ask("GET", "/api/v1/metrics", as_user=None).status == 401
