"""HTTP of grading: every blueprint beside the permissions it needs."""

from grading_service.routes import attendance, exams, gradebook, internal, merits, own, terms, training_days
from libs.web.auth import AUTHENTICATED, SERVICE, Mount

ALL = [
    # Terms and training days hold nothing personal, and a cadet needs them to ask for the own grade.
    Mount(terms.blueprint, read=AUTHENTICATED, write="terms.manage"),
    Mount(training_days.blueprint, read=AUTHENTICATED, write="terms.manage"),
    Mount(attendance.blueprint, read="grading.read", write="grading.mark"),
    Mount(merits.blueprint, read="grading.read", write="grading.merit"),
    Mount(exams.blueprint, read="grading.read", write="grading.score"),
    Mount(gradebook.blueprint, read="grading.read", write="grading.read"),
    Mount(own.blueprint, read="grading.own", write="grading.own"),
    Mount(internal.blueprint, read=SERVICE, write=SERVICE),
]
