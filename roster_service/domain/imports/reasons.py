"""Why a row is what it is: stable codes, each with the sentence a person reads."""

from __future__ import annotations

MESSAGES = {
    # normalised: importable, after a change or with a warning
    "outer_blanks": "Blanks around a text were dropped.",
    "inner_blanks": "Several blanks inside a text became one.",
    "decomposed_letters": "Letters and their marks were joined.",
    "cell_error": "A cell shows a failed formula; it was read as empty.",
    "email_case": "The e-mail address was put in lower case.",
    "no_email": "No e-mail address.",
    "email_unreadable": "The e-mail address {value} is not one; it was left open.",
    "email_shared": "The e-mail address also stands in {place}.",
    "merged_cell": "A value comes from a merged cell.",
    "username_case": "The user name was put in lower case.",
    "name_lower_case": "The name is written in lower case; please check.",
    "numeric_id": "The student number was stored as a number.",
    "mobile_lost_zero": "The mobile number got its leading zero back.",
    "placeholder": "The row of dots means none.",
    "unknown_company": "No company is called {value}; the company was left open.",
    "company_spelling": "The company was written as the unit tree has it.",
    "unknown_platoon": "No platoon or special unit is called {value}; it was left open.",
    "platoon_spelling": "The platoon was written as the unit tree has it.",
    "unknown_value": "{value} is not known for {field}; it was left open.",
    "value_spelling": "{field} was written as the list has it.",
    "birthdate_unreadable": "The birth date {value} was not understood; it was left open.",
    "birthdate_open": "{value} reads as two different days; the birth date was left open.",
    "first_last_order": "The name has no comma and was read as first names, then last name.",
    # invalid: cannot be imported
    "missing_name": "There is no name.",
    "missing_last_name": "There is no last name.",
    "missing_first_name": "There is no first name.",
    "single_word_name": "One word alone is not a first and a last name.",
    "no_identifier": "There is no student id, user name or e-mail address to know the cadet by.",
    "too_long": "{field} is longer than {limit} characters.",
    # left out: by an officer
    "left_out": "Left out by hand.",
    # duplicate: stood in the workbook before
    "same_row_again": "The same row stands in {place}.",
    "same_id_other_data": "The same cadet stands in {place} with other data; the first row counts.",
    "same_id_other_person": "The student id stands in {place} for another person; the first row counts.",
    # ignored: no cadet
    "blank_row": "Nothing is filled in.",
    "footer": "A remark, not a cadet.",
    "repeated_header": "The header once more.",
    # found when the rows meet the stored roster
    "student_id_taken": "The student id belongs to {name}. Give this row its own in the file, and upload the file again.",
    "needs_student_id": "{value} is that of {name}. Write this person's student number into the row and upload the file again.",
    "username_taken": "The user name {value} belongs to {name} ({student_id}).",
    "same_cadet_again": "This is the same cadet as in {place}; the first row counts.",
    "username_adjusted": "The user name {value} was taken; the cadet gets {username}.",
    "matched_by_username": "Found by the user name and the name.",
    "matched_by_email": "Found by the e-mail address and the name.",
    "email_of_another": "The e-mail address is also that of {name} ({student_id}).",
    "restores_archived": "This cadet is archived and will be restored.",
    # a question to an officer: who is it?
    "same_number_other_name": "The student number is that of {name}, whose name is another.",
    "same_username_other_name": "The user name is that of {name} ({student_id}), whose name is another.",
    "same_username_other_number": "The user name is that of {name}, whose student number is another: {student_id}.",
    "same_email_same_name": "E-mail address and name are those of {name} ({student_id}).",
    "same_email_other_name": "The e-mail address is that of {name} ({student_id}), whose name is another.",
    "decided_same": "Decided: this is {name}.",
    "decided_another": "Decided: this is another person.",
    "decided_leave": "Decided: this row is left out.",
}


def reason(code: str, **facts: object) -> dict[str, str]:
    """Return the reason `code` with its sentence filled in; the facts a client may need stay beside it."""
    shown = {key: str(value) for key, value in facts.items()}
    return {"code": code, "message": MESSAGES[code].format(**shown), **shown}
