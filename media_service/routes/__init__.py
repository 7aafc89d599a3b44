"""HTTP of media: each module makes a blueprint and mounts it beside the permissions it needs."""

from libs.web.auth import mounts_of

ALL = mounts_of(__name__)
