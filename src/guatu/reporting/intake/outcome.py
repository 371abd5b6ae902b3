"""What an answer led to: kept beside it, shown in the list of answers, taken back by withdrawal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from guatu.reporting.intake.write import REPORT_COLUMNS, Stored, report_columns
from guatu.reporting.models import IntakeQuestion, Report


def put_back(report: Report, columns: dict[str, Any]) -> None:
    """Give a report the columns it had, those that were kept of it."""
    for name in REPORT_COLUMNS:
        if name in columns:
            setattr(report, name, columns[name])
    report.at = datetime.fromisoformat(columns["at"])


@dataclass(slots=True)
class ChangedReport:
    """A report as the answer left it, and what it was; None where the answer made it."""

    pk: int
    after: dict[str, Any]
    before: dict[str, Any] | None

    def stands(self, report: Report) -> bool:
        """Whether nobody changed the report since."""
        now = report_columns(report)
        return {name: now[name] for name in self.after} == self.after


@dataclass(slots=True)
class LearnedMapping:
    """The columns of a sender before and after the unit of one was answered."""

    sender: str
    before: str
    after: str


@dataclass(slots=True)
class Effects:
    """Ids of what was written because of an answer; questions by what became of them."""

    figures: list[int] = field(default_factory=list)
    dates: list[int] = field(default_factory=list)
    reports: list[ChangedReport] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    alias: int = 0
    region_alias: int = 0
    mapping: LearnedMapping | None = None

    def add(self, stored: Stored) -> None:
        """What a call of taking in wrote."""
        self.figures += [one.pk for one in stored.figures]
        self.dates += [one.pk for one in stored.dates]
        self.asked += [one.pk for one in stored.asked]
        self.superseded += [one.pk for one in stored.superseded]
        for report in stored.reports:
            self.note_report(report, stored.before.get(report.project_id))

    def note_report(self, report: Report, before: dict[str, Any] | None) -> None:
        """A report that was made or changed; what it was at first counts."""
        known = next((one for one in self.reports if one.pk == report.pk), None)
        if known is None:
            self.reports.append(ChangedReport(report.pk, report_columns(report), before))
        else:
            known.after = report_columns(report)

    def settle(self, questions: Iterable[IntakeQuestion]) -> None:
        """Questions that the answer itself settles."""
        self.settled += [one.pk for one in questions]

    @property
    def questions(self) -> list[int]:
        """Every question whose state the answer changed or that it raised."""
        return [*self.settled, *self.superseded, *self.asked]

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Effects:
        """What `to_json` wrote."""
        held = json.loads(text)
        held["reports"] = [ChangedReport(**one) for one in held["reports"]]
        held["mapping"] = LearnedMapping(**held["mapping"]) if held["mapping"] else None
        return cls(**held)
