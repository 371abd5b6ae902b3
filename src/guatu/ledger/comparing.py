"""Two editors of one thing: what the other one saved meanwhile, and whose words are kept.

A form of this kind sends along what it was opened with, so that a field which only one of the
two touched is no question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

THEIRS = "theirs"
_TAKE = "take"


@dataclass(frozen=True, slots=True)
class Rival:
    """What is saved in a field now, beside what was typed; `is_taken`: it is kept as it stands."""

    name: str
    text: str
    is_taken: bool

    @property
    def choice(self) -> str:
        """The name under which the form asks whose words are kept."""
        return f"{_TAKE}-{self.name}"


def remember_opening(form: forms.Form) -> None:
    """Let a form send along what its fields held when it was opened."""
    for bound in form.visible_fields():
        bound.field.show_hidden_initial = True


def rivals(form: forms.Form, saved: Mapping[str, object]) -> dict[str, Rival]:
    """The fields that somebody else changed since the form was opened, to other than was typed.

    Whoever has not touched a field keeps the other's words unless he says otherwise.
    """
    found = {}
    for bound in form.visible_fields():
        if bound.name not in saved:
            continue
        typed, theirs = _text(bound, bound.value()), _text(bound, saved[bound.name])
        opened = form.data.get(bound.html_initial_name)
        before = None if opened is None else _text(bound, opened)
        if theirs in (typed, before):
            continue
        asked = _asked(form.data, bound.name)
        found[bound.name] = Rival(bound.name, theirs, asked == THEIRS if asked else typed == before)
    return found


def settled(form: forms.Form, posted: QueryDict, saved: Mapping[str, object]) -> QueryDict | None:
    """What was posted, with the other's words where they were chosen; None where nothing was."""
    if not any(name.split("-")[0] == _TAKE for name in posted):
        return None
    data = posted.copy()
    for name, rival in rivals(form, saved).items():
        if rival.is_taken:
            value = saved[name]
            data[name] = "" if value in (None, False) else str(value)
    return data


def _asked(data: Mapping[str, str], name: str) -> str:
    return data.get(_TAKE) or data.get(f"{_TAKE}-{name}") or ""


def _text(bound: forms.BoundField, value: object) -> str:
    if isinstance(bound.field, forms.BooleanField):
        return "是" if value in (True, "on", "true", "True") else "否"
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    if isinstance(bound.field, forms.ChoiceField):
        return dict(_choices(bound.field)).get(text, "")
    return text


def _choices(field: forms.ChoiceField) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in field.widget.choices]
