from __future__ import annotations

from django.urls import path

from screening.decisions.views import late, policy, prior, screen, stages, unblinding

app_name = "decisions"
urlpatterns = [
    path("stages/", stages.listed, name="stages"),
    path("stages/add/", stages.add, name="stage_add"),
    path("stages/<slug:stage>/", stages.one, name="stage"),
    path("stages/<slug:stage>/policy/", policy.policy, name="policy"),
    path("stages/<slug:stage>/hand-over/", policy.hand_over, name="hand_over"),
    path("stages/<slug:stage>/reasons/", stages.reasons, name="reasons"),
    path("stages/<slug:stage>/start/", stages.start, name="start"),
    path("stages/<slug:stage>/close/", stages.close, name="close"),
    path("stages/<slug:stage>/decisions/", stages.outcomes_listed, name="decisions"),
    path("stages/<slug:stage>/sample/", stages.sample_listed, name="sample"),
    path("stages/<slug:stage>/sample.csv", stages.sample_csv, name="sample_csv"),
    path(
        "stages/<slug:stage>/rounds/<slug:round>/unblind/",
        unblinding.one,
        name="unblind",
    ),
    path("stages/<slug:stage>/unblind/", unblinding.of_stage, name="unblind_stage"),
    path("unblind/", unblinding.of_review, name="unblind_review"),
    path("duplicates/late/", late.listed, name="late"),
    path("imports/<slug:batch>/prior/", prior.take_over, name="prior"),
    path("screen/<slug:stage>/", screen.next_one, name="screen"),
    path("screen/<slug:stage>/mine/", screen.mine, name="mine"),
    path("screen/<slug:stage>/finish/", screen.finish, name="finish"),
    path("screen/<slug:stage>/<slug:round>/", screen.one, name="one"),
    path("screen/<slug:stage>/<slug:round>/vote/", screen.vote, name="vote"),
    path("screen/<slug:stage>/<slug:round>/undo/", screen.undo, name="undo"),
]
