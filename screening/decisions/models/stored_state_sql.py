"""The triggers that keep the stored state of screening (stored_state.py).

Each is one function for whole statements, so a million rows cost one call. Why counts
can't go wrong under concurrency:

- A counter only gets rows added, by what a row was and is; the lock of the changed row
  orders its changes.
- A record is set aside while the review's lock of merges is held. New rounds wait for
  that lock and look at the merges again. New assignments hold their round.
- A state is computed after its row is locked, from the tables. So the last of several
  transactions finds what all of them wrote.
"""

from __future__ import annotations

# As merge_graph.lock_edges takes it: whoever changes merges holds it.
_MERGE_LOCK = "pg_advisory_xact_lock(7001, (review_id % 2147483648)::int)"

_IS_ASIDE = """(
    EXISTS (SELECT 1 FROM records_duplicate d
            WHERE d.record_id = c.id AND d.undone_at IS NULL)
    OR EXISTS (SELECT 1 FROM records_import b
               WHERE b.id = c.batch_id AND b.state = 'undone'))"""


def _reopened(before: str) -> str:
    """Return SQL: does the record ``c`` or its report ``p`` wait for a resolution?

    Its conflict was reopened at an earlier stage, and it is not included again.
    """
    return f"""EXISTS (
        SELECT 1 FROM decisions_round e JOIN decisions_stage eg ON eg.id = e.stage_id
        WHERE e.review_id = c.review_id AND e.reopened_at IS NOT NULL
          AND e.verdict <> 'include'
          AND (e.record_id = c.id OR e.report_id = p.id) AND {before})"""


_IS_ROUND_ASIDE = f"""({_IS_ASIDE} OR {_reopened("eg.position < g.position")})"""
_IS_REPORT_ASIDE = _reopened("eg.subject = 'record'")


def _count(table: str, keys: str, selected: str, moved: str) -> str:
    """Return statements that add what changed rows were and are to a counter."""
    return f"""
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {table} (review_id, {keys}, n)
        SELECT {selected}, count(*) FROM new_rows t {moved}
        GROUP BY {selected};
    ELSE
        INSERT INTO {table} (review_id, {keys}, n)
        SELECT review_id, {keys}, sum(n) FROM (
            SELECT {selected}, 1 FROM new_rows t {moved}
            UNION ALL
            SELECT {selected}, -1 FROM old_rows t {moved}
        ) AS e (review_id, {keys}, n)
        GROUP BY review_id, {keys} HAVING sum(n) <> 0;
    END IF;
    """


def _changed(columns: str) -> str:
    """Return a query of the rows of an update in which one of the columns changed.

    Not a join of old and new rows: its plan is kept from statements of one row, and a
    loop over a loop takes minutes for a statement of thousands.
    """
    return f"SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows"


def _function(name: str, body: str, declare: str = "") -> str:
    return f"""
CREATE OR REPLACE FUNCTION {name} LANGUAGE plpgsql AS $$
{declare}
BEGIN
{body}
END $$;
"""


def _triggers(table: str, function: str, *operations: str) -> str:
    old_and_new = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    }
    return "".join(
        f"""
CREATE OR REPLACE TRIGGER {function}_{operation.lower()} AFTER {operation} ON {table}
REFERENCING {old_and_new[operation]} FOR EACH STATEMENT
EXECUTE FUNCTION {function}();
"""
        for operation in operations
    )


_ROUND_KEYS = "stage_id, wave_id, is_aside, verdict, how"
_ROUND_SELECTED = "t.review_id, t.stage_id, t.wave_id, t.is_aside, t.verdict, t.how"
_ROUNDS = _function(
    "decisions_count_rounds() RETURNS trigger",
    _count("decisions_roundtally", _ROUND_KEYS, _ROUND_SELECTED, "")
    + f"""
    IF TG_OP = 'INSERT' THEN
        PERFORM {_MERGE_LOCK} FROM (SELECT DISTINCT review_id FROM new_rows) AS r;
        UPDATE decisions_round r SET is_aside = true
        FROM new_rows n LEFT JOIN reports_report p ON p.id = n.report_id
        JOIN records_record c ON c.id = COALESCE(n.record_id, p.record_id)
        JOIN decisions_stage g ON g.id = n.stage_id
        WHERE r.id = n.id AND NOT r.is_aside AND {_IS_ROUND_ASIDE};
    ELSE
        UPDATE decisions_assignment a SET wave_id = n.wave_id, is_aside = n.is_aside
        FROM ({_changed("id, wave_id, is_aside")}) AS n WHERE a.round_id = n.id;
    END IF;
    RETURN NULL;
""",
)

_ASSIGNMENT_KEYS = "stage_id, wave_id, member_id, no, is_aside, is_vacated, is_done"
_ASSIGNMENT_SELECTED = (
    "s.review_id, t.stage_id, t.wave_id, t.member_id, t.no, t.is_aside, "
    "t.vacated_at IS NOT NULL, t.is_done"
)
_ASSIGNMENTS = _function(
    "decisions_count_assignments() RETURNS trigger",
    _count(
        "decisions_assignmenttally",
        _ASSIGNMENT_KEYS,
        _ASSIGNMENT_SELECTED,
        "JOIN decisions_stage s ON s.id = t.stage_id",
    )
    + """
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM decisions_round r
        WHERE r.id IN (SELECT round_id FROM new_rows) ORDER BY r.id FOR SHARE;
        UPDATE decisions_assignment a
        SET wave_id = n.wave_id, is_aside = n.is_aside, is_done = n.is_done
        FROM (
            SELECT t.id, r.wave_id, r.is_aside, COALESCE((
                SELECT v.verdict <> 'withdrawn' FROM decisions_vote v
                WHERE v.round_id = t.round_id AND v.author_id = t.member_id
                ORDER BY v.version DESC LIMIT 1
            ), false) AS is_done
            FROM new_rows t JOIN decisions_round r ON r.id = t.round_id
        ) AS n
        WHERE a.id = n.id AND (a.wave_id, a.is_aside, a.is_done)
              IS DISTINCT FROM (n.wave_id, n.is_aside, n.is_done);
    END IF;
    RETURN NULL;
""",
)

_VOTES = _function(
    "decisions_finish_assignments() RETURNS trigger",
    """
    UPDATE decisions_assignment a SET is_done = v.is_done
    FROM (
        SELECT DISTINCT ON (round_id, author_id)
               round_id, author_id, verdict <> 'withdrawn' AS is_done
        FROM new_rows ORDER BY round_id, author_id, version DESC
    ) AS v
    WHERE a.round_id = v.round_id AND a.member_id = v.author_id
      AND a.is_done <> v.is_done;
    RETURN NULL;
""",
)

_SETTLE = _function(
    "decisions_settle_records(ids bigint[]) RETURNS void",
    f"""
    INSERT INTO decisions_recordstate (
        record_id, review_id, source_id, is_aside, is_excluded, retrieval,
        is_report_excluded)
    SELECT c.id, c.review_id, c.source_id, false, false, '', false
    FROM records_record c WHERE c.id = ANY (ids) ORDER BY c.id
    ON CONFLICT DO NOTHING;
    PERFORM 1 FROM decisions_recordstate WHERE record_id = ANY (ids)
    ORDER BY record_id FOR UPDATE;
    UPDATE decisions_recordstate s SET
        is_aside = f.is_aside, is_excluded = f.is_excluded, retrieval = f.retrieval,
        is_report_excluded = f.is_report_excluded, reason_id = f.reason_id,
        included_at_id = f.included_at_id
    FROM (
        SELECT c.id, {_IS_ASIDE} AS is_aside,
               EXISTS (SELECT 1 FROM decisions_decision d WHERE d.record_id = c.id
                       AND d.verdict = 'exclude') AS is_excluded,
               CASE WHEN p.is_aside THEN '' ELSE COALESCE(p.retrieval, '') END
                   AS retrieval,
               x.id IS NOT NULL AS is_report_excluded, x.reason_id,
               i.stage_id AS included_at_id
        FROM records_record c
        LEFT JOIN reports_report p ON p.record_id = c.id
        LEFT JOIN LATERAL (
            SELECT d.id, d.reason_id FROM decisions_decision d
            WHERE d.report_id = p.id AND d.verdict = 'exclude' ORDER BY d.id LIMIT 1
        ) AS x ON true
        LEFT JOIN LATERAL (
            SELECT d.stage_id FROM decisions_decision d
            JOIN decisions_stage g ON g.id = d.stage_id
            WHERE d.report_id = p.id AND d.verdict = 'include'
            ORDER BY g.position DESC LIMIT 1
        ) AS i ON true
        WHERE c.id = ANY (ids)
    ) AS f
    WHERE s.record_id = f.id AND (
        s.is_aside, s.is_excluded, s.retrieval, s.is_report_excluded, s.reason_id,
        s.included_at_id
    ) IS DISTINCT FROM (
        f.is_aside, f.is_excluded, f.retrieval, f.is_report_excluded, f.reason_id,
        f.included_at_id
    );
""",
)

_DECISIONS = _function(
    "decisions_settle_decisions() RETURNS trigger",
    """
    UPDATE decisions_round r SET verdict = n.verdict, how = n.how
    FROM new_rows n WHERE r.id = n.round_id;
    PERFORM decisions_settle_records(ARRAY(
        SELECT COALESCE(n.record_id, p.record_id) FROM new_rows n
        LEFT JOIN reports_report p ON p.id = n.report_id
    ));
    ids := ARRAY(
        SELECT COALESCE(n.record_id, p.record_id) FROM new_rows n
        JOIN decisions_round r ON r.id = n.round_id AND r.reopened_at IS NOT NULL
        LEFT JOIN reports_report p ON p.id = n.report_id
    );
    IF cardinality(ids) > 0 THEN
        PERFORM decisions_set_aside(ids);
    END IF;
    RETURN NULL;
""",
    "DECLARE ids bigint[];",
)

# A record without a state could be merged at this moment, so its first report waits.
_REPORTS = _function(
    "decisions_settle_reports() RETURNS trigger",
    f"""
    IF TG_OP = 'INSERT' THEN
        ids := ARRAY(SELECT record_id FROM new_rows);
        PERFORM {_MERGE_LOCK} FROM (
            SELECT DISTINCT n.review_id FROM new_rows n WHERE NOT EXISTS (
                SELECT 1 FROM decisions_recordstate s WHERE s.record_id = n.record_id)
        ) AS r;
    ELSE
        ids := ARRAY(SELECT n.record_id
                     FROM ({_changed("id, record_id, retrieval")}) AS n);
    END IF;
    IF cardinality(ids) > 0 THEN
        PERFORM decisions_settle_records(ids);
    END IF;
    RETURN NULL;
""",
    "DECLARE ids bigint[];",
)

_SET_ASIDE = _function(
    "decisions_set_aside(ids bigint[]) RETURNS void",
    f"""
    rounds := ARRAY(
        SELECT id FROM decisions_round WHERE record_id = ANY (ids)
        UNION ALL
        SELECT r.id FROM reports_report p JOIN decisions_round r ON r.report_id = p.id
        WHERE p.record_id = ANY (ids)
    );
    IF cardinality(rounds) > 0 THEN
        PERFORM 1 FROM decisions_round WHERE id = ANY (rounds)
        ORDER BY id FOR NO KEY UPDATE;
        UPDATE decisions_round r SET is_aside = f.is_aside
        FROM (
            SELECT t.id, {_IS_ROUND_ASIDE} AS is_aside FROM decisions_round t
            LEFT JOIN reports_report p ON p.id = t.report_id
            JOIN records_record c ON c.id = COALESCE(t.record_id, p.record_id)
            JOIN decisions_stage g ON g.id = t.stage_id
            WHERE t.id = ANY (rounds)
        ) AS f
        WHERE r.id = f.id AND r.is_aside <> f.is_aside;
        UPDATE reports_report r SET is_aside = f.is_aside
        FROM (
            SELECT p.id, {_IS_REPORT_ASIDE} AS is_aside FROM reports_report p
            JOIN records_record c ON c.id = p.record_id
            WHERE p.record_id = ANY (ids)
        ) AS f
        WHERE r.id = f.id AND r.is_aside <> f.is_aside;
    END IF;
    ids := ARRAY(SELECT record_id FROM decisions_recordstate
                 WHERE record_id = ANY (ids));
    IF cardinality(ids) > 0 THEN
        PERFORM decisions_settle_records(ids);
    END IF;
""",
    "DECLARE rounds bigint[];",
)

# Merges before any screening, the most by far, have nothing to set aside.
_MERGES = _function(
    "decisions_follow_merges() RETURNS trigger",
    f"""
    PERFORM {_MERGE_LOCK} FROM (SELECT DISTINCT review_id FROM new_rows) AS r;
    IF NOT EXISTS (
        SELECT 1 FROM (SELECT DISTINCT review_id FROM new_rows) AS r
        WHERE EXISTS (SELECT 1 FROM decisions_round d WHERE d.review_id = r.review_id)
        OR EXISTS (SELECT 1 FROM decisions_recordstate s
                   WHERE s.review_id = r.review_id)
    ) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM decisions_set_aside(
            ARRAY(SELECT record_id FROM new_rows WHERE undone_at IS NULL));
    ELSE
        PERFORM decisions_set_aside(ARRAY(
            SELECT n.record_id
            FROM ({_changed("id, record_id, undone_at IS NULL")}) AS n));
    END IF;
    RETURN NULL;
""",
)

_IMPORTS = _function(
    "decisions_follow_imports() RETURNS trigger",
    f"""
    PERFORM {_MERGE_LOCK}, decisions_set_aside(
        ARRAY(SELECT c.id FROM records_record c WHERE c.batch_id = b.id))
    FROM (
        SELECT n.id, n.review_id
        FROM ({_changed("id, review_id, state = 'undone'")}) AS n ORDER BY n.id
    ) AS b;
    RETURN NULL;
""",
)

_STATE_KEYS = (
    "source_id, is_aside, is_excluded, retrieval, is_report_excluded, reason_id, "
    "included_at_id"
)
_STATE_SELECTED = "t.review_id, " + ", ".join(
    f"t.{key}" for key in _STATE_KEYS.split(", ")
)
_STATES = _function(
    "decisions_count_states() RETURNS trigger",
    _count("decisions_recordstatetally", _STATE_KEYS, _STATE_SELECTED, "")
    + "RETURN NULL;",
)

INSTALL = "".join(
    [
        _ROUNDS,
        _ASSIGNMENTS,
        _VOTES,
        _SETTLE,
        _DECISIONS,
        _REPORTS,
        _SET_ASIDE,
        _MERGES,
        _IMPORTS,
        _STATES,
        _triggers("decisions_round", "decisions_count_rounds", "INSERT", "UPDATE"),
        _triggers(
            "decisions_assignment", "decisions_count_assignments", "INSERT", "UPDATE"
        ),
        _triggers("decisions_vote", "decisions_finish_assignments", "INSERT"),
        _triggers("decisions_decision", "decisions_settle_decisions", "INSERT"),
        _triggers("reports_report", "decisions_settle_reports", "INSERT", "UPDATE"),
        _triggers("records_duplicate", "decisions_follow_merges", "INSERT", "UPDATE"),
        _triggers("records_import", "decisions_follow_imports", "UPDATE"),
        _triggers(
            "decisions_recordstate", "decisions_count_states", "INSERT", "UPDATE"
        ),
    ]
)
