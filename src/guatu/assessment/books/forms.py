"""What people hand in on the pages of rule books, parsed and shape-checked."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

from guatu.assessment.services.drafts import Texts
from guatu.core.errors import BadInput, Fault

HEAD_FIELD = "h:"
"""What the names of the fields of the head begin with (名称、施行日期、出处)."""

NUMBER_FIELD = "n:"
"""What the names of the fields of numbers begin with; the number's own key follows."""


def number_asked(text: str) -> int | None:
    """A version's number in an address; None where it is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 7
    return int(text) if is_number else None


def texts_typed(request: HttpRequest) -> Texts:
    """The three texts as they were typed. BadInput where the form lacks one."""
    names = ("toml", "text", "examples")
    if any(name not in request.POST for name in names):
        raise BadInput(Fault("no-texts", "表单不完整", "请刷新页面后再保存"))
    return Texts.of(*(request.POST[name] for name in names))


def fields_typed(request: HttpRequest) -> Mapping[str, str]:
    """The head and the numbers as they were typed, by the names of their fields."""
    return {
        name: value
        for name, value in request.POST.items()
        if name.startswith((HEAD_FIELD, NUMBER_FIELD)) and isinstance(value, str)
    }
