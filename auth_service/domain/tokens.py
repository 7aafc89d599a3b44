"""Opaque tokens: what is stored of them, and how a refresh token's successor follows from it."""

import base64
import hashlib
import hmac


def fingerprint(token: str) -> str:
    """Return what is stored of a token of 256 random bits: enough to find it, nothing to use it with."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_fingerprint(secret: str, purpose: str, value: str) -> str:
    """Return what is stored of a short value (a code, a typed name): without the key it cannot be found by trying all."""
    return hmac.new(secret.encode(), f"{purpose}\n{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def successor(secret: str, token: str, nonce: str) -> str:
    """Return the refresh token that follows ``token``.

    It takes the presented token, the nonce in the database and the signing key together, so that a double submit can be given
    the same successor although no token is stored, and a stolen database or a stolen old token alone yields nothing.
    """
    digest = hmac.new(secret.encode(), f"refresh\n{nonce}\n{token}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def client_fingerprint(address: str, user_agent: str) -> str:
    """Return the mark by which two requests of one device are known as such for a few seconds."""
    return hashlib.sha256(f"{address}\n{user_agent}".encode("utf-8", "surrogatepass")).hexdigest()
