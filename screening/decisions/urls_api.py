from __future__ import annotations

from django.urls import path

from screening.decisions import api

urlpatterns = [
    path("stages/<slug:stage>/next/", api.NextView.as_view(), name="next"),
    path("stages/<slug:stage>/votes/", api.OwnVotesView.as_view(), name="votes"),
    path("rounds/<slug:round>/vote/", api.CastVoteView.as_view(), name="vote"),
]
