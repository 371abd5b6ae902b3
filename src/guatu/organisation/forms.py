"""Forms of the organisation room: parse and shape-check, nothing more."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms

from guatu.organisation.models import User
from guatu.ui.forms import SiteForm


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Login name and password; the same answer whatever was wrong (trust A-6)."""

    error_messages = {
        "account_inactive": "登录名或密码不对",
        "username_password_mismatch": "登录名或密码不对",
        "email_password_mismatch": "登录名或密码不对",
        "invalid_login": "登录名或密码不对",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = "登录名"
        self.fields["password"].label = "密码"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "form-control"

    def clean_login(self) -> str:
        """Wide and narrow forms of a character are one name."""
        return unicodedata.normalize("NFKC", str(self.cleaned_data["login"])).strip()


class ChangePasswordForm(SiteForm):
    """The old password, and the new one twice."""

    places = {"wrong-password": "old", "weak-password": "new", "used-password": "new"}

    old = forms.CharField(
        label="现在的密码", widget=forms.PasswordInput, max_length=200, strip=False
    )
    new = forms.CharField(label="新密码", widget=forms.PasswordInput, max_length=200, strip=False)
    again = forms.CharField(
        label="再写一遍", widget=forms.PasswordInput, max_length=200, strip=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same, and another than the old."""
        values = super().clean() or {}
        if values.get("new") != values.get("again"):
            self.add_error("again", "两次写的不一样")
        if values.get("new") and values.get("new") == values.get("old"):
            self.add_error("new", "新密码要与现在的不同")
        return values
