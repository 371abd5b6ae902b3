"""What a password must be (trust A-2, profile djb3). Used at every entry by Django's validators."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from guatu.organisation.models import OrganisationName, User

LEAST = 10
_KEYBOARD = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_RUN = 5
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


class Composition:
    """Ten characters, three of four classes, no run along the keyboard or alphabet."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError with what to mend."""
        if len(password) < LEAST:
            raise ValidationError(f"密码至少{LEAST}位，现在{len(password)}位")
        if sum(bool(re.search(one, password)) for one in _CLASSES) < 3:
            raise ValidationError("密码要含大写字母、小写字母、数字、符号中的三类")
        if _has_run(password.lower()):
            raise ValidationError("密码里不要有连续的键盘或字母顺序，如qwert、12345")
        if re.search(r"(.)\1{3}", password):
            raise ValidationError("密码里不要连用四个相同的字符")

    def get_help_text(self) -> str:
        """What the form prints under the field."""
        return f"至少{LEAST}位，含大写字母、小写字母、数字、符号中的三类"


class NotCommon(CommonPasswordValidator):
    """No password of the usual lists."""

    def get_error_message(self) -> str:
        """What the form says."""
        return "这个密码太常见，容易被猜到"

    def get_help_text(self) -> str:
        """What the form prints under the field."""
        return "不是常见密码"


class NotLikeTheUser:
    """The password contains neither the login name nor the unit's."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where the login name or a name of the unit is part of it."""
        if not isinstance(user, User):
            return
        typed, login = password.lower(), user.login.lower()
        if len(login) >= 3 and (login in typed or login[::-1] in typed):
            raise ValidationError("密码里不要含登录名")
        names = OrganisationName.objects.filter(organisation_id=user.organisation_id or 0)
        if any(
            len(one) >= 3 and one.lower() in typed for one in names.values_list("name", flat=True)
        ):
            raise ValidationError("密码里不要含单位名称")

    def get_help_text(self) -> str:
        """What the form prints under the field."""
        return "不含登录名和单位名称"


def _has_run(text: str) -> bool:
    return any(
        row[start : start + _RUN] in text or row[start : start + _RUN][::-1] in text
        for row in _KEYBOARD
        for start in range(len(row) - _RUN + 1)
    )
