"""Calls between services: pooled, with a required timeout, a service token and the request id; only GET is retried."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import urllib3

from libs import log
from libs.config import Settings
from libs.contracts.principal import Principal
from libs.data.db import refuse_inside_transaction
from libs.web.errors import UpstreamDown
from libs.web.jsonio import dumps, loads
from libs.web.tokens import service_token

_logger = logging.getLogger(__name__)
# Pools are per process and thread-safe; made at first use so that a forked worker never shares a socket.
_pools: dict[str, urllib3.PoolManager] = {}


class ServiceClient:
    """Talks to the `/internal` routes of one service.

    Args:
        settings: of the calling service; names it and signs its tokens.
        audience: the service to call.
    """

    def __init__(self, settings: Settings, audience: str) -> None:
        self.settings, self.audience = settings, audience
        self.base = settings.urls[audience]

    def get(self, path: str, *, timeout: float, params: Mapping[str, Any] | None = None, principal: Principal | None = None):
        """Return (status, JSON value) of a GET; tried twice. `timeout` is in seconds for each try.

        Raises:
            UpstreamDown: no answer, or a 5xx.
        """
        query = urlencode({k: v for k, v in (params or {}).items() if v is not None}, doseq=True)
        target = f"{path}?{query}" if query else path
        return self._call("GET", target, timeout, None, {}, principal, tries=2)

    def post(self, path: str, *, timeout: float, json: Any = None, principal: Principal | None = None):
        """Return (status, JSON value) of a POST, never retried here.

        Raises:
            UpstreamDown: no answer, or a 5xx.
        """
        body = dumps(json if json is not None else {})
        return self._call("POST", path, timeout, body, {"Content-Type": "application/json"}, principal, tries=1)

    def post_bytes(
        self, path: str, *, timeout: float, body: bytes, headers: Mapping[str, str], principal: Principal | None = None
    ):
        """Return (status, JSON value) of a POST of raw bytes.

        Raises:
            UpstreamDown: no answer, or a 5xx.
        """
        return self._call("POST", path, timeout, body, dict(headers), principal, tries=1)

    def _call(self, method, target, timeout, body, headers, principal, *, tries):
        refuse_inside_transaction(f"{method} {self.audience}{target}")
        pool = _pools.setdefault(self.audience, urllib3.PoolManager(maxsize=16, retries=False))
        headers |= {
            "Authorization": f"Bearer {service_token(self.settings, self.settings.service, self.audience, principal)}",
            "X-Request-ID": log.request_id.get(),
        }
        last: Exception | None = None
        for _ in range(tries):
            try:
                answer = pool.request(method, self.base + target, body=body, headers=headers, timeout=timeout, redirect=False)
            except urllib3.exceptions.HTTPError as error:
                last = error
                continue
            if answer.status < 500:
                return answer.status, (loads(answer.data) if answer.data else None)
            last = None
        _logger.warning(
            "a service did not answer",
            extra={"audience": self.audience, "path": target.split("?")[0], "cause": type(last).__name__},
        )
        raise UpstreamDown(details={"service": self.audience}) from last
