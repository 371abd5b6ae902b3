"""All addresses. Each room lists its own; permissions stand in each room's access.py."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("guatu.wall.urls")),
    path("", include("guatu.organisation.urls")),
]
handler400 = "guatu.ui.middleware.bad_request"
handler403 = "guatu.ui.middleware.forbidden"
handler404 = "guatu.ui.middleware.not_found"
handler500 = "guatu.ui.middleware.crashed"
