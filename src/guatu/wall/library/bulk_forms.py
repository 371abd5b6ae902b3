"""What a bulk change asks for: one form for each kind of field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from guatu.core import clock
from guatu.ledger import queries as ledger
from guatu.ledger.services.bulk import ChangeMany
from guatu.ledger.types import BulkField
from guatu.organisation import queries as organisation
from guatu.ui.forms import SiteForm, choice, day, text

NEW_PERSON = "台账里还没有此人，新增"
_PLACES = {
    "no-organisation": "organisation",
    "no-person": "person",
    "unknown-person": "person",
    "no-basis": "basis",
    "takeover-too-early": "valid_from",
    "text-too-long": "words",
}


class BulkForm(SiteForm):
    """The new value; the fields that another kind of change needs are not on it."""

    places = _PLACES
    organisation = text("新的责任单位", 200)
    person = text("新的包联领导", 100)
    is_new_person = forms.BooleanField(label=NEW_PERSON, required=False)
    sector = choice("新的行业领域", required=False, empty="未注明")
    words = text("改为", 40, required=False, help_text="留空就是清除")
    valid_from = day("从哪天起")
    basis = text("依据", 300, help_text="文件名称和文号，或哪次会议")

    def __init__(self, *args: Any, field: BulkField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field = field
        for name in ("organisation", "person"):
            self.fields[name].widget.attrs["list"] = "names"
        self.fields = {name: self.fields[name] for name in _SHOWN[field]}
        if field is BulkField.SECTOR:
            terms = sorted((term.pk, name) for name, term in ledger.sector_terms().items())
            shown = self.fields["sector"]
            assert isinstance(shown, forms.ChoiceField)
            shown.choices = [("", "未注明"), *((str(pk), name) for pk, name in terms)]
        if "valid_from" in self.fields:
            self.initial.setdefault("valid_from", clock.today())
        if "words" in self.fields:
            self.fields["words"].label = f"新的{field.label}"

    def clean_organisation(self) -> int:
        """The organisation that the typed name or alias means."""
        typed = str(self.cleaned_data["organisation"])
        names = organisation.organisation_names()
        found = names.find(typed)
        if found is None:
            near = names.suggest(typed)
            raise forms.ValidationError(f"没有这个单位{f'，是不是{near}' if near else ''}")
        return found

    def clean_person(self) -> str:
        """The name as the ledger keeps it: brackets of either width mean the same."""
        typed = str(self.cleaned_data["person"]).strip()
        known = organisation.person_named(typed)
        return known[1] if known else typed

    def clean(self) -> dict[str, Any]:
        """Nobody is added unasked, and that is told before anything is to be confirmed."""
        data = super().clean() or self.cleaned_data
        typed = data.get("person")
        is_new = data.get("is_new_person", False)
        if typed and not is_new and organisation.person_named(typed) is None:
            told = f"台账里没有“{typed}”，请从列表里选；确属新增，请勾选“{NEW_PERSON}”"
            self.add_error("person", told)
        return data

    def command(self, list_id: int, before: dict[int, str]) -> ChangeMany:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        sector = data.get("sector") or None
        valid_from: date | None = data.get("valid_from")
        return ChangeMany(
            list_id=list_id,
            field=self.field,
            before=before,
            target_id=data.get("organisation") or (int(sector) if sector else None),
            text=(data.get("person") or data.get("words") or "").strip(),
            valid_from=valid_from,
            basis=data.get("basis", ""),
            creates_person=data.get("is_new_person", False),
        )

    def new_text(self) -> str:
        """The new value in words, for the page that asks for confirmation."""
        data = self.cleaned_data
        if self.field is BulkField.LEAD:
            names = organisation.names_of_organisations([data["organisation"]])
            return names.get(data["organisation"], "")
        if self.field is BulkField.SECTOR:
            shown = self.fields["sector"]
            assert isinstance(shown, forms.ChoiceField)
            return str(dict(shown.widget.choices).get(data["sector"], "")) or "未注明"
        return str(data.get("person") or data.get("words") or "").strip()


_SHOWN: dict[BulkField, tuple[str, ...]] = {
    BulkField.LEAD: ("organisation", "valid_from", "basis"),
    BulkField.LEADER: ("person", "is_new_person", "valid_from", "basis"),
    BulkField.SECTOR: ("sector",),
    BulkField.STAGE: ("words",),
    BulkField.TIER: ("words",),
    BulkField.CLASS: ("words",),
}
