"""What the process holds besides the database: limits, storage adapters, and the door to background jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from libs import clock
from libs.clients.tasks import TasksClient
from libs.config import Settings
from libs.web.errors import UpstreamDown
from media_service.adapters.cloudinary_store import CloudinaryStore
from media_service.adapters.local_disk import LocalDisk
from media_service.adapters.staging import clear_abandoned
from media_service.adapters.storage import Storage
from media_service.config import MediaSettings


@dataclass(frozen=True)
class FileStore:
    """The file store of this process.

    Attributes:
        limits: size limits in bytes.
        active: the adapter that takes new files.
        adapters: every adapter by name, so that files stored before a change of configuration stay readable.
        staging: the folder where a file is received, on the file system of the local adapter.
        tasks: where background jobs are asked for.
    """

    limits: MediaSettings
    active: Storage
    adapters: Mapping[str, Storage]
    staging: Path
    tasks: TasksClient

    def adapter(self, name: str) -> Storage:
        """Return the adapter that holds a file; UpstreamDown when it is not configured any more."""
        if name not in self.adapters:
            message = "The store that holds this file is not configured."
            raise UpstreamDown(message, code="storage_failed", details={"store": name})
        return self.adapters[name]


def open_store(settings: Settings, limits: MediaSettings) -> FileStore:
    """Return the store of `settings`: new files go where MEDIA_STORE says, by default to Cloudinary if there is an account."""
    root = settings.data_dir / "files"
    clear_abandoned(root / ".incoming", clock.now().timestamp())
    local = LocalDisk(root)
    adapters: dict[str, Storage] = {local.name: local}
    active: Storage = local
    if limits.cloudinary:
        remote = CloudinaryStore(limits.cloudinary)
        adapters[remote.name] = remote
        if limits.store == "cloudinary":
            active = remote
    return FileStore(limits, active, adapters, root / ".incoming", TasksClient(settings))


def current_store() -> FileStore:
    """Return the store of the running application."""
    return current_app.extensions["rgms_store"]
