"""Addresses of applications and opinions."""

from __future__ import annotations

from django.urls import path

from guatu.ledger.making import views

urlpatterns = [
    path("applications/", views.applications, name="applications"),
    path("applications/export/", views.applications_export, name="applications-export"),
    path("calls/<int:call_id>/apply/", views.new, name="application-new"),
    path("applications/<int:application_id>/", views.one, name="application"),
    path(
        "applications/<int:application_id>/withdraw/", views.withdraw, name="application-withdraw"
    ),
    path(
        "applications/<int:application_id>/identity/", views.identify, name="application-identity"
    ),
    path("opinions/", views.opinions, name="opinions"),
    path("opinions/export/", views.opinions_export, name="opinions-export"),
    path("opinions/<int:application_id>/", views.opinion, name="opinion"),
]
