"""The words the unit uses, in its own order (legacy option lists, reference 5.6), and the lengths a field may have."""

from __future__ import annotations

# What the printed forms write for "none" in a list of units or positions.
PLACEHOLDER = ". . . . . . . ."
# Lowest first: a list sorted by rank shows the highest first.
CADET_RANKS = ("CDT", "CDT 2LT", "CDT 1LT", "CDT CPT", "CDT MAJ", "CDT LTC", "CDT COL")
STAFF_RANKS = (
    "Pvt", "PFc", "Cpl", "Sgt", "SSg", "TSg", "MSg", "2LT", "1LT", "CPT", "MAJ", "LTC", "COL", "BGEN", "MGEN", "LTGEN", "GEN",
)  # fmt: skip
DEFAULT_RANK = CADET_RANKS[0]
YEAR_LEVELS = ("1st Year", "2nd Year", "3rd Year", "4th Year", "5th Year")
SEMESTERS = ("1st Semester", "2nd Semester", "Summer/OJT")
BATTALION_POSITIONS = (
    "CORP CMDR", "Troop Adjutant", "BDE S1", "BDE S2", "BDE S3", "BDE S4", "BDE S7", "1BN CMDR", "2BN CMDR", "1BN S1", "1BN S2",
    "1BN S3", "1BN S4", "1BN S7", "2BN S1", "2BN S2", "2BN S3", "2BN S4", "2BN S7", "COY CMDR", "COY EX-O", "PLTN LDR", "HQSBN",
    "GUIDON BEARER", "COLORS", "1ST BATTALION", "2ND BATTALION",
)  # fmt: skip
COMPANIES = ("Alpha", "Bravo", "Charlie", "Delta", "HQSCOY")
LINE_PLATOONS = ("1st Platoon", "2nd Platoon")
SPECIAL_UNITS = (
    "Colors", "Guidon Bearer", "Medics", "Military Police", "Band", "Office Personnel", "Small Unit Tactics", "Excess Officer",
)  # fmt: skip
PLATOONS = LINE_PLATOONS + SPECIAL_UNITS
BASIC_COURSES = ("MS1", "MS2")
ADVANCE_COURSES = ("COQC", "MS31", "MS32", "MS41", "MS42")
CADET_COURSES = BASIC_COURSES + ADVANCE_COURSES
GENDERS = ("Male", "Female")
STATUS_ONGOING, STATUS_VERIFIED = "Ongoing", "Verified"
# "Verified" is what completing the profile makes of "Ongoing"; the others are set by the office.
STATUSES = (STATUS_ONGOING, STATUS_VERIFIED, "Completed", "Incomplete", "Failed", "Drop", "Deferred")
ACADEMIC_COURSES = (
    "Bachelor of Science in Agriculture Major in Animal Science (BSA-AnSci)",
    "Bachelor of Science in Agriculture Major in Agronomy (BSA-Agro)",
    "Bachelor of Science in Agriculture Major in Agroforestry (BSA-AgFor)",
    "Bachelor of Science in Agriculture Major in Extension Education (BSA-ExEd)",
    "Bachelor of Secondary Education Major in Mathematics (BSEd-Math)",
    "Bachelor of Secondary Education Major in Filipino (BSEd-Fil)",
    "Bachelor of Secondary Education Major in English (BSEd-Eng)",
    "Bachelor of Elementary Education (BEEd)",
    "Bachelor of Science in Criminology (BSCrim)",
    "Bachelor of Science in Information Technology (BSIT)",
    "Bachelor of Science in Computer Science (BSCS)",
)
UNIT_KINDS = ("battalion", "company", "platoon", "special")

# Longest text of each cadet field, in characters; the table's columns and the HTTP schemas use the same figures.
CADET_LENGTHS = {
    # Legacy student ids are now and then user names or e-mail addresses.
    "student_id": 254,
    "username": 150,
    "rank": 20,
    "first_name": 80,
    "middle_name": 80,
    "last_name": 80,
    "suffix_name": 20,
    "email": 254,
    "contact_number": 30,
    "address": 300,
    "course": 160,
    "year_level": 20,
    "school_year": 20,
    "battalion": 40,
    "company": 60,
    "platoon": 60,
    "cadet_course": 20,
    "semester": 20,
    "corp_position": 80,
    "gender": 20,
    "religion": 80,
    "status": 20,
}
