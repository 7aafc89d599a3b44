"""Security headers of every answer (criterion 19) and hardened cookies."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, Response, request

from gateway.request_context import current
from gateway.route_table import PREFIX
from libs.web.error_handlers import AGAIN_HEADER

Header = tuple[str, str]

HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
_EVERYWHERE = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    # The roll call may use the camera of the device for a cadet's code; nothing else is needed.
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
# An answer of the API is data: nothing in it may ever run or be framed.
_DATA = (*_EVERYWHERE, ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"))
# What the gateway decides itself, whatever a service sends. Date and Server come from the server that answers.
OWNED = frozenset(
    {name.lower() for name, _ in (*_DATA, HSTS)}
    | {"server", "date", "x-powered-by", "x-request-id", AGAIN_HEADER.lower()}
    | {
        f"access-control-{name}"
        for name in ("allow-origin", "allow-credentials", "allow-methods", "allow-headers", "expose-headers", "max-age")
    }
)
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
DROPPED = OWNED | HOP_BY_HOP

DATA_HEADERS = {"http": _DATA, "https": (*_DATA, HSTS)}


def page_headers(api_origins: Iterable[str] = ()) -> dict[str, tuple[Header, ...]]:
    """Return the headers of a page by the scheme it is shown over.

    Args:
        api_origins: where a client built for another origin (VITE_API_URL, VITE_WS_URL) finds its API and its sockets; an
            http or https origin also stands for the sockets of that host.
    """
    given = sorted(set(api_origins))
    web = [origin for origin in given if origin.startswith("http")]
    connect = " ".join(["'self'", *given, *(f"ws{origin.removeprefix('http')}" for origin in web)])
    images = " ".join(["'self'", "data:", "blob:", *web])
    policy = (
        f"default-src 'self'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; "
        f"connect-src {connect}; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    page = (*_EVERYWHERE, ("Content-Security-Policy", policy))
    return {"http": page, "https": (*page, HSTS)}


def harden_cookie(value: str, *, scheme: str = "https", cross_site: bool = False) -> str:
    """Return a Set-Cookie value with HttpOnly, Secure and a SameSite (criterion 19.5).

    Args:
        scheme: how the client came. Plain http, which real people are only served on the machine itself, can keep no Secure
            cookie in every browser.
        cross_site: it is for a page of another site that may call us; its browser keeps a cookie for that page alone.
    """
    present = {part.strip().partition("=")[0].lower() for part in value.split(";")[1:]}
    wanted = [("httponly", "HttpOnly")]
    if scheme == "https":
        wanted.append(("secure", "Secure"))
    if cross_site and scheme == "https":
        wanted += [("samesite", "SameSite=None"), ("partitioned", "Partitioned")]
    else:
        wanted.append(("samesite", "SameSite=Strict"))
    return "; ".join([value, *(text for attribute, text in wanted if attribute not in present)])


def install(app: Flask, api_origins: Iterable[str]) -> None:
    """Dress every answer of `app`: as data below /api/v1, as a page elsewhere."""
    pages = page_headers(api_origins)

    @app.after_request
    def dress(response: Response) -> Response:
        context = current()
        below_api = request.environ["PATH_INFO"].startswith(PREFIX)
        headers = response.headers
        headers.extend((DATA_HEADERS if below_api else pages)[context.scheme])
        headers.add("X-Request-ID", context.request_id)
        if below_api and "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store")
        return response
