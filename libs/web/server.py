"""The gunicorn settings of every listening process, in one place.

Criterion 1.2 and the legacy deployment: 4 workers in production, 120 s timeout, keep-alive 5 s, recycling after 1000 ± 50
requests. Recycling showed as two-second stalls in the legacy system, so it is on only where requests are slow anyway.
"""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

from gunicorn.http import wsgi

from libs.config import Env, Settings
from libs.contracts.services import BY_NAME
from libs.web.app import start_background, stop_background

STOP_NOTICE_SECONDS = 0.25
# A request of a hundred marks makes and drops thousands of objects, none of them in circles; looking after each 700 of them
# took a twentieth of its time.
GARBAGE_THRESHOLDS = (20_000, 20, 20)


def options(settings: Settings) -> dict[str, Any]:
    """Return the gunicorn configuration of the process named in `settings`."""
    env = Env.of_process()
    service = BY_NAME[settings.service]
    # A platform names the port on which it reaches the process from outside (criterion 1.1); without one this is somebody's own
    # machine, whatever its environment is called, and the services behind the gateway are nobody else's business.
    given = settings.production and env.text("PORT")
    host = env.text("RGMS_BIND", "0.0.0.0" if given else "127.0.0.1")  # noqa: S104
    # Connections live in one process's memory: more of them are more instances, not more workers.
    workers = 1 if service.name == "sockets" else env.number("WEB_CONCURRENCY", 4 if settings.production else 1, low=1, high=64)
    chosen: dict[str, Any] = {
        "bind": [f"{host}:{settings.port}"],
        "workers": workers,
        "worker_class": "gevent" if service.server == "gevent" else "gthread",
        # A sign-in holds its thread while its password waits to be hashed: auth needs enough for everyone else meanwhile.
        "threads": env.number("WEB_THREADS", 64 if service.name == "auth" else 8, low=1, high=64),
        "worker_connections": env.number("WEB_CONNECTIONS", 12_000 if service.server == "gevent" else 1_000, low=10, high=60_000),
        "timeout": 120,
        "graceful_timeout": 20,
        "keepalive": 5 if service.name == "gateway" else 75,
        "max_requests": env.number("WEB_MAX_REQUESTS", 0 if not settings.production or service.server == "gevent" else 1000),
        "max_requests_jitter": 50,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": f"rgms-{service.name}",
        "control_socket_disable": True,
        "post_worker_init": _post_worker_init,
        "worker_exit": _worker_exit,
        # The gateway strips forged headers itself; nothing here rewrites the address.
        "forwarded_allow_ips": "",
        "limit_request_line": 8190,
        "limit_request_field_size": 8190,
    }
    env.check()
    return chosen


def _post_worker_init(worker: Any) -> None:
    # gunicorn has no setting for the Server header, and its name is of use to nobody but an attacker.
    wsgi.SERVER = "rgms"  # type: ignore[attr-defined] # not in its stubs
    application = worker.app.callable
    if "rgms_background" in getattr(application, "extensions", {}):
        start_background(application)
        if worker.cfg.worker_class_str == "gevent":
            threading.Thread(target=_stop_early, args=(worker, application), name="stop", daemon=True).start()
    # What start-up made lives as long as the process; searching it for garbage again and again cost pauses of up to
    # 300 ms with a thousand sockets open.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def _stop_early(worker: Any, application: Any) -> None:
    # Sockets never end by themselves: without this a stopping worker would wait its whole grace period for them.
    while worker.alive:
        time.sleep(STOP_NOTICE_SECONDS)
    stop_background(application)


def _worker_exit(_server: Any, worker: Any) -> None:
    application = worker.app.callable
    if "rgms_background" in getattr(application, "extensions", {}):
        stop_background(application)
