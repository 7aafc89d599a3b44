"""What a batch of facts does to the database becomes functions of the database, whose plans every connection keeps.

A mark took PostgreSQL longer to plan than to store. Prepared statements would do the same, but not behind a pooler that
hands a connection to somebody else after each transaction. The plan is always the general one: for a single cadet a plan of its
own seems cheaper, and takes three times as long to make as it runs.

Revision ID: 0004
Revises: 0003
"""

# ruff: noqa: S608 - our own SQL, put together from our own parts

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ITEM = """id uuid, kind text, cadet_id integer, occurred_at timestamptz, term_id integer, training_day_id integer, exam text,
    status text, points smallint, value numeric, target_id uuid, reason text, device_id text, device_seq bigint"""
# Everybody takes records by id, then marks by day and cadet or scores by cadet and exam, then grades by cadet: two requests that
# overlap wait for each other in one direction only.
STORED = f"""WITH f AS (SELECT * FROM json_to_recordset(_facts) AS f({ITEM})), stored AS (
        INSERT INTO grading.record (id, kind, term_id, cadet_id, training_day_id, exam, status, points, value, target_id, reason,
            occurred_at, recorded_at, actor_id, device_id, device_seq)
        SELECT f.id, f.kind, t.id, c.id, f.training_day_id, f.exam, f.status, f.points, f.value, f.target_id, f.reason,
            f.occurred_at, _now, _actor_id, f.device_id, f.device_seq
        FROM f LEFT JOIN grading.training_day d ON d.id = f.training_day_id
            JOIN grading.term t ON t.id = coalesce(d.term_id, f.term_id)
            JOIN grading.cadet_ref c ON c.id = f.cadet_id
        ORDER BY f.id ON CONFLICT DO NOTHING RETURNING id, term_id
    )"""
NEWEST_FIRST = 'f.occurred_at DESC, f.device_id COLLATE "C" DESC, f.device_seq DESC, f.id DESC'
IF_NEWER = """WHERE (excluded.occurred_at, excluded.device_id, excluded.device_seq, excluded.record_id)
            > (p.occurred_at, p.device_id, p.device_seq, p.record_id)"""
TAKE_OVER = """record_id = excluded.record_id, occurred_at = excluded.occurred_at, device_id = excluded.device_id,
            device_seq = excluded.device_seq, actor_id = excluded.actor_id"""
STORE_POINTS = f"{STORED} SELECT id::text, term_id, true, NULL::text FROM stored"
STORE_MARKS = f"""{STORED}, put AS (
        INSERT INTO grading.mark AS p (training_day_id, cadet_id, term_id, record_id, status, occurred_at, device_id, device_seq,
            actor_id)
        SELECT DISTINCT ON (f.training_day_id, f.cadet_id) f.training_day_id, f.cadet_id, stored.term_id, f.id, f.status,
            f.occurred_at, f.device_id, f.device_seq, _actor_id
        FROM f JOIN stored ON stored.id = f.id ORDER BY f.training_day_id, f.cadet_id, {NEWEST_FIRST}
        ON CONFLICT (training_day_id, cadet_id) DO UPDATE SET status = excluded.status, replaced = p.status, {TAKE_OVER}
        {IF_NEWER} RETURNING record_id, replaced
    ) SELECT id::text, term_id, record_id IS NOT NULL, replaced::text FROM stored LEFT JOIN put ON put.record_id = stored.id"""
STORE_SCORES = f"""{STORED}, put AS (
        INSERT INTO grading.score AS p (term_id, cadet_id, exam, record_id, value, occurred_at, device_id, device_seq, actor_id)
        SELECT DISTINCT ON (f.cadet_id, f.exam, stored.term_id) stored.term_id, f.cadet_id, f.exam, f.id, f.value, f.occurred_at,
            f.device_id, f.device_seq, _actor_id
        FROM f JOIN stored ON stored.id = f.id ORDER BY f.cadet_id, f.exam, stored.term_id, {NEWEST_FIRST}
        ON CONFLICT (term_id, cadet_id, exam) DO UPDATE SET value = excluded.value, {TAKE_OVER}
        {IF_NEWER} RETURNING record_id
    ) SELECT id::text, term_id, record_id IS NOT NULL, NULL::text FROM stored LEFT JOIN put ON put.record_id = stored.id"""
POINTS = ("attendance", "aptitude", "subject", "final")
COLUMNS = f"""g.cadet_id, g.present, g.late, g.excused, g.duty, g.absent, g.merits, g.demerits, g.scores,
    {", ".join(f"g.{name}::text AS {name}" for name in POINTS)}, g.transmuted, g.state, g.missing"""
# Rows as one JSON value: a hundred of sixteen columns would cost a millisecond more to take over one by one. The number of
# days is read here and not before: our records hold a share of the term by now, so it stays until we have written.
HOLD = f"""WITH held AS (SELECT {COLUMNS} FROM grading.grade g WHERE g.term_id = _term_id AND g.cadet_id = ANY(_cadet_ids)
        ORDER BY g.cadet_id FOR UPDATE)
    SELECT (SELECT coalesce(json_agg(held), '[]') FROM held), t.days_count, t.policy_version,
        ARRAY(SELECT d.id FROM grading.training_day d WHERE d.term_id = t.id AND d.is_cancelled)
    FROM grading.term t WHERE t.id = _term_id"""
ROW = """'cadet_id', c.id, 'student_id', c.student_id, 'name', c.name, 'company', c.company, 'platoon', c.platoon,
        'days_counted', coalesce(g.present + g.late + g.excused + g.duty + g.absent, 0),
        'days_present', coalesce(g.present + g.late + g.excused + g.duty, 0),
        'late', coalesce(g.late, 0), 'excused', coalesce(g.excused, 0), 'duty', coalesce(g.duty, 0),
        'absent', coalesce(g.absent, 0), 'merits', coalesce(g.merits, 0), 'demerits', coalesce(g.demerits, 0),
        'scores', coalesce(g.scores, CAST(_no_scores AS jsonb)),
        'attendance', CAST(g.attendance AS text), 'aptitude', CAST(g.aptitude AS text), 'subject', CAST(g.subject AS text),
        'final', CAST(g.final AS text), 'transmuted', g.transmuted, 'state', coalesce(g.state, 'no_data'),
        'missing', coalesce(to_jsonb(g.missing), CAST(_all_missing AS jsonb)), 'version', coalesce(g.version, 0)"""
# The ids are told twice, for the planner does not look into the JSON and would read the whole term.
WRITE = f"""WITH f AS (
        SELECT * FROM json_to_recordset(_grades) AS f(cadet_id integer, present integer, late integer, excused integer,
            duty integer, absent integer, merits integer, demerits integer, scores jsonb, attendance numeric, aptitude numeric,
            subject numeric, final numeric, transmuted text, state text, missing text[])
    ), g AS (
        UPDATE grading.grade g SET present = f.present, late = f.late, excused = f.excused, duty = f.duty,
            absent = f.absent, merits = f.merits, demerits = f.demerits, scores = f.scores, attendance = f.attendance,
            aptitude = f.aptitude, subject = f.subject, final = f.final, transmuted = f.transmuted, state = f.state,
            missing = f.missing, version = g.version + 1, updated_at = now()
        FROM f WHERE g.term_id = _term_id AND g.cadet_id = f.cadet_id AND g.cadet_id = ANY(_cadet_ids) RETURNING g.*
    ), shown AS (
        SELECT json_build_object({ROW}) AS line, c.id, row_number() OVER (ORDER BY c.sort_name, c.id) AS n
        FROM g JOIN grading.cadet_ref c ON c.id = g.cadet_id AND c.id = ANY(_cadet_ids) WHERE NOT c.is_archived
    )
    SELECT json_agg(line ORDER BY n)::text, array_agg(id) FROM shown GROUP BY (n - 1) / _most ORDER BY min(n)"""
FACTS = "_facts json, _now timestamptz, _actor_id integer"
STORED_AS = "o_id text, o_term_id integer, o_in_force boolean, o_replaced text"
FUNCTIONS = (
    ("store_points", FACTS, STORED_AS, STORE_POINTS),
    ("store_marks", FACTS, STORED_AS, STORE_MARKS),
    ("store_scores", FACTS, STORED_AS, STORE_SCORES),
    (
        "hold_grades",
        "_term_id integer, _cadet_ids integer[]",
        "rows json, days_count integer, policy_version integer, cancelled integer[]",
        HOLD,
    ),
    (
        "write_grades",
        "_term_id integer, _cadet_ids integer[], _grades json, _most integer, _no_scores text, _all_missing text",
        "o_rows text, o_cadet_ids integer[]",
        WRITE,
    ),
)


def upgrade():
    for name, takes, gives, query in FUNCTIONS:
        op.execute(
            f"""CREATE FUNCTION grading.{name}({takes}) RETURNS TABLE ({gives}) LANGUAGE plpgsql
            SET plan_cache_mode = force_generic_plan AS $$
            #variable_conflict use_column
            BEGIN
                RETURN QUERY {query};
            END $$"""
        )


def downgrade():
    for name, takes, _gives, _query in FUNCTIONS:
        op.execute(f"DROP FUNCTION grading.{name}({takes})")
