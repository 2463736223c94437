"""Who may open and send what: one row for every URL of the program.

A new URL has no row, and test_matrix.py fails with its name: add a row here. A row says
who may GET and who may POST it. Other members get 403 with the reason (404 for those in
``hidden_from``, for whom the object does not exist). Strangers and removed members
always get 404. Visitors get the login page. An unknown method gets 405. The names of
people are written out, not derived from ``permissions.ROLES``, so that a mistake in
that table shows here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TEAM = "ada ben cleo dora lena olaf"
LEAD = "dora"
ADJUDICATORS = "cleo dora"
IMPORTERS = "cleo dora lena"
SCREENERS = "ada ben cleo dora"
RETRIEVERS = "ada ben cleo dora lena"
NOBODY = ""

# Possible answers to an empty form from people who may send it: shown again, done and
# redirected, refused with a message, or shown with its errors.
SENT = frozenset({200, 302, 400, 404, 409, 415, 422})


@dataclass(frozen=True)
class Row:
    """One URL. ``args`` names the world's codes for its arguments.

    ``ok`` is the status for those who may GET it. ``hidden_from`` lists members for
    whom the object does not exist. ``query`` is the query string the page needs.
    """

    name: str
    get: str = NOBODY
    post: str = NOBODY
    args: dict[str, str] = field(default_factory=dict)
    ok: int = 200
    hidden_from: str = NOBODY
    query: str = ""


# Pages outside a review: every user sees only their own data.
OUTSIDE = [
    Row("core:home", get=f"{TEAM} rex eve"),
    Row("core:new_review", get=f"{TEAM} rex eve", post=f"{TEAM} rex eve"),
    Row("accounts:sessions", get=f"{TEAM} rex eve"),
    Row("accounts:end_session", post=f"{TEAM} rex eve"),
    Row("accounts:my_data", get=f"{TEAM} rex eve"),
    Row("accounts:export_account", get=f"{TEAM} rex eve"),
    Row("accounts:delete_account", get=f"{TEAM} rex eve", post=f"{TEAM} rex eve"),
]
API = [
    Row("api:reviews", get=f"{TEAM} rex eve"),
    Row("api:next", get=SCREENERS),
    Row("api:votes", get=SCREENERS),
    Row("api:vote", post=SCREENERS, args={"round": "own_round"}),
    Row("api:flow", get=TEAM),
    Row("api:export", get=TEAM, query="?as=ris"),
]
# Open to anyone. They contain no review; tests/core tests their content. An invitation
# is as secret as its link.
OPEN = {
    "healthz",
    "readyz",
    "core:invitation",
    "core:accept_invitation",
    "api:schema",
}
# allauth's own pages: they know users but no reviews. Reviewed 2026-11: sign-up, login,
# logout, email, password and two-factor authentication; no screening data is reachable.
THIRD_PARTY = ("account_", "mfa_", "usersessions_", "socialaccount_")

CORE = [
    Row("review:overview", get=TEAM),
    Row("review:rename", get=LEAD, post=LEAD),
    Row("review:configure", get=LEAD, post=LEAD),
    Row("review:delete", get=LEAD, post=LEAD),
    Row("review:cancel_deletion", post=LEAD),
    Row("review:team", get=TEAM),
    Row("review:invite", get=LEAD, post=LEAD),
    Row("review:withdraw_invitation", post=LEAD),
    Row("review:change_role", get=LEAD, post=LEAD),
    Row("review:remove_member", get=LEAD, post=LEAD),
    Row("review:protocol", get=TEAM),
    Row("review:edit_protocol", get=LEAD, post=LEAD),
    Row("review:protocol_version", get=TEAM),
    Row("review:audit_log", get=TEAM),
    Row("review:audit_log_csv", get=TEAM),
    Row("review:hash_chain", get=TEAM),
    Row("review:job", get=TEAM),
    Row("review:retry_job", post=TEAM),
]

COMMITTED = {"batch": "committed"}
RECORDS = [
    Row("records:sources", get=TEAM),
    Row("records:source_add", get=IMPORTERS, post=IMPORTERS),
    Row("records:source_add_other", get=IMPORTERS, post=IMPORTERS),
    Row("records:source", get=TEAM),
    Row("records:source_change", get=IMPORTERS, post=IMPORTERS),
    Row("imports:upload", post=IMPORTERS),
    Row("imports:enter", get=IMPORTERS, post=IMPORTERS),
    Row("imports:check", post=IMPORTERS),
    Row("imports:import", get=TEAM),
    Row("imports:import_commit", post=IMPORTERS),
    Row("imports:import_discard", get=IMPORTERS, post=IMPORTERS),
    Row("imports:import_retry", post=IMPORTERS),
    Row("imports:import_correct", get=IMPORTERS, post=IMPORTERS),
    Row("imports:import_undo", get=IMPORTERS, post=IMPORTERS, args=COMMITTED),
    Row("imports:import_restore", post=IMPORTERS),
    # A file may contain colleagues' decisions from another screening tool.
    Row("imports:import_original", get=IMPORTERS),
    Row("imports:import_report_csv", get=IMPORTERS),
    Row("imports:import_report_json", get=IMPORTERS),
    Row("imports:skipped_entries", get=IMPORTERS, args=COMMITTED),
    Row("imports:skipped_entry", get=IMPORTERS, post=IMPORTERS, args=COMMITTED),
    Row("imports:skipped_entry_dismiss", post=IMPORTERS, args=COMMITTED),
    Row("imports:skipped_entry_reopen", post=IMPORTERS, args=COMMITTED),
    Row("imports:record_correct", get=IMPORTERS, post=IMPORTERS),
    Row("imports:correction_undo", post=IMPORTERS),
    Row("imports:template_delete", get=IMPORTERS, post=IMPORTERS),
    Row("records:list", get=TEAM),
    Row("records:record", get=TEAM),
    Row("duplicates:overview", get=TEAM),
    Row("duplicates:run", post=RETRIEVERS),
    Row("duplicates:merges", get=TEAM),
    Row(
        "duplicates:merge_undo",
        get=RETRIEVERS,
        post=RETRIEVERS,
        args={"merge": "duplicate"},
    ),
    Row("duplicates:runs", get=TEAM),
    Row("duplicates:run_undo", get=RETRIEVERS, post=RETRIEVERS, args={"run": "job"}),
    Row("duplicates:run_restore", post=RETRIEVERS, args={"run": "job"}),
    Row("duplicates:pair_groups", get=TEAM),
    Row("duplicates:pair_group", get=TEAM, post=RETRIEVERS),
    Row("duplicates:settings", get=TEAM, post=LEAD),
    Row("duplicates:fields", get=TEAM, post=IMPORTERS),
    Row("duplicates:cluster_undo", get=RETRIEVERS, post=RETRIEVERS),
    Row("duplicates:merge", get=RETRIEVERS, post=RETRIEVERS),
    Row("duplicates:answers", get=TEAM),
    Row("duplicates:pairs", get=TEAM, ok=302),
    Row("duplicates:pair", get=TEAM),
    Row("duplicates:pair_answer", post=RETRIEVERS),
    Row("duplicates:pair_reopen", post=RETRIEVERS),
]

REPORTS = [
    Row("reports:reports", get=TEAM),
    Row("reports:mark", post=RETRIEVERS),
    Row("reports:report", get=TEAM),
    Row("reports:upload", post=RETRIEVERS),
    Row("reports:file", get=TEAM),
    Row("reports:remove_file", get=RETRIEVERS, post=RETRIEVERS),
    Row("reports:retrieved", post=RETRIEVERS),
    Row("reports:not_retrieved", post=RETRIEVERS),
    Row("reports:seek_again", post=RETRIEVERS),
    Row("reports:part", post=RETRIEVERS),
    Row("reports:studies", get=TEAM),
    Row("reports:group", post=RETRIEVERS),
    Row("reports:study", get=TEAM, post=RETRIEVERS),
    Row("reports:other", get=TEAM),
    Row("reports:seek_other", post=RETRIEVERS),
    Row(
        "reports:not_sought",
        get=RETRIEVERS,
        post=RETRIEVERS,
        args={"record": "other_record"},
    ),
]

OWN_ROUND = {"round": "own_round"}
DECISIONS = [
    Row("decisions:stages", get=TEAM),
    Row("decisions:stage_add", get=LEAD, post=LEAD),
    Row("decisions:stage", get=TEAM),
    Row("decisions:policy", get=LEAD, post=LEAD),
    Row("decisions:reassign", post=LEAD),
    Row("decisions:reasons", get=LEAD, post=LEAD),
    Row("decisions:settings", get=LEAD, post=LEAD),
    Row("decisions:start", get=LEAD, post=LEAD),
    Row("decisions:close", get=LEAD, post=LEAD),
    Row("decisions:finalise", get=LEAD, post=LEAD),
    Row("decisions:decisions", get=TEAM),
    Row("decisions:sample", get=TEAM),
    Row("decisions:sample_csv", get=TEAM),
    Row("decisions:unblind", get=LEAD, post=LEAD, args=OWN_ROUND),
    Row("decisions:unblind_stage", get=LEAD, post=LEAD),
    Row("decisions:unblind_review", get=LEAD, post=LEAD),
    Row("decisions:late", get=LEAD),
    Row("decisions:prior", get=LEAD, post=LEAD, args=COMMITTED),
    Row("decisions:screen", get=SCREENERS),
    Row("decisions:mine", get=SCREENERS),
    Row("decisions:finish", post=SCREENERS),
    Row("decisions:one", get=SCREENERS, args=OWN_ROUND, hidden_from="cleo dora"),
    Row("decisions:vote", post=SCREENERS, args=OWN_ROUND),
    Row("decisions:undo", post=SCREENERS, args=OWN_ROUND),
]

CONFLICTS = [
    Row("conflicts:conflicts", get=ADJUDICATORS),
    Row("conflicts:resolved", get=ADJUDICATORS),
    Row("conflicts:conflict", get=ADJUDICATORS),
    Row("conflicts:resolve", post=ADJUDICATORS),
    Row("conflicts:reopen", post=ADJUDICATORS),
    Row("conflicts:comment", post=ADJUDICATORS),
]

FLOW = [
    Row("flow:flow", get=TEAM),
    Row("flow:json", get=TEAM),
    Row("flow:csv", get=TEAM),
    Row("flow:prisma2020", get=TEAM),
    Row("flow:svg", get=TEAM),
    Row("flow:report", get=TEAM),
    Row("flow:box", get=TEAM),
    Row("flow:export", get=TEAM),
    Row("flow:export_list", get=TEAM),
    Row("flow:export_file", get=TEAM, query="?as=csv&outcome=undecided"),
    Row("flow:records_csv", get=TEAM),
    Row("flow:records_ris", get=TEAM),
]

DRAFT = {"form": "draft"}
OWN_CHART = {"round_code": "own_chart"}
CHARTING = [
    Row("charting:forms", get=TEAM),
    Row("charting:new", get=LEAD, post=LEAD),
    Row("charting:results_list", get=TEAM, ok=302),
    Row("charting:form", get=TEAM),
    Row("charting:preview", get=TEAM),
    Row("charting:edit", get=LEAD, args=DRAFT),
    Row("charting:start_draft", post=LEAD),
    Row("charting:discard", get=LEAD, post=LEAD, args=DRAFT),
    Row("charting:publish", get=LEAD, post=LEAD, args=DRAFT),
    Row("charting:add_field", get=LEAD, post=LEAD, args=DRAFT),
    Row("charting:field", get=LEAD, post=LEAD, args=DRAFT),
    Row("charting:move", post=LEAD, args=DRAFT),
    Row("charting:remove_field", get=LEAD, post=LEAD, args=DRAFT),
    Row("charting:assign", get=LEAD, post=LEAD),
    Row("charting:start", get=LEAD, post=LEAD, args=DRAFT),
    Row("charting:unblind", get=LEAD, post=LEAD),
    Row("charting:close", get=LEAD, post=LEAD),
    Row("charting:mine", get=SCREENERS),
    Row("charting:mine_csv", get=SCREENERS),
    Row(
        "charting:chart",
        get=SCREENERS,
        post=SCREENERS,
        args=OWN_CHART,
        hidden_from="cleo dora",
    ),
    Row("charting:autosave", post=SCREENERS, args=OWN_CHART),
    Row("charting:reopen", post=SCREENERS, args=OWN_CHART),
    Row("charting:discrepancies", get=ADJUDICATORS),
    Row(
        "charting:differences",
        get=ADJUDICATORS,
        post=ADJUDICATORS,
        args={"round_code": "chart_round"},
    ),
    Row("charting:results", get=TEAM),
    Row("charting:included", get=TEAM),
    Row("charting:cross", get=TEAM),
    Row("charting:studies", get=TEAM, query="?field=role&value=support"),
    Row("charting:results_csv", get=TEAM),
    Row("charting:years", get=TEAM),
    Row("charting:countries", get=TEAM),
    Row("charting:final_chart", get=TEAM),
]

ROWS = [
    *OUTSIDE,
    *API,
    *CORE,
    *RECORDS,
    *REPORTS,
    *DECISIONS,
    *CONFLICTS,
    *FLOW,
    *CHARTING,
]
BY_NAME = {row.name: row for row in ROWS}

# Arguments of URLs that name no object of a review; the same in all reviews.
NOT_OBJECTS = {"review", "version", "box", "token", "device"}
