"""Forms that look alike everywhere, and refusals of a service shown beside the field they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, QueryDict

from guatu.core.clock import FIRST_DAY, LAST_DAY
from guatu.core.errors import BadInput, Fault, GuatuError
from guatu.core.names import has_hidden_signs

Options = Mapping[str, Sequence[tuple[Any, str]]]
"""What the choices of a form offer, by field: read once for all forms of a page."""


class SiteForm(forms.Form):
    """A form in the site's look; `places` says to which field a fault's code belongs.

    `options` are the choices of the fields that depend on the database.
    """

    places: Mapping[str, str] = {}
    outcome: Any = None
    """What the service returned that `do` has run."""

    def __init__(self, *args: Any, options: Options | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (options or {}).items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = offered
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            is_box = isinstance(field.widget, forms.CheckboxInput)
            usual = "form-check-input" if is_box else "form-select" if is_choice else "form-control"
            field.widget.attrs.setdefault("class", usual)
            if field.required:
                field.error_messages["required"] = f"请填写{field.label}"
            field.error_messages.setdefault("invalid", f"{field.label}的写法不对")

    def do(self, act: Callable[[dict[str, Any]], object], *shown: type[GuatuError]) -> bool:
        """Run a service with what was typed. False where the form or the service refuses.

        `shown`: what else than BadInput is told in the form, so that what was typed stays in sight.
        """
        if not self.is_valid():
            return False
        told: tuple[type[GuatuError], ...] = (BadInput, *shown)
        try:
            self.outcome = act(self.cleaned_data)
        except told as error:
            self.take_faults(error)
            return False
        return True

    def take_faults(self, error: GuatuError) -> None:
        """Show what a service refused, next to the field where there is one."""
        for fault in error.faults:
            place = self.places.get(fault.code)
            told = f"{fault.what}。{fault.remedy}。" if fault.remedy else f"{fault.what}。"
            self.add_error(place if place in self.fields else None, told)

    @property
    def status(self) -> int:
        """With which status its page is shown: 422 where something was typed and is not done."""
        return 422 if self.is_bound else 200


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was typed, or None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def plain_text(value: str) -> None:
    """Refuse signs that nobody sees: they make two equal names out of one look."""
    if has_hidden_signs(value):
        raise forms.ValidationError("里面有看不见的字符，请重新输入，不要粘贴")


def text(label: str, longest: int, *, required: bool = True, help_text: str = "") -> Any:
    """One line of text."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        validators=[plain_text],
        error_messages={"max_length": f"{label}不能超过{longest}字"},
    )


def paragraph(
    label: str, longest: int, *, rows: int = 3, required: bool = True, help_text: str = ""
) -> Any:
    """Some lines of text."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"max_length": f"{label}不能超过{longest}字"},
    )


def day(label: str, *, required: bool = True, help_text: str = "") -> Any:
    """A calendar day of the platform's time."""
    return forms.DateField(
        label=label,
        validators=[
            MinValueValidator(FIRST_DAY, f"{label}不能早于{FIRST_DAY}"),
            MaxValueValidator(LAST_DAY, f"{label}不能晚于{LAST_DAY}"),
        ],
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": f"{label}请写成2026-10-31"},
    )


def choice(
    label: str, options: Any = (), *, required: bool = True, help_text: str = "", empty: str = ""
) -> Any:
    """One of some values; `empty` names the choice of none."""
    return forms.ChoiceField(
        label=label,
        choices=[("", empty), *options] if empty else options,
        required=required,
        help_text=help_text,
        error_messages={"invalid_choice": f"{label}请从列表里选"},
    )


def version_of(text: str) -> int:
    """The version of a row that a form has seen; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def stated_version(text: str) -> int:
    """The same, asked for: BadInput where a form that may be the row's first lacks it."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadInput(Fault("no-version", "表单不完整", "请刷新页面后再办理"))
    return int(text)
