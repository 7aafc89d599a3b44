"""Who changed what in this service."""

from libs.web.audit_trail import audit_mount

mount = audit_mount("roster")
