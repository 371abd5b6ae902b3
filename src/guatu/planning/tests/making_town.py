"""A call with applications of two units, for the tests of making a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from guatu.journal.types import Actor
from guatu.ledger.making import services
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.services import SaveApplication
from guatu.ledger.making.types import (
    ApplicationWords,
    CallWords,
    Decision,
    Readiness,
    VersionKind,
)
from guatu.ledger.types import Nature
from guatu.planning.making.services import IssueList
from tests.factories import OTHER_UNIT, UNIT, Cast

TODAY = date(2026, 11, 20)
YI = 100_000_000


@dataclass(frozen=True)
class Making:
    """The cast and one call for 2027."""

    people: Cast
    call: ListCall

    @property
    def office(self) -> Actor:
        return self.people.act_as("office")

    def words(self, name: str = "江北智算中心", **changes: object) -> ApplicationWords:
        words = ApplicationWords(
            name=name,
            region_id=self.people.regions["江北区"],
            nature=Nature.NEW,
            owner="江源城投集团",
            site=f"{name}路1号",
            total_yuan=5 * YI,
            plan_yuan=YI,
            starts_by=date(2027, 3, 31),
            completes_by=date(2028, 12, 31),
            land=Readiness.DONE,
            money=Readiness.DONE,
            approvals=Readiness.UNDERWAY,
        )
        return replace(words, **changes)  # type: ignore[arg-type]

    def command(
        self, words: ApplicationWords | None = None, *, unit: str = UNIT
    ) -> SaveApplication:
        return SaveApplication(self.call.pk, self.people.organisations[unit], words or self.words())

    def apply(
        self, name: str = "江北智算中心", *, who: str = "reporter", **changes: object
    ) -> Application:
        unit = OTHER_UNIT if who == "outsider" else UNIT
        command = self.command(self.words(name, **changes), unit=unit)
        return services.submit_application(self.people.act_as(who), command)

    def decide(
        self, *rows: Application, decision: Decision = Decision.IN, reason: str = ""
    ) -> None:
        picked = {one.pk: Application.objects.get(pk=one.pk).version for one in rows}
        services.decide(self.office, self.call.pk, picked, decision=decision, reason=reason)

    def review(self) -> None:
        services.make_version(self.office, self.call.pk, VersionKind.REVIEWED, basis="")

    def issuing(self, number: str = "江重办〔2027〕1号", on: date = TODAY) -> IssueList:
        return IssueList(number, on, ListCall.objects.get(pk=self.call.pk).version)


def make_making(people: Cast) -> Making:
    """A call that is open on the tests' day."""
    words = CallWords(2027, "重点项目", date(2026, 10, 1), date(2026, 12, 15), "请按时申报")
    return Making(people, services.open_call(people.act_as("office"), words))
