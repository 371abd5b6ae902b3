"""Addresses of the organisation room."""

from __future__ import annotations

from allauth.account.views import LoginView
from django.urls import path

from guatu.organisation.views import account, resume

urlpatterns = [
    path(
        "login/",
        LoginView.as_view(template_name="organisation/login_page.html"),
        name="account_login",
    ),
    path("logout/", account.sign_out, name="account_logout"),
    path("password/", account.change_password, name="password-change"),
    path("resume/", resume.resume, name="resume"),
]
