"""The settings of media beside those of every service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from libs.config import Env
from media_service.domain.catalogue import MEGABYTE

STORES = ("cloudinary", "disk")


@dataclass(frozen=True)
class CloudinaryAccount:
    """Where Cloudinary stores our files, from CLOUDINARY_URL."""

    cloud_name: str
    api_key: str
    api_secret: str = field(repr=False)
    upload_prefix: str = "https://api.cloudinary.com"


@dataclass(frozen=True)
class MediaSettings:
    """What only media needs to know.

    Attributes:
        max_bytes: the largest file in bytes; `max_image_bytes` the same for an image.
        day_files: files that one account may send within a day; `day_bytes` the same in bytes.
        store: which of STORES takes new files.
        cloudinary: the account, when there is one; files that it took earlier are read from it whatever `store` says.
    """

    max_bytes: int
    max_image_bytes: int
    day_files: int
    day_bytes: int
    store: str
    cloudinary: CloudinaryAccount | None


def load(env: Mapping[str, str] | None = None) -> MediaSettings:
    """Read the settings of media.

    Raises:
        ConfigError: naming every variable that is malformed.
    """
    source = Env(os.environ if env is None else env)
    account = _cloudinary(source)
    settings = MediaSettings(
        max_bytes=source.number("MEDIA_MAX_MB", 10, low=1, high=100) * MEGABYTE,
        max_image_bytes=source.number("MEDIA_MAX_IMAGE_MB", 5, low=1, high=100) * MEGABYTE,
        day_files=source.number("MEDIA_DAY_FILES", 300, low=1, high=100_000),
        day_bytes=source.number("MEDIA_DAY_MB", 500, low=1, high=100_000) * MEGABYTE,
        store=_store(source),
        cloudinary=account,
    )
    source.check()
    return settings


def _store(source: Env) -> str:
    account = source.text("CLOUDINARY_URL")
    store = source.text("MEDIA_STORE", "cloudinary" if account else "disk").lower()
    if store not in STORES:
        source.problems.append(f"MEDIA_STORE must be one of {', '.join(STORES)}, not {store!r}")
    elif store == "cloudinary" and not account:
        source.problems.append("CLOUDINARY_URL is not set, and MEDIA_STORE is cloudinary")
    return store


def _cloudinary(source: Env) -> CloudinaryAccount | None:
    raw = source.text("CLOUDINARY_URL")
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme != "cloudinary" or not (parts.username and parts.password and parts.hostname):
        # Never quote the value: it holds a secret.
        source.problems.append("CLOUDINARY_URL must have the form cloudinary://key:secret@cloud-name")
        return None
    prefix = parse_qs(parts.query).get("upload_prefix", [CloudinaryAccount.upload_prefix])[0]
    cloud = parts.netloc.rpartition("@")[2]
    return CloudinaryAccount(cloud, unquote(parts.username), unquote(parts.password), prefix.rstrip("/"))
