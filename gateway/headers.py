"""Security headers of every answer (criterion 19), hardened cookies, and the redirect to https."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.answers import Environ, HeaderList, StartResponse

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
    | {"server", "date", "x-powered-by", "x-request-id"}
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

DATA_HEADERS = {"http": list(_DATA), "https": [*_DATA, HSTS]}


def page_headers(api_origins: Iterable[str] = ()) -> dict[str, HeaderList]:
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
    page = [*_EVERYWHERE, ("Content-Security-Policy", policy)]
    return {"http": page, "https": [*page, HSTS]}


def harden_cookie(value: str) -> str:
    """Return a Set-Cookie value with Secure, HttpOnly and a SameSite (criterion 19.5)."""
    present = {part.strip().partition("=")[0].lower() for part in value.split(";")[1:]}
    for attribute, text in (("secure", "Secure"), ("httponly", "HttpOnly"), ("samesite", "SameSite=Lax")):
        if attribute not in present:
            value += f"; {text}"
    return value


def page_starter(start_response: StartResponse, more: HeaderList) -> StartResponse:
    """Return a start_response that adds `more` headers and drops what only the gateway decides."""

    def start(status: str, headers: HeaderList, exc_info: object = None) -> object:
        own = [
            (name, harden_cookie(value) if name.lower() == "set-cookie" else value)
            for name, value in headers
            if name.lower() not in OWNED
        ]
        return start_response(status, [*own, *more], exc_info)

    return start


def to_https(environ: Environ, start_response: StartResponse, host: str) -> list[bytes]:
    """Send the client to the same address over https; 308 keeps the method and body of a write."""
    target = environ["PATH_INFO"] if "RAW_URI" not in environ else environ["RAW_URI"].partition("?")[0]
    query = environ.get("QUERY_STRING", "")
    location = f"https://{host}{target}" + (f"?{query}" if query else "")
    status = "301 Moved Permanently" if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else "308 Permanent Redirect"
    start_response(status, [("Location", location), ("Content-Length", "0"), *DATA_HEADERS["http"]])
    return [b""]
