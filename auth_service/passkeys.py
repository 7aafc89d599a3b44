"""Passkeys: what a browser is asked, and whether its answer is good, by the `webauthn` library."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from libs.config import Settings
from libs.web.jsonio import loads

NAME = "RGMS"
# What a garbled credential makes the library's parsers raise besides its own errors.
GARBLED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Site:
    """For which pages a passkey is good.

    Attributes:
        domain: the name a passkey is bound to.
        origins: the pages that may ask for it.
    """

    domain: str
    origins: list[str]


@dataclass(frozen=True)
class Owner:
    """Whose passkey it is, as the device shows it."""

    user_id: int
    username: str
    name: str


@dataclass(frozen=True)
class NewPasskey:
    """What is kept of a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def site_of(settings: Settings) -> Site:
    """Return the site of PUBLIC_URL. An address of this machine is no domain: there, passkeys work under `localhost`."""
    parts = urlsplit(settings.public_url)
    host = parts.hostname or "localhost"
    origin = f"{parts.scheme}://{parts.netloc}"
    if host == "localhost" or not _is_address(host):
        return Site(host, [origin])
    port = f":{parts.port}" if parts.port else ""
    return Site("localhost", [f"{parts.scheme}://localhost{port}"])


def creation_options(settings: Settings, owner: Owner, *, known: Sequence[bytes], challenge: bytes) -> dict[str, Any]:
    """Return what a browser is asked to make a passkey from; a device that has one already refuses."""
    options = webauthn.generate_registration_options(
        rp_id=site_of(settings).domain,
        rp_name=NAME,
        user_id=f"rgms:{owner.user_id}".encode(),
        user_name=owner.username,
        user_display_name=owner.name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return dict(loads(webauthn.options_to_json(options)))


def request_options(settings: Settings, *, known: Sequence[bytes], challenge: bytes) -> dict[str, Any]:
    """Return what a browser is asked for a passkey with."""
    options = webauthn.generate_authentication_options(
        rp_id=site_of(settings).domain,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return dict(loads(webauthn.options_to_json(options)))


def made(settings: Settings, credential: Mapping[str, Any], *, challenge: bytes) -> NewPasskey | None:
    """Return the passkey that a browser made; None when its answer is not good."""
    site = site_of(settings)
    try:
        found = webauthn.verify_registration_response(
            credential=dict(credential), expected_challenge=challenge, expected_rp_id=site.domain, expected_origin=site.origins
        )
    except GARBLED:
        return None
    return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count)


def shown(
    settings: Settings, credential: Mapping[str, Any], *, challenge: bytes, public_key: bytes, sign_count: int
) -> int | None:
    """Return the new count of signatures when the browser's answer is good, else None.

    A count that runs backwards is the sign of a copied key.
    """
    site = site_of(settings)
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origins,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except GARBLED:
        return None
    return found.new_sign_count


def credential_id(credential: Mapping[str, Any]) -> bytes | None:
    """Return the id that a browser's answer names; None for a garbled one."""
    try:
        return webauthn.base64url_to_bytes(str(credential["rawId"]))
    except GARBLED:
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
