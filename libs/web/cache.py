"""Lists kept in Redis by flask-caching, shared by all processes of a service, and never older than the last write.

A reader asks Redis for the body first, then PostgreSQL for the state of the lists that it was made of (`libs.data.revisions`, a
few rows). Equal: the body is the answer. Otherwise the view makes it anew, and it takes the place of the old one. What was kept
ends after `TTL_SECONDS`. Redis away, the view answers.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from cachelib.serializers import RedisSerializer
from flask import Flask, Response, current_app, request
from flask_caching import Cache
from flask_caching.backends.rediscache import RedisCache

from libs.contracts.services import BY_NAME
from libs.data.revisions import state_of
from libs.events.redis_clients import redis_client
from libs.metrics import CACHES, Flusher, Recorder
from libs.web import compression
from libs.web.auth import current_principal
from libs.web.jsonio import json_response

TTL_SECONDS = 300
# A list of a hundred rows has 60 kB; larger ones are not what many people read.
MOST_BYTES = 512 * 1024
# A reader would rather have the database's answer than wait longer for Redis, and the next ones not wait at all.
PATIENCE_SECONDS, REST_SECONDS = 0.25, 2.0
_PLAIN, _PACKED = b"\0", b"\1"
_TAG_BYTES = 16
_HOLE = re.compile(r"\{(\w+)\}")
_SOURCES = Path(__file__).resolve().parents[2]

View = Callable[..., Response]
log = logging.getLogger(__name__)


class AsIs(RedisSerializer):
    """Bytes go to Redis as they are: reading them back runs nothing, which unpickling would."""

    def dumps(self, value: Any, protocol: int = 0) -> bytes:
        """Return `value`, which is bytes."""
        return value

    def loads(self, value: Any) -> Any:
        """Return `value`; None when there is none."""
        return value


class BytesInRedis(RedisCache):
    """flask-caching's Redis backend for bytes; while Redis does not answer it holds nothing, and is asked again soon."""

    serializer = AsIs()
    _rests_until = 0.0

    @classmethod
    def factory(cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> BytesInRedis:
        """Return the backend on a client of the process's own Redis, with a reader's patience."""
        patience = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
        client = redis_client(config["CACHE_REDIS_URL"], **patience)
        return cls(client, key_prefix=config["CACHE_KEY_PREFIX"], **kwargs)

    def get(self, key: str) -> bytes | None:
        """Return what is kept under `key`, or None."""
        return self._ask(super().get, key)

    def set(self, key: str, value: bytes, timeout: int | timedelta | None = None) -> bool:
        """Keep `value` for `timeout` seconds; return whether it is kept."""
        return bool(self._ask(super().set, key, value, timeout))

    def _ask(self, ask: Callable[..., Any], *args: Any) -> Any:
        if time.monotonic() < self._rests_until:
            return None
        try:
            return ask(*args)
        except redis.RedisError as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            log.warning("the database answers for the cache", extra={"cause": type(error).__name__})
            return None


def install(app: Flask, schema: str) -> None:
    """Give `app` its cache, its counts of hits and misses, and the schema whose revisions it goes by."""
    settings = app.config["RGMS"]
    release = release_of(BY_NAME[settings.service].package)
    cache = Cache(
        app,
        config={
            "CACHE_TYPE": f"{__name__}.{BytesInRedis.__name__}",
            "CACHE_REDIS_URL": settings.redis_url,
            "CACHE_KEY_PREFIX": f"rgms:cache:{settings.service}:{release}:",
            "CACHE_DEFAULT_TIMEOUT": TTL_SECONDS,
        },
    )
    recorder = Recorder(app.extensions["rgms_redis"], CACHES)
    app.extensions.update(rgms_cache=cache, rgms_cache_release=release, rgms_cache_recorder=recorder, rgms_cache_schema=schema)
    app.extensions["rgms_background"].append(Flusher(recorder))


@functools.cache
def release_of(package: str) -> str:
    """Return a digest of the code that makes a service's answers: no other release serves or confirms a body of this one."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in (package, "libs"):
        for file in sorted((_SOURCES / folder).rglob("*")):
            if file.suffix in {".py", ".sql"}:
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def cached_list(*lists: str) -> Callable[[View], View]:
    """Decorate a GET that is the same for all who hold the same permissions, so that it is made once for each state and query.

    Args:
        lists: the names of the lists it is made of, as the triggers of the schema call them. `{term_id}` in a name stands for
            that parameter of the query; a request without a whole number there is passed on to the view.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def cached(*args: Any, **kwargs: Any) -> Response:
            names = _names(lists)
            if names is None:
                return view(*args, **kwargs)
            return _answer(names, lambda: view(*args, **kwargs))

        cached.__dict__["rgms_lists"] = lists
        return cached

    return decorate


def _names(lists: tuple[str, ...]) -> list[str] | None:
    names = []
    for name in lists:
        if hole := _HOLE.search(name):
            given = request.args.get(hole[1], "")
            if not given.isascii() or not given.isdecimal() or len(given) > 10:
                return None
            name = _HOLE.sub(str(int(given)), name)
        names.append(name)
    return names


def _answer(names: list[str], make: Callable[[], Response]) -> Response:
    extensions = current_app.extensions
    cache: Cache = extensions["rgms_cache"]
    # People of one scope see the same; what one scope may see is never read by another.
    scope = ",".join(sorted(current_principal().permissions))
    key = hashlib.blake2b(f"{scope}\0{request.full_path}".encode(), digest_size=_TAG_BYTES).hexdigest()
    kept: bytes = cache.get(key) or b""
    # Asked before the view reads: a write in between makes the body newer than its tag, and the next reader makes it again.
    state = state_of(extensions["rgms_cache_schema"], names)
    if state is None:
        return make()
    tag = hashlib.blake2b(f"{state}\0{key}\0{extensions['rgms_cache_release']}".encode(), digest_size=_TAG_BYTES)
    headers = {"ETag": f'W/"{tag.hexdigest()}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    hit = kept.startswith(tag.digest())
    recorder: Recorder = extensions["rgms_cache_recorder"]
    if request.if_none_match.contains_weak(tag.hexdigest()):
        recorder.count(current_app.config["RGMS"].service, "hits")
        return Response(status=304, headers=headers)
    recorder.count(current_app.config["RGMS"].service, "hits" if hit else "misses")
    if hit:
        return _response(kept[_TAG_BYTES : _TAG_BYTES + 1], kept[_TAG_BYTES + 1 :], headers)
    response = make()
    if response.status_code != 200:
        return response
    body = response.get_data()
    form = _PLAIN
    if len(body) >= compression.MIN_BYTES:
        form, body = _PACKED, compression.compress(body, compression.LEVEL_KEPT)
    if len(body) <= MOST_BYTES:
        cache.set(key, tag.digest() + form + body)
    return _response(form, body, headers)


def _response(form: bytes, body: bytes, headers: dict[str, str]) -> Response:
    if form == _PACKED:
        if compression.takes_gzip():
            headers["Content-Encoding"] = "gzip"
        else:
            body = compression.decompress(body)
    return json_response(body, headers=headers)
