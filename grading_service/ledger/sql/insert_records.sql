-- Store graded facts, put marks and scores in force unless a newer one is, and lock the grades that move: a row for each term with
-- its stored facts as [id, in force, the status it replaced, the record it replaced, why it is set aside, its place where that is
-- not when it happened], the grades as they were, and what they are reckoned by.
--
-- A fact's place in the order is when it happened by its device, or behind the record that its writer had before them (`after`), so
-- that a correction wins whatever the clocks say. One that shall never have an effect is set aside for good as it is stored: of an
-- archived cadet, dated outside its term, or a score over one that its writer had not seen.
--
-- Everybody takes cells of scores by number, records by id, voids by what they void, then marks by day and cadet, scores by cadet and
-- exam, then grades by term and cadet: two requests that overlap wait for each other in one direction only.
-- PostgreSQL took longer to plan a mark than to store it, so each connection keeps the plan, and always the general one: for a
-- single cadet a plan of its own seems cheaper, and takes three times as long to make as it runs. A plan made while the tables are
-- small must serve until they have grown.
CREATE OR REPLACE FUNCTION grading.insert_records(_facts json, _now timestamptz) RETURNS TABLE (
    o_term_id integer, o_items json, o_rows json, o_days_count integer, o_policy_version integer, o_cancelled integer[]
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    _part record;
    _rows json;
    _locked integer;
BEGIN
    -- A cell may be empty, so there is no row to hold; without this two people could both find it as they had seen it.
    IF strpos(_facts::text, '"kind":"score"') > 0 THEN
        PERFORM pg_advisory_xact_lock(cell) FROM (
            SELECT DISTINCT hashtextextended(concat_ws(':', 'grading.score', term_id, cadet_id, exam), 0) AS cell
            FROM json_to_recordset(_facts) AS f(kind text, term_id integer, cadet_id integer, exam text)
            WHERE kind = 'score' ORDER BY cell
        ) cells;
    END IF;
    FOR _part IN
        WITH f AS (
            SELECT * FROM json_to_recordset(_facts) AS f(
                id uuid, kind text, cadet_id integer, occurred_at timestamptz, term_id integer, training_day_id integer, exam text,
                status text, points smallint, value numeric, target_id uuid, reason text, device_id text, device_seq bigint,
                actor_id integer, supersedes uuid, based_on uuid, saw boolean, saw_value numeric, ordered_at timestamptz, after uuid,
                steps integer
            )
        ), stored AS (
            INSERT INTO grading.record (id, kind, term_id, cadet_id, training_day_id, exam, status, points, value, target_id,
                reason, occurred_at, recorded_at, actor_id, device_id, device_seq, supersedes, based_on, ordered_at, set_aside)
            SELECT f.id, f.kind, t.id, c.id, f.training_day_id, f.exam, f.status, f.points, f.value, f.target_id, f.reason,
                f.occurred_at, _now, f.actor_id, f.device_id, f.device_seq, f.supersedes, f.based_on,
                nullif(o.place, f.occurred_at),
                CASE
                    WHEN f.kind = 'void' THEN NULL
                    WHEN c.is_archived THEN 'archived_cadet'
                    -- An exam is often scored after the last day of the term.
                    WHEN o.day < t.starts_on OR o.day > t.ends_on AND f.kind <> 'score' THEN 'outside_term'
                    WHEN f.saw AND s.value IS DISTINCT FROM f.value AND s.actor_id <> f.actor_id
                        AND s.record_id IS DISTINCT FROM f.after AND NOT o.as_seen THEN 'changed_meanwhile'
                END
            FROM f LEFT JOIN grading.training_day d ON d.id = f.training_day_id
                JOIN grading.term t ON t.id = coalesce(d.term_id, f.term_id)
                JOIN grading.cadet_ref c ON c.id = f.cadet_id
                -- What its writer had before them, if that is of the same cell. OFFSET keeps each look-up to its own key: taken
                -- into the join, on young tables, they were planned by the term alone and read all of it for every fact.
                LEFT JOIN LATERAL (
                    SELECT coalesce(r.ordered_at, r.occurred_at) + f.steps * INTERVAL '1 microsecond' AS behind
                    FROM (SELECT * FROM grading.record WHERE id = f.after OFFSET 0) r
                    WHERE r.kind = f.kind AND r.cadet_id = c.id AND r.term_id = t.id
                        AND r.training_day_id IS NOT DISTINCT FROM f.training_day_id AND r.exam IS NOT DISTINCT FROM f.exam
                ) b ON true
                LEFT JOIN LATERAL (
                    SELECT p.record_id, p.value, p.actor_id, coalesce(p.ordered_at, p.occurred_at) AS place FROM grading.score p
                    WHERE f.kind = 'score' AND p.term_id = t.id AND p.cadet_id = c.id AND p.exam = f.exam OFFSET 0
                ) s ON true
                CROSS JOIN LATERAL (
                    SELECT f.saw AND f.after IS NULL AND s.value IS NOT DISTINCT FROM f.saw_value AS as_seen
                ) w
                CROSS JOIN LATERAL (
                    SELECT greatest(
                        coalesce(f.ordered_at, f.occurred_at), b.behind,
                        CASE WHEN w.as_seen THEN s.place + INTERVAL '1 microsecond' END
                    ) AS place
                ) l
                CROSS JOIN LATERAL (
                    SELECT l.place, w.as_seen, coalesce(d.date, CAST(l.place AT TIME ZONE 'Asia/Manila' AS date)) AS day
                ) o
            WHERE f.supersedes IS NULL OR f.supersedes IS DISTINCT FROM f.after OR b.behind IS NOT NULL
            ORDER BY coalesce(f.target_id, f.id) ON CONFLICT DO NOTHING
            RETURNING id, kind, term_id, cadet_id, training_day_id, exam, status, value, target_id, occurred_at, ordered_at,
                device_id, device_seq, actor_id, set_aside
        ), marked AS (
            INSERT INTO grading.mark AS p (training_day_id, cadet_id, term_id, record_id, status, occurred_at, ordered_at,
                device_id, device_seq, actor_id)
            SELECT DISTINCT ON (training_day_id, cadet_id) training_day_id, cadet_id, term_id, id, status, occurred_at, ordered_at,
                device_id, device_seq, actor_id
            FROM stored WHERE kind = 'attendance' AND set_aside IS NULL
            ORDER BY training_day_id, cadet_id,
                coalesce(ordered_at, occurred_at) DESC, device_id COLLATE "C" DESC, device_seq DESC, id DESC
            ON CONFLICT (training_day_id, cadet_id) DO UPDATE SET status = excluded.status, replaced = p.status,
                replaced_id = p.record_id, record_id = excluded.record_id, occurred_at = excluded.occurred_at,
                ordered_at = excluded.ordered_at, device_id = excluded.device_id, device_seq = excluded.device_seq,
                actor_id = excluded.actor_id
            WHERE (coalesce(excluded.ordered_at, excluded.occurred_at), excluded.device_id, excluded.device_seq, excluded.record_id)
                > (coalesce(p.ordered_at, p.occurred_at), p.device_id, p.device_seq, p.record_id)
            RETURNING record_id, replaced, replaced_id
        ), scored AS (
            INSERT INTO grading.score AS p (term_id, cadet_id, exam, record_id, value, occurred_at, ordered_at, device_id,
                device_seq, actor_id)
            SELECT DISTINCT ON (cadet_id, exam, term_id) term_id, cadet_id, exam, id, value, occurred_at, ordered_at, device_id,
                device_seq, actor_id
            FROM stored WHERE kind = 'score' AND set_aside IS NULL
            ORDER BY cadet_id, exam, term_id,
                coalesce(ordered_at, occurred_at) DESC, device_id COLLATE "C" DESC, device_seq DESC, id DESC
            ON CONFLICT (term_id, cadet_id, exam) DO UPDATE SET value = excluded.value, record_id = excluded.record_id,
                occurred_at = excluded.occurred_at, ordered_at = excluded.ordered_at, device_id = excluded.device_id,
                device_seq = excluded.device_seq, actor_id = excluded.actor_id
            WHERE (coalesce(excluded.ordered_at, excluded.occurred_at), excluded.device_id, excluded.device_seq, excluded.record_id)
                > (coalesce(p.ordered_at, p.occurred_at), p.device_id, p.device_seq, p.record_id)
            RETURNING record_id
        ), judged AS (
            SELECT stored.*, marked.replaced, marked.replaced_id, stored.set_aside IS NULL AND CASE stored.kind
                    WHEN 'attendance' THEN marked.record_id IS NOT NULL
                    WHEN 'score' THEN scored.record_id IS NOT NULL
                    -- What has no effect has none to take back.
                    WHEN 'void' THEN EXISTS (SELECT FROM grading.record r WHERE r.id = stored.target_id AND r.set_aside IS NULL)
                    ELSE true
                END AS moves
            FROM stored LEFT JOIN marked ON marked.record_id = stored.id LEFT JOIN scored ON scored.record_id = stored.id
        )
        SELECT term_id, json_agg(json_build_array(id, moves, replaced, replaced_id, set_aside, ordered_at)) AS items,
            coalesce(array_agg(DISTINCT cadet_id) FILTER (WHERE moves), '{}') AS cadet_ids
        FROM judged GROUP BY term_id ORDER BY term_id
    LOOP
        LOOP
            -- Rows as one JSON value: a hundred of sixteen columns would cost a millisecond more to take over one by one.
            WITH locked AS (
                SELECT g.cadet_id, g.present, g.late, g.excused, g.duty, g.absent, g.merits, g.demerits, g.scores,
                    g.attendance::text AS attendance, g.aptitude::text AS aptitude, g.subject::text AS subject,
                    g.final::text AS final, g.transmuted, g.state, g.missing
                FROM grading.grade g WHERE g.term_id = _part.term_id AND g.cadet_id = ANY(_part.cadet_ids)
                ORDER BY g.cadet_id FOR UPDATE
            )
            SELECT coalesce(json_agg(locked), '[]'), count(*) INTO _rows, _locked FROM locked;
            EXIT WHEN _locked = cardinality(_part.cadet_ids);
            INSERT INTO grading.grade (term_id, cadet_id) SELECT _part.term_id, id FROM unnest(_part.cadet_ids) AS id
                ORDER BY id ON CONFLICT DO NOTHING;
        END LOOP;
        -- The number of days is read here and not before: our records hold a share of the term by now, so it stays until we have
        -- written.
        RETURN QUERY SELECT t.id, _part.items, _rows, t.days_count, t.policy_version,
                ARRAY(SELECT d.id FROM grading.training_day d WHERE d.term_id = t.id AND d.is_cancelled)
            FROM grading.term t WHERE t.id = _part.term_id;
    END LOOP;
END $$;
