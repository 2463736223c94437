from __future__ import annotations

from django.urls import path

from screening.decisions.views import late, policy, prior, screen, stages, unblinding

app_name = "decisions"
urlpatterns = [
    path("stages/", stages.stage_list, name="stages"),
    path("stages/add/", stages.add_stage, name="stage_add"),
    path("stages/<slug:stage>/", stages.stage_page, name="stage"),
    path("stages/<slug:stage>/policy/", policy.policy_page, name="policy"),
    path("stages/<slug:stage>/reassign/", policy.reassign, name="reassign"),
    path("stages/<slug:stage>/reasons/", stages.edit_reasons, name="reasons"),
    path("stages/<slug:stage>/settings/", stages.change_settings, name="settings"),
    path("stages/<slug:stage>/start/", stages.start_stage, name="start"),
    path("stages/<slug:stage>/close/", stages.close_stage, name="close"),
    path("stages/<slug:stage>/finalise/", stages.finalise_singles, name="finalise"),
    path("stages/<slug:stage>/decisions/", stages.decision_list, name="decisions"),
    path("stages/<slug:stage>/sample/", stages.assignment_list, name="sample"),
    path("stages/<slug:stage>/sample.csv", stages.assignments_csv, name="sample_csv"),
    path(
        "stages/<slug:stage>/rounds/<slug:round>/unblind/",
        unblinding.unblind_round,
        name="unblind",
    ),
    path(
        "stages/<slug:stage>/unblind/", unblinding.unblind_stage, name="unblind_stage"
    ),
    path("unblind/", unblinding.unblind_review, name="unblind_review"),
    path("duplicates/late/", late.late_duplicates, name="late"),
    path("imports/<slug:batch>/prior/", prior.prior_page, name="prior"),
    path("screen/<slug:stage>/", screen.next_item, name="screen"),
    path("screen/<slug:stage>/mine/", screen.own_votes, name="mine"),
    path("screen/<slug:stage>/finish/", screen.finish, name="finish"),
    path("screen/<slug:stage>/<slug:round>/", screen.voted_item, name="one"),
    path("screen/<slug:stage>/<slug:round>/vote/", screen.vote, name="vote"),
    path("screen/<slug:stage>/<slug:round>/undo/", screen.undo, name="undo"),
]
