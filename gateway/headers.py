"""Security headers of every answer (criterion 19), hardened cookies, and the redirect to https."""

from __future__ import annotations

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
_PAGE = (
    *_EVERYWHERE,
    (
        "Content-Security-Policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'",
    ),
)
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
PAGE_HEADERS = {"http": list(_PAGE), "https": [*_PAGE, HSTS]}


def harden_cookie(value: str) -> str:
    """Return a Set-Cookie value with Secure, HttpOnly and a SameSite (criterion 19.5)."""
    present = {part.strip().partition("=")[0].lower() for part in value.split(";")[1:]}
    for attribute, text in (("secure", "Secure"), ("httponly", "HttpOnly"), ("samesite", "SameSite=Lax")):
        if attribute not in present:
            value += f"; {text}"
    return value


def page_starter(start_response: StartResponse, scheme: str, more: HeaderList) -> StartResponse:
    """Return a start_response that adds the headers of a page, and `more`, unless the answer has its own."""

    def start(status: str, headers: HeaderList, exc_info: object = None) -> object:
        own = [
            (name, harden_cookie(value) if name.lower() == "set-cookie" else value)
            for name, value in headers
            if name.lower() not in OWNED
        ]
        return start_response(status, [*own, *PAGE_HEADERS[scheme], *more], exc_info)

    return start


def to_https(environ: Environ, start_response: StartResponse, host: str) -> list[bytes]:
    """Send the client to the same address over https; 308 keeps the method and body of a write."""
    target = environ["PATH_INFO"] if "RAW_URI" not in environ else environ["RAW_URI"].partition("?")[0]
    query = environ.get("QUERY_STRING", "")
    location = f"https://{host}{target}" + (f"?{query}" if query else "")
    status = "301 Moved Permanently" if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else "308 Permanent Redirect"
    start_response(status, [("Location", location), ("Content-Length", "0"), *DATA_HEADERS["http"]])
    return [b""]
