"""nginx as the limit of a proxy: a plain proxy_pass to each service, and a plain upstream of 3 kB."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import listening

_SERVER = "server {{ listen 127.0.0.1:{port}; location / {{ {what} }} }}"
_PROXY = "proxy_pass http://{target}; proxy_http_version 1.1; proxy_set_header Connection '';"


def available() -> bool:
    """Whether this machine has nginx."""
    return shutil.which("nginx") is not None


def proxy(target: str) -> str:
    """Return the directives that pass everything on to an upstream group."""
    return _PROXY.format(target=target)


def fixed(size: int) -> str:
    """Return the directives that answer with `size` bytes."""
    return f"default_type application/json; return 200 '{'x' * size}';"


@contextmanager
def running(folder: Path, servers: Mapping[int, str], upstreams: Mapping[str, int]) -> Iterator[subprocess.Popen]:
    """Run nginx with one worker: `servers` maps a port to its directives, `upstreams` a group's name to its port."""
    groups = "".join(f"upstream {name} {{ server 127.0.0.1:{port}; keepalive 128; }}\n" for name, port in upstreams.items())
    blocks = "\n".join(_SERVER.format(port=port, what=what) for port, what in servers.items())
    temporary = "".join(f"{kind}_temp_path {folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = folder / "nginx.conf"
    config.write_text(
        f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 4096; }}\n"
        f"http {{ access_log off; keepalive_requests 100000000;\n{temporary}{groups}{blocks}\n}}\n",
        encoding="ascii",
    )
    process = subprocess.Popen(["nginx", "-c", str(config), "-e", str(folder / "error.log")])
    try:
        for port in servers:
            listening(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
