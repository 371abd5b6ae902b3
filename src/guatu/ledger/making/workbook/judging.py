"""From the lines of a workbook to applications: by the same form as on the page, faults by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from guatu.core.errors import Fault
from guatu.core.names import match_form
from guatu.ledger import queries as ledger
from guatu.ledger.making import rules
from guatu.ledger.making.access import Maker
from guatu.ledger.making.forms import PLACES, ApplicationForm
from guatu.ledger.making.models import ListCall
from guatu.ledger.making.types import ApplicationWords, Readiness
from guatu.ledger.making.workbook.layout import COLUMNS
from guatu.ledger.making.workbook.reading import SentRow
from guatu.ledger.models import Project, Term
from guatu.ledger.types import Nature
from guatu.organisation import queries as organisation
from guatu.organisation.queries import NameIndex

_NATURES = {label: value for value, label in Nature.choices[:2]}
_READINESS = {label: value for value, label in Readiness.choices[1:]}


@dataclass(frozen=True, slots=True)
class Sent:
    """A line that can be an application: whose, and what it says."""

    row: SentRow
    organisation_id: int
    words: ApplicationWords


@dataclass(slots=True)
class Choices:
    """What the words of a workbook are looked up in; read once for all its lines."""

    units: NameIndex
    regions: NameIndex
    sectors: dict[str, Term]

    @classmethod
    def read(cls) -> Choices:
        """Today's names, three queries."""
        return cls(
            organisation.organisation_names(), organisation.region_names(), ledger.sector_terms()
        )

    def offered(self, who: Maker) -> dict[str, Sequence[str]]:
        """The words of the drop-downs by field: units are his own, the office's all."""
        names = self.units.official
        units = names if who.is_office else {pk: names.get(pk, "") for pk in who.applying}
        readiness = list(_READINESS)
        return {
            "organisation": sorted(set(units.values()) - {""}),
            "region": sorted(self.regions.official.values()),
            "sector": sorted(self.sectors),
            "nature": list(_NATURES),
            "land": readiness,
            "money": readiness,
            "approvals": readiness,
        }

    def meant(self, field: str, text: str) -> str | None:
        """The value of a choice that a word means; None where it means none."""
        if not text:
            return ""
        if field in ("organisation", "region"):
            found = (self.units if field == "organisation" else self.regions).find(text)
            return None if found is None else str(found)
        if field == "sector":
            known = {match_form(name): str(term.pk) for name, term in self.sectors.items()}
            return known.get(match_form(text))
        return (_NATURES if field == "nature" else _READINESS).get(text)


_CHOSEN = ("organisation", "region", "sector", "nature", *rules.CONDITIONS)
_LABELS = {one.field: one.label for one in COLUMNS}


def judged(
    rows: Iterable[SentRow],
    call: ListCall,
    who: Maker,
    choices: Choices,
    *,
    seen: QuerySet[Project],
) -> tuple[list[Sent], list[Fault]]:
    """The lines that can be applications, and what is wrong with the others, by cell."""
    sent: list[Sent] = []
    faults: list[Fault] = []
    for row in rows:
        wrong = _strange_words(row, choices)
        form = _form(row, choices, seen)
        if not form.is_valid():
            told = {fault.cell for fault in wrong}
            own = list(_form_faults(row, form))
            wrong += [fault for fault in own if fault.cell not in told]
        if wrong:
            faults += [*wrong, *_left_empty(row, {fault.cell for fault in wrong})]
            continue
        unit = form.cleaned_data["organisation"]
        words = form.words()
        if not (who.is_office or who.may_apply(unit)):
            what, remedy = "不能替别的单位申报", "请由该单位的填报员或项目办上传"
            wrong.append(row.fault("not-own-unit", what, remedy, "organisation"))
        wrong += [
            row.fault(one.code, one.what, one.remedy, PLACES.get(one.code, "name"))
            for one in rules.submit_faults(words, year=call.year)
        ]
        faults += wrong
        if not wrong:
            sent.append(Sent(row, unit, words))
    return sent, faults + _twice(sent)


def _strange_words(row: SentRow, choices: Choices) -> list[Fault]:
    return [
        row.fault(
            "unknown-word", f"没有“{row.texts[name][:40]}”这个{_LABELS[name]}", _remedy(name), name
        )
        for name in _CHOSEN
        if name in row.texts and choices.meant(name, row.texts[name]) is None
    ]


def _left_empty(row: SentRow, told: Collection[str]) -> list[Fault]:
    """What must be written and is not, in a line that is wrong elsewhere: told in one go."""
    empty = [
        row.fault("left-empty", f"没有写{one.label}", "请填写", one.field)
        for one in COLUMNS
        if one.is_needed and one.field in row.columns and not row.texts.get(one.field)
    ]
    return [fault for fault in empty if fault.cell not in told]


def _remedy(name: str) -> str:
    if name == "organisation":
        return "请从下拉框里选；新单位请先由项目办登记"
    return "请从下拉框里选"


def _form(row: SentRow, choices: Choices, seen: QuerySet[Project]) -> ApplicationForm:
    values: Mapping[str, str] = {
        **row.texts,
        **{name: choices.meant(name, row.texts.get(name, "")) or "" for name in _CHOSEN},
        "version": "0",
        "act": "submit",
    }
    units = choices.units.official.items()
    return ApplicationForm(
        values, seen=seen, units=units, terms=choices.sectors.values(), regions=choices.regions
    )


def _form_faults(row: SentRow, form: ApplicationForm) -> Iterable[Fault]:
    for name, errors in form.errors.items():
        for error in errors:
            told = str(error).rstrip("。")
            yield row.fault("bad-cell", f"{_LABELS.get(name, '')}：{told}", "请改好再上传", name)


def _twice(sent: Sequence[Sent]) -> list[Fault]:
    """Lines of one file that are one application: by code, else by unit and name."""
    first: dict[tuple[object, str], int] = {}
    faults = []
    for one in sent:
        code, name = one.words.national_code, match_form(one.words.name)
        keys = [(one.organisation_id, name), *([("code", code)] if code else [])]
        held = next((first[key] for key in keys if key in first), None)
        if held is not None:
            what = f"“{one.words.name}”与第{held + 1}行是同一个项目"
            faults.append(one.row.fault("twice-in-file", what, "请只留一行"))
        for key in keys:
            first.setdefault(key, one.row.line)
    return faults
