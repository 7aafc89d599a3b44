"""HTTP of auth: every blueprint beside the permission it needs."""

from auth_service.routes import activation, admin, internal, me, sign_in
from libs.web.auth import AUTHENTICATED, PUBLIC, SERVICE, Mount

ALL = [
    Mount(sign_in.blueprint, read=PUBLIC, write=PUBLIC),
    Mount(me.blueprint, read=AUTHENTICATED, write=AUTHENTICATED),
    Mount(activation.blueprint, read="users.manage", write="users.manage"),
    Mount(admin.blueprint, read="users.manage", write="users.manage"),
    Mount(internal.blueprint, read=SERVICE, write=SERVICE),
]
