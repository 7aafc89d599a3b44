// Written by ./rgms openapi from the Python that owns each list, and compared by ./rgms lint. Never edit it.
// What the server refuses is decided there; these only spare a person the round trip.
export const ROLES = ["admin", "staff", "cadet"] as const;
export const POSITIONS = ["Instructor", "Admin", "Admin NCO", "Assistant Commandant", "Commandant", "NSTP Director", "ROTC Coordinator"] as const;
export const COMMAND_GROUP = ["Admin NCO", "Assistant Commandant", "Commandant", "NSTP Director", "ROTC Coordinator"] as const;
export const PERMISSIONS = ["audit.read", "files.own", "files.upload", "grading.mark", "grading.merit", "grading.own", "grading.read", "grading.score", "messaging.own", "metrics.read", "ops.manage", "ops.own", "reports.request", "roster.import", "roster.own", "roster.read", "roster.write", "sessions.own", "terms.manage", "users.manage"] as const;
export const PERMISSIONS_OF = {"admin": ["audit.read", "files.own", "files.upload", "grading.mark", "grading.merit", "grading.read", "grading.score", "messaging.own", "metrics.read", "ops.manage", "ops.own", "reports.request", "roster.import", "roster.read", "roster.write", "sessions.own", "terms.manage", "users.manage"], "staff": ["files.own", "files.upload", "grading.mark", "grading.merit", "grading.read", "grading.score", "messaging.own", "ops.own", "reports.request", "roster.read", "sessions.own"], "cadet": ["files.own", "grading.own", "messaging.own", "ops.own", "roster.own", "sessions.own"], "command": ["files.own", "files.upload", "grading.mark", "grading.merit", "grading.read", "grading.score", "messaging.own", "ops.own", "reports.request", "roster.import", "roster.read", "roster.write", "sessions.own", "terms.manage"]} as const;
export const CADET_RANKS = ["CDT", "CDT 2LT", "CDT 1LT", "CDT CPT", "CDT MAJ", "CDT LTC", "CDT COL"] as const;
export const YEAR_LEVELS = ["1st Year", "2nd Year", "3rd Year", "4th Year", "5th Year"] as const;
export const SEMESTERS = ["1st Semester", "2nd Semester", "Summer/OJT"] as const;
export const CADET_COURSES = ["MS1", "MS2", "COQC", "MS31", "MS32", "MS41", "MS42"] as const;
export const GENDERS = ["Male", "Female"] as const;
export const CADET_STATUSES = ["Ongoing", "Verified", "Completed", "Incomplete", "Failed", "Drop", "Deferred"] as const;
export const FIRST_STATUS = "Ongoing" as const;
export const MOST_ROSTER_BYTES = 5242880 as const;
export const MARKS = ["present", "late", "excused", "duty", "absent", "none"] as const;
export const GRADE_STATES = ["no_data", "provisional", "complete", "locked", "special"] as const;
export const SPECIAL_GRADES = {"INC": "Incomplete", "DO": "Dropped", "T": "Deferred"} as const;
export const MOST_POINTS = 100 as const;
export const MOST_DAYS_OF_A_SERIES = 60 as const;
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export const LEAST_PASSWORD = 10 as const;
export const DAYS_OF_A_CODE = 30 as const;
export const MOST_CODES = 500 as const;
