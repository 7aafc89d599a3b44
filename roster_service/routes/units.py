"""The unit tree and the courses."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount
from libs.web.cache import cached_list
from libs.web.etag import if_match
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from libs.web.schemas import PageArgs
from roster_service.operations.units import create_course, create_unit, update_unit
from roster_service.queries.units import COURSES, courses_page, unit_tree
from roster_service.routes.answers import versioned
from roster_service.schemas.units import CourseCreate, CourseSchema, UnitCreate, UnitPatch, UnitSchema, UnitTree

blueprint = Blueprint("units", __name__, url_prefix="/api/v1", description="Units and courses")
mount = Mount(blueprint, read="roster.read", write="roster.write")


@blueprint.get("/units")
@cached_list("units", "cadets")
@blueprint.response(200, UnitTree)
@blueprint.alt_response(304, description="The list is still the one of If-None-Match.")
def show_units():
    """Return the unit tree with the number of cadets of each unit."""
    return json_response({"data": unit_tree()})


@blueprint.post("/units")
@blueprint.arguments(UnitCreate)
@idempotent
@blueprint.response(201, UnitSchema)
def add_unit(values):
    """Add a unit to the tree."""
    return versioned(create_unit(values=values), 201)


@blueprint.patch("/units/<int(min=1, max=2147483647):unit_id>")
@blueprint.arguments(UnitPatch)
@idempotent
@blueprint.response(200, UnitSchema)
def change_unit(values, unit_id):
    """Rename, reorder or switch off a unit; its cadets' records follow a new name."""
    return versioned(update_unit(unit_id=unit_id, values=values, if_match=if_match(), now=clock.now()))


@blueprint.get("/courses")
@cached_list("courses", "cadets")
@listed(blueprint, COURSES, PageArgs, CourseSchema)
@blueprint.alt_response(304, description="The list is still the one of If-None-Match.")
def list_courses(args):
    """Return a page of the courses of study, by name."""
    return json_response(courses_page(page_of(args)))


@blueprint.post("/courses")
@blueprint.arguments(CourseCreate)
@idempotent
@blueprint.response(201, CourseSchema)
def add_course(values):
    """Add a course of study."""
    return json_response(create_course(name=values["name"]), 201)
