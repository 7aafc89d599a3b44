"""Addresses in their shortest form, and what is counted as one."""

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


@functools.lru_cache(maxsize=8192)
def limit_subject(address: str) -> str:
    """Return the name under which an address is counted: itself, or its /64 for IPv6, which is one household."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address) + "/64"
