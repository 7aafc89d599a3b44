"""The fields of people as the API and the events name them."""

from __future__ import annotations

CADET_FIELDS = (
    "id", "student_id", "username", "rank", "first_name", "middle_name", "last_name", "suffix_name", "email", "contact_number",
    "address", "course", "year_level", "school_year", "battalion", "company", "platoon", "unit_id", "cadet_course", "semester",
    "corp_position", "gender", "religion", "birthdate", "status", "is_archived", "is_profile_completed", "version",
    "created_at", "updated_at",
)  # fmt: skip
# What other services keep a copy of: no address, no birth date, no telephone number.
CADET_SNAPSHOT = (
    "id", "student_id", "username", "rank", "first_name", "middle_name", "last_name", "suffix_name", "email", "gender", "course",
    "year_level", "school_year", "battalion", "company", "platoon", "cadet_course", "semester", "corp_position", "status",
    "is_archived", "version",
)  # fmt: skip
# What an import may set; an undo puts exactly these back.
IMPORTED_FIELDS = (
    "student_id", "username", "rank", "first_name", "middle_name", "last_name", "suffix_name", "email", "contact_number",
    "address", "course", "year_level", "school_year", "battalion", "company", "platoon", "cadet_course", "semester",
    "corp_position", "gender", "religion", "birthdate",
)  # fmt: skip
# What a withdrawn record loses when somebody takes it up again; the rest is overwritten anyway.
CLEARED_FIELDS = tuple(
    sorted(
        set(IMPORTED_FIELDS) - {"student_id", "username", "first_name", "last_name"} | {"unit_id", "profile_pic", "withdrawn_at"}
    )
)
STAFF_FIELDS = (
    "id", "rank", "first_name", "middle_name", "last_name", "suffix_name", "email", "contact_number", "position", "afpsn",
    "birthdate", "birthplace", "height", "weight", "blood_type", "address", "civil_status", "nationality", "gender",
    "language_spoken", "combat_boots_size", "uniform_size", "bullcap_size", "facebook_link", "rotc_unit", "mobilization_center",
    "is_archived", "is_profile_completed", "version", "created_at", "updated_at",
)  # fmt: skip
STAFF_SNAPSHOT = (
    "id", "rank", "first_name", "middle_name", "last_name", "suffix_name", "email", "position", "is_archived", "version",
)  # fmt: skip
