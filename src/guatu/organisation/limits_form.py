"""The form of a setting that states limits of a rule book: one field for each."""

from __future__ import annotations

from typing import Any

from guatu.engines.rulebook import (
    RulebookError,
    find_book,
    limits_of,
    parts_of_limits,
    read_limit,
)
from guatu.engines.rulebook.limits import LONGEST
from guatu.organisation.types import SettingSpec
from guatu.ui.forms import SiteForm, text


class LimitsForm(SiteForm):
    """The limits of a book, empty where the book's own holds, with the basis of the change."""

    places = {"no-basis": "basis"}
    basis = text("依据", 500, required=False, help_text="文件名称和文号，或谁的决定")

    def __init__(self, *args: Any, spec: SettingSpec, value: str, **kwargs: Any) -> None:
        self.limits = {
            f"limit-{number}": one
            for number, one in enumerate(limits_of(find_book(spec.limits_of)).values())
        }
        held = dict(parts_of_limits(value))
        initial = {field: held.get(one.name, "") for field, one in self.limits.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for field, one in self.limits.items():
            told = text(one.name, LONGEST, required=False)
            told.help_text = f"{one.measure.meaning}；规则写{one.text}"
            told.widget.attrs |= {"class": "form-control", "placeholder": one.text}
            self.fields[field] = told
        self.order_fields([*self.limits, "basis"])

    def clean(self) -> dict[str, Any]:
        """The value as it is stored: what is stated otherwise than in the book, in its order."""
        told = super().clean() or {}
        stated = []
        for field, one in self.limits.items():
            typed = "".join(told.get(field, "").split())
            if not typed:
                continue
            try:
                value = read_limit(one, typed)
            except RulebookError as error:
                fault = error.faults[0]
                self.add_error(field, f"{fault.what}。{fault.remedy}。")
                continue
            if value != one.value:
                stated.append(f"{one.name}={one.told(value)}")
        told["value"] = ",".join(stated)
        return told
