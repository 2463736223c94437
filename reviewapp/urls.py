"""All URLs. Apps are named by strings, so that no app imports the site."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from reviewapp import health

review_urls = [
    path("", include("reviewapp.core.urls_review")),
    path("", include("screening.records.urls")),
    path("", include("screening.duplicates.urls")),
    path("", include("screening.imports.urls")),
    path("", include("screening.reports.urls")),
    path("", include("screening.decisions.urls")),
    path("", include("screening.conflicts.urls")),
    path("", include("screening.flow.urls")),
    path("charting/", include("charting.urls")),
]

handler400 = "reviewapp.core.web.bad_request"
handler404 = "reviewapp.core.web.page_not_found"
handler500 = "reviewapp.core.web.server_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("reviewapp.core.urls")),
    path("", include("reviewapp.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("r/<slug:review>/", include(review_urls)),
    path("api/v1/", include("reviewapp.core.urls_api")),
]

if settings.DEBUG:
    urlpatterns += [
        path("styleguide/", TemplateView.as_view(template_name="styleguide.html"))
    ]
