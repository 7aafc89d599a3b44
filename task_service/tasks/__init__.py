"""The kinds of work a worker can do: each function short, repeatable without harm, through the clients of libs."""

from libs.contracts.tasks import CLEAN_IMPORTS, CLEAN_SESSIONS, CLEAN_TOKENS, EMAIL, GRADE_SHEET, PROCESS_FILE, SYNC_ATTENDANCE
from task_service.tasks.email import send_email
from task_service.tasks.files import process_file
from task_service.tasks.grade_sheet import make_grade_sheet
from task_service.tasks.maintenance import clean_expired_tokens, clean_import_previews, clean_old_sessions, sync_attendance

WORK = {
    GRADE_SHEET.kind: make_grade_sheet,
    EMAIL.kind: send_email,
    PROCESS_FILE.kind: process_file,
    CLEAN_SESSIONS.kind: clean_old_sessions,
    CLEAN_IMPORTS.kind: clean_import_previews,
    CLEAN_TOKENS.kind: clean_expired_tokens,
    SYNC_ATTENDANCE.kind: sync_attendance,
}
