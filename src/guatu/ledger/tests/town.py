"""A small list for the tests of this room's acts and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.test import Client

from guatu.journal.types import Actor
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.organisation.models import User
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import LEADER, OTHER_UNIT, Cast
from tests.tables import project_row, put_list, take_list

OWN, LINKED, OTHERS, BIG = "江北新材料产业园", "江北快速路", "临江污水处理厂", "江北老旧小区改造"
PART = "江北柳林路片区改造"
TODAY = date(2026, 10, 31)


@dataclass(frozen=True)
class Town:
    """The cast with four projects and a part on one list."""

    people: Cast
    listing: ProjectList

    @property
    def office(self) -> Actor:
        return self.people.act_as("office")

    def project(self, name: str = OWN) -> Project:
        return Project.objects.get(name=name)

    def entry(self, name: str = OWN) -> ListEntry:
        return ListEntry.objects.get(list=self.listing, project__name=name)

    def client(self, who: str = "office") -> Client:
        browser = Client()
        user = User.objects.get(pk=getattr(self.people, who).pk)
        browser.force_login(user, backend="guatu.organisation.backend.Accounts")
        return browser


def make_town(people: Cast, folder: Path) -> Town:
    """Take the list in as the console would."""
    path = put_list(
        folder / "清单.csv",
        project_row(OWN, "P-1", 建设地点="江北大道1号"),
        project_row(LINKED, "P-2", 包联领导=LEADER, 业主单位="江源城投集团"),
        project_row(OTHERS, "P-3", 所属地区="临江区", 责任单位=OTHER_UNIT, 行业领域="环保"),
        project_row(BIG, "P-4", 是否打包="是", 子项目数="3"),
        project_row(PART, 所属打包项目=BIG, **{"总投资（万元）": "", "年度计划投资（万元）": ""}),
    )
    take_list(people.console, path)
    return Town(people, ProjectList.objects.get())


def token() -> dict[str, str]:
    """The hidden field of a form that acts."""
    return {TOKEN_FIELD: new_token()}
