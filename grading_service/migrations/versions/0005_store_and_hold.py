"""What stores a batch holds the grades that it moves, in the same step: each step less is a fifteenth of a mark.

The functions of 0004 that they replace stay for the release before, which calls them while this one starts.

Revision ID: 0005
Revises: 0004
"""

# ruff: noqa: S608 - our own SQL, put together from our own parts

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ITEM = """id uuid, kind text, cadet_id integer, occurred_at timestamptz, term_id integer, training_day_id integer, exam text,
    status text, points smallint, value numeric, target_id uuid, reason text, device_id text, device_seq bigint,
    actor_id integer"""
# Everybody takes records by id, voids by what they void, then marks by day and cadet or scores by cadet and exam, then grades by
# term and cadet: two requests that overlap wait for each other in one direction only.
STORED = f"""WITH f AS (SELECT * FROM json_to_recordset(_facts) AS f({ITEM})), stored AS (
        INSERT INTO grading.record (id, kind, term_id, cadet_id, training_day_id, exam, status, points, value, target_id, reason,
            occurred_at, recorded_at, actor_id, device_id, device_seq)
        SELECT f.id, f.kind, t.id, c.id, f.training_day_id, f.exam, f.status, f.points, f.value, f.target_id, f.reason,
            f.occurred_at, _now, f.actor_id, f.device_id, f.device_seq
        FROM f LEFT JOIN grading.training_day d ON d.id = f.training_day_id
            JOIN grading.term t ON t.id = coalesce(d.term_id, f.term_id)
            JOIN grading.cadet_ref c ON c.id = f.cadet_id
        ORDER BY coalesce(f.target_id, f.id) ON CONFLICT DO NOTHING RETURNING id, term_id, cadet_id
    )"""
NEWEST_FIRST = 'f.occurred_at DESC, f.device_id COLLATE "C" DESC, f.device_seq DESC, f.id DESC'
IF_NEWER = """WHERE (excluded.occurred_at, excluded.device_id, excluded.device_seq, excluded.record_id)
            > (p.occurred_at, p.device_id, p.device_seq, p.record_id)"""
TAKE_OVER = """record_id = excluded.record_id, occurred_at = excluded.occurred_at, device_id = excluded.device_id,
            device_seq = excluded.device_seq, actor_id = excluded.actor_id"""
# (term, its stored records as [id, in force, what it replaced], the cadets whose grades move), by term.
IN_FORCE = """SELECT term_id, json_agg(json_build_array(id, record_id IS NOT NULL, replaced)) AS items,
        coalesce(array_agg(DISTINCT cadet_id) FILTER (WHERE record_id IS NOT NULL), '{}') AS cadet_ids
    FROM stored LEFT JOIN put ON put.record_id = stored.id GROUP BY term_id ORDER BY term_id"""
STORE_POINTS = f"""{STORED} SELECT term_id, json_agg(json_build_array(id, true, NULL)) AS items,
        array_agg(DISTINCT cadet_id) AS cadet_ids
    FROM stored GROUP BY term_id ORDER BY term_id"""
STORE_MARKS = f"""{STORED}, put AS (
        INSERT INTO grading.mark AS p (training_day_id, cadet_id, term_id, record_id, status, occurred_at, device_id, device_seq,
            actor_id)
        SELECT DISTINCT ON (f.training_day_id, f.cadet_id) f.training_day_id, f.cadet_id, stored.term_id, f.id, f.status,
            f.occurred_at, f.device_id, f.device_seq, f.actor_id
        FROM f JOIN stored ON stored.id = f.id ORDER BY f.training_day_id, f.cadet_id, {NEWEST_FIRST}
        ON CONFLICT (training_day_id, cadet_id) DO UPDATE SET status = excluded.status, replaced = p.status, {TAKE_OVER}
        {IF_NEWER} RETURNING record_id, replaced
    ) {IN_FORCE}"""
STORE_SCORES = f"""{STORED}, put AS (
        INSERT INTO grading.score AS p (term_id, cadet_id, exam, record_id, value, occurred_at, device_id, device_seq, actor_id)
        SELECT DISTINCT ON (f.cadet_id, f.exam, stored.term_id) stored.term_id, f.cadet_id, f.exam, f.id, f.value, f.occurred_at,
            f.device_id, f.device_seq, f.actor_id
        FROM f JOIN stored ON stored.id = f.id ORDER BY f.cadet_id, f.exam, stored.term_id, {NEWEST_FIRST}
        ON CONFLICT (term_id, cadet_id, exam) DO UPDATE SET value = excluded.value, {TAKE_OVER}
        {IF_NEWER} RETURNING record_id, NULL AS replaced
    ) {IN_FORCE}"""
POINTS = ("attendance", "aptitude", "subject", "final")
COLUMNS = f"""g.cadet_id, g.present, g.late, g.excused, g.duty, g.absent, g.merits, g.demerits, g.scores,
    {", ".join(f"g.{name}::text AS {name}" for name in POINTS)}, g.transmuted, g.state, g.missing"""
# Rows as one JSON value: a hundred of sixteen columns would cost a millisecond more to take over one by one.
HOLD = f"""WITH held AS (SELECT {COLUMNS} FROM grading.grade g
        WHERE g.term_id = _part.term_id AND g.cadet_id = ANY(_part.cadet_ids) ORDER BY g.cadet_id FOR UPDATE)
    SELECT coalesce(json_agg(held), '[]'), count(*) INTO _rows, _held FROM held"""
MAKE = """INSERT INTO grading.grade (term_id, cadet_id) SELECT _part.term_id, id FROM unnest(_part.cadet_ids) AS id
        ORDER BY id ON CONFLICT DO NOTHING"""
# The number of days is read here and not before: our records hold a share of the term by now, so it stays until we have written.
GIVE = """SELECT t.id, _part.items, _rows, t.days_count, t.policy_version,
        ARRAY(SELECT d.id FROM grading.training_day d WHERE d.term_id = t.id AND d.is_cancelled)
    FROM grading.term t WHERE t.id = _part.term_id"""
TAKES = "_facts json, _now timestamptz"
GIVES = "o_term_id integer, o_items json, o_rows json, o_days_count integer, o_policy_version integer, o_cancelled integer[]"
FUNCTIONS = (("take_points", STORE_POINTS), ("take_marks", STORE_MARKS), ("take_scores", STORE_SCORES))


def upgrade():
    for name, query in FUNCTIONS:
        op.execute(
            f"""CREATE FUNCTION grading.{name}({TAKES}) RETURNS TABLE ({GIVES}) LANGUAGE plpgsql
            SET plan_cache_mode = force_generic_plan AS $$
            #variable_conflict use_column
            DECLARE
                _part record;
                _rows json;
                _held integer;
            BEGIN
                FOR _part IN {query} LOOP
                    LOOP
                        {HOLD};
                        EXIT WHEN _held = cardinality(_part.cadet_ids);
                        {MAKE};
                    END LOOP;
                    RETURN QUERY {GIVE};
                END LOOP;
            END $$"""
        )


def downgrade():
    for name, _query in FUNCTIONS:
        op.execute(f"DROP FUNCTION grading.{name}({TAKES})")
