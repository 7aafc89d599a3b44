"""HTTP doors, each mounted beside the permission it needs."""

from libs.web.auth import AUTHENTICATED, SERVICE, Mount
from roster_service.routes import cadet, cadets, imports, internal, own_profile, staff, units

ALL = [
    Mount(own_profile.blueprint, read="roster.own", write="roster.own"),
    Mount(imports.blueprint, read="roster.import", write="roster.import"),
    Mount(cadets.blueprint, read="roster.read", write="roster.write"),
    # One cadet is also open to that cadet: access.py decides.
    Mount(cadet.blueprint, read=AUTHENTICATED, write="roster.write"),
    Mount(staff.blueprint, read="roster.read", write="roster.write"),
    Mount(units.blueprint, read="roster.read", write="roster.write"),
    Mount(internal.blueprint, read=SERVICE, write=SERVICE),
]
