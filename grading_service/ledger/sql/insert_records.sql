-- Store graded facts, put marks and scores in force unless a newer one is, and lock the grades that move: a row for each term with
-- its stored facts as [id, in force, what it replaced], the grades as they were, and what they are reckoned by.
--
-- Everybody takes records by id, voids by what they void, then marks by day and cadet, scores by cadet and exam, then grades by
-- term and cadet: two requests that overlap wait for each other in one direction only.
-- PostgreSQL took longer to plan a mark than to store it, so each connection keeps the plan, and always the general one: for a
-- single cadet a plan of its own seems cheaper, and takes three times as long to make as it runs.
CREATE OR REPLACE FUNCTION grading.insert_records(_facts json, _now timestamptz) RETURNS TABLE (
    o_term_id integer, o_items json, o_rows json, o_days_count integer, o_policy_version integer, o_cancelled integer[]
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    _part record;
    _rows json;
    _locked integer;
BEGIN
    FOR _part IN
        WITH f AS (
            SELECT * FROM json_to_recordset(_facts) AS f(
                id uuid, kind text, cadet_id integer, occurred_at timestamptz, term_id integer, training_day_id integer, exam text,
                status text, points smallint, value numeric, target_id uuid, reason text, device_id text, device_seq bigint,
                actor_id integer
            )
        ), stored AS (
            INSERT INTO grading.record (id, kind, term_id, cadet_id, training_day_id, exam, status, points, value, target_id,
                reason, occurred_at, recorded_at, actor_id, device_id, device_seq)
            SELECT f.id, f.kind, t.id, c.id, f.training_day_id, f.exam, f.status, f.points, f.value, f.target_id, f.reason,
                f.occurred_at, _now, f.actor_id, f.device_id, f.device_seq
            FROM f LEFT JOIN grading.training_day d ON d.id = f.training_day_id
                JOIN grading.term t ON t.id = coalesce(d.term_id, f.term_id)
                JOIN grading.cadet_ref c ON c.id = f.cadet_id
            ORDER BY coalesce(f.target_id, f.id) ON CONFLICT DO NOTHING RETURNING id, kind, term_id, cadet_id
        ), marked AS (
            INSERT INTO grading.mark AS p (training_day_id, cadet_id, term_id, record_id, status, occurred_at, device_id,
                device_seq, actor_id)
            SELECT DISTINCT ON (f.training_day_id, f.cadet_id) f.training_day_id, f.cadet_id, stored.term_id, f.id, f.status,
                f.occurred_at, f.device_id, f.device_seq, f.actor_id
            FROM f JOIN stored ON stored.id = f.id WHERE f.kind = 'attendance'
            ORDER BY f.training_day_id, f.cadet_id, f.occurred_at DESC, f.device_id COLLATE "C" DESC, f.device_seq DESC, f.id DESC
            ON CONFLICT (training_day_id, cadet_id) DO UPDATE SET status = excluded.status, replaced = p.status,
                record_id = excluded.record_id, occurred_at = excluded.occurred_at, device_id = excluded.device_id,
                device_seq = excluded.device_seq, actor_id = excluded.actor_id
            WHERE (excluded.occurred_at, excluded.device_id, excluded.device_seq, excluded.record_id)
                > (p.occurred_at, p.device_id, p.device_seq, p.record_id)
            RETURNING record_id, replaced
        ), scored AS (
            INSERT INTO grading.score AS p (term_id, cadet_id, exam, record_id, value, occurred_at, device_id, device_seq, actor_id)
            SELECT DISTINCT ON (f.cadet_id, f.exam, stored.term_id) stored.term_id, f.cadet_id, f.exam, f.id, f.value,
                f.occurred_at, f.device_id, f.device_seq, f.actor_id
            FROM f JOIN stored ON stored.id = f.id WHERE f.kind = 'score'
            ORDER BY f.cadet_id, f.exam, stored.term_id,
                f.occurred_at DESC, f.device_id COLLATE "C" DESC, f.device_seq DESC, f.id DESC
            ON CONFLICT (term_id, cadet_id, exam) DO UPDATE SET value = excluded.value,
                record_id = excluded.record_id, occurred_at = excluded.occurred_at, device_id = excluded.device_id,
                device_seq = excluded.device_seq, actor_id = excluded.actor_id
            WHERE (excluded.occurred_at, excluded.device_id, excluded.device_seq, excluded.record_id)
                > (p.occurred_at, p.device_id, p.device_seq, p.record_id)
            RETURNING record_id
        ), judged AS (
            SELECT stored.id, stored.term_id, stored.cadet_id, marked.replaced,
                stored.kind NOT IN ('attendance', 'score') OR marked.record_id IS NOT NULL OR scored.record_id IS NOT NULL AS moves
            FROM stored LEFT JOIN marked ON marked.record_id = stored.id LEFT JOIN scored ON scored.record_id = stored.id
        )
        SELECT term_id, json_agg(json_build_array(id, moves, replaced)) AS items,
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
