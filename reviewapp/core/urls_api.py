"""URLs of the API; each app adds its operations under reviews/<review>/."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView

from reviewapp.core.api import ReviewsView

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("reviews/", ReviewsView.as_view(), name="reviews"),
    path("reviews/<slug:review>/", include("screening.decisions.urls_api")),
    path("reviews/<slug:review>/", include("screening.flow.urls_api")),
]
