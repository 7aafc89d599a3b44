"""Files on the local disk: a folder per two letters of the key, written beside and renamed into place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from media_service.adapters.storage import CHUNK, missing, storage_error


class LocalDisk:
    """Keeps files below `root`; a file is there whole or not at all, also after a power cut."""

    name = "local"

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, path: Path) -> None:
        """Move the flushed file at `path` (on the same file system) to its place under `key`."""
        target = self._path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
            _sync_folder(target.parent)
        except OSError as error:
            raise storage_error(error) from error

    def read(self, key: str) -> Iterator[bytes]:
        """Yield the bytes of `key`."""
        try:
            stream = self._path(key).open("rb")
        except FileNotFoundError as error:
            raise missing() from error
        except OSError as error:
            raise storage_error(error) from error
        return _chunks(stream)

    def delete(self, key: str) -> None:
        """Forget `key`."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(error) from error

    def _path(self, key: str) -> Path:
        # Keys are hexadecimal ids of ours; nothing of a user's name is ever part of a path.
        return self.root / key[-2:] / key


def _chunks(stream) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
