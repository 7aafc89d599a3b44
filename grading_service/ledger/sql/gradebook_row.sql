-- A gradebook row: the one shape of it, for the list, for the answer to a write and for the event. Grades are text, so that 91.50
-- stays 91.50. `g` is NULL for a cadet without any fact, who shows `no_scores` and `all_missing`. A special grade overrides what
-- the records give: it stands alone, without points.
-- One plain expression, so that PostgreSQL puts it into the statement that calls it.
CREATE OR REPLACE FUNCTION grading.gradebook_row(
    c grading.cadet_ref, g grading.grade, _term_id integer, no_scores text, all_missing text
) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'cadet_id', c.id, 'term_id', _term_id, 'student_id', c.student_id, 'name', c.name,
        'company', c.company, 'platoon', c.platoon,
        'days_counted', coalesce(g.present + g.late + g.excused + g.duty + g.absent, 0),
        'days_present', coalesce(g.present + g.late + g.excused + g.duty, 0),
        'late', coalesce(g.late, 0), 'excused', coalesce(g.excused, 0), 'duty', coalesce(g.duty, 0),
        'absent', coalesce(g.absent, 0), 'merits', coalesce(g.merits, 0), 'demerits', coalesce(g.demerits, 0),
        'scores', coalesce(g.scores, CAST(no_scores AS jsonb)),
        'attendance', CASE WHEN c.special IS NULL THEN CAST(g.attendance AS text) END,
        'aptitude', CASE WHEN c.special IS NULL THEN CAST(g.aptitude AS text) END,
        'subject', CASE WHEN c.special IS NULL THEN CAST(g.subject AS text) END,
        'final', CASE WHEN c.special IS NULL THEN CAST(g.final AS text) END,
        'transmuted', coalesce(c.special, g.transmuted),
        'passed', CASE WHEN c.special IS NULL AND g.final IS NOT NULL AND g.best IS NOT NULL THEN g.outlook = 'passed' END,
        'so_far', CASE WHEN c.special IS NULL THEN g.so_far END,
        'worst', CASE WHEN c.special IS NULL THEN g.worst END,
        'best', CASE WHEN c.special IS NULL THEN g.best END,
        'outlook', CASE WHEN c.special IS NULL THEN coalesce(g.outlook, 'open') END,
        'state', CASE WHEN c.special IS NULL THEN coalesce(g.state, 'no_data') ELSE 'special' END,
        'missing', coalesce(to_jsonb(g.missing), CAST(all_missing AS jsonb)), 'version', coalesce(g.version, 0)
    )
$$;
