-- Store grades that the caller holds, and give the gradebook rows of those who are not archived, by name, at most `_most` in each
-- part: one part is one event. The ids are told twice, for the planner does not look into the JSON and would read the whole term.
-- An open grade gets no number, whoever writes it: a process of the release before may still run.
CREATE OR REPLACE FUNCTION grading.write_grades(
    _term_id integer, _cadet_ids integer[], _grades json, _most integer, _no_scores text, _all_missing text
) RETURNS TABLE (o_rows text, o_cadet_ids integer[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH f AS (
        SELECT * FROM json_to_recordset(_grades) AS f(
            cadet_id integer, present integer, late integer, excused integer, duty integer, absent integer, merits integer,
            demerits integer, scores jsonb, attendance numeric, aptitude numeric, subject numeric, final numeric, transmuted text,
            so_far jsonb, worst jsonb, best jsonb, outlook text, state text, missing text[]
        )
    ), written AS (
        UPDATE grading.grade g SET present = f.present, late = f.late, excused = f.excused, duty = f.duty, absent = f.absent,
            merits = f.merits, demerits = f.demerits, scores = f.scores, aptitude = f.aptitude, subject = f.subject,
            attendance = CASE WHEN 'attendance' = ANY(f.missing) THEN NULL ELSE f.attendance END,
            final = CASE WHEN f.missing = '{}' THEN f.final END,
            transmuted = CASE WHEN f.missing = '{}' THEN f.transmuted END, so_far = f.so_far, worst = f.worst, best = f.best,
            outlook = coalesce(f.outlook, 'open'), state = f.state, missing = f.missing, version = g.version + 1, updated_at = now()
        FROM f WHERE g.term_id = _term_id AND g.cadet_id = f.cadet_id AND g.cadet_id = ANY(_cadet_ids)
        RETURNING g.cadet_id, g AS grade
    ), shown AS (
        SELECT grading.gradebook_row(c, written.grade, _term_id, _no_scores, _all_missing) AS line, c.id,
            row_number() OVER (ORDER BY c.sort_name, c.id) AS n
        FROM written JOIN grading.cadet_ref c ON c.id = written.cadet_id AND c.id = ANY(_cadet_ids) WHERE NOT c.is_archived
    )
    SELECT json_agg(line ORDER BY n)::text, array_agg(id) FROM shown GROUP BY (n - 1) / _most ORDER BY min(n);
END $$;
