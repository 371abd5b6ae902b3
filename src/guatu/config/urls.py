"""All addresses. Each room lists its own; permissions stand in each room's access.py."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from guatu.ui.bare import bare, bare_inserts

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guatu.wall.urls")),
    path("", include("guatu.organisation.urls")),
    path("", include("guatu.files.urls")),
    path("", include("guatu.upkeep.urls")),
    path("", include("guatu.notices.urls")),
    path("", include("guatu.ledger.urls")),
    path("", include("guatu.planning.urls")),
    path("", include("guatu.reporting.urls")),
    path("", include("guatu.assessment.urls")),
    path("", include("guatu.appraisal.urls")),
    path("", include("guatu.publishing.urls")),
]
if settings.BENCH:
    urlpatterns += [
        path("bench/bare/", bare, name="bench-bare"),
        path("bench/bare-inserts/", bare_inserts, name="bench-bare-inserts"),
    ]
if settings.DEBUG:
    urlpatterns.append(path("", include("guatu.ui.urls")))
handler400 = "guatu.ui.middleware.bad_request"
handler403 = "guatu.ui.middleware.forbidden"
handler404 = "guatu.ui.middleware.not_found"
handler500 = "guatu.ui.middleware.crashed"
