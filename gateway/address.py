"""Who really asks: the client's address and scheme, counted over the proxies we trust."""

from __future__ import annotations

import functools
import ipaddress


@functools.lru_cache(maxsize=8192)
def clean_address(raw: str) -> str:
    """Return the address in `raw` in its shortest form, without port or zone; an empty string when it is none."""
    text = raw.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def client_address(peer: str, forwarded_for: str, trusted_hops: int) -> str:
    """Return the client's address.

    Args:
        peer: the address of the TCP connection.
        forwarded_for: the X-Forwarded-For header; each proxy appended the address that it saw.
        trusted_hops: how many proxies of ours stand before this process. With none the header is a claim of the
            client's and is ignored; with n the n-th entry from the right was written by our outermost proxy.
    """
    if trusted_hops and forwarded_for:
        hops = forwarded_for.split(",")
        if len(hops) >= trusted_hops and (address := clean_address(hops[-trusted_hops])):
            return address
    return clean_address(peer) or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing listens there


def client_scheme(own: str, forwarded_proto: str, trusted_hops: int) -> str:
    """Return `http` or `https` as the client used it; a claim without a trusted proxy is ignored."""
    if trusted_hops and forwarded_proto:
        claims = forwarded_proto.split(",")
        return "https" if claims[-min(trusted_hops, len(claims))].strip().lower() == "https" else "http"
    return own


@functools.lru_cache(maxsize=8192)
def limit_subject(address: str) -> str:
    """Return the name under which an address is counted: itself, or its /64 for IPv6, which is one household."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address) + "/64"
