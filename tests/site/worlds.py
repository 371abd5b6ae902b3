"""Two worlds of the same shape in one installation; neither may see the other (trust C-1).

World A is what the cast's people answer for, world B the outsider's. Every text of world B holds
the canary, so that one search of a page shows a leak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.assessment.services.drafts import Texts, save_draft, start_draft, submit_draft
from guatu.assessment.services.publish_book import publish_draft
from guatu.core.periods import parse_period
from guatu.files.models import Import
from guatu.files.services import store_blob
from guatu.files.types import ImportKind, ImportState
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.ledger.bodies.models import Body, BodyMember
from guatu.ledger.bodies.types import BodyKind, MemberRole
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.making.models import Application, ListCall, OpinionRequest
from guatu.ledger.making.services import freeze
from guatu.ledger.making.types import ApplicationState, ListedRow, VersionKind
from guatu.ledger.models import (
    ListEntry,
    Participation,
    Project,
    ProjectList,
    RecordedValue,
    Responsibility,
    SavedView,
    Term,
)
from guatu.ledger.types import Nature, ResponsibilityRole, SubjectKind, Vocabulary
from guatu.organisation.models import User
from guatu.organisation.queries import root_organisation
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.correcting.models import CorrectionRequest
from guatu.reporting.intake.outcome import Effects
from guatu.reporting.models import (
    AnswerOutcome,
    AnswerWithdrawal,
    DeliveredFile,
    Delivery,
    Indicator,
    IntakeAnswer,
    IntakeQuestion,
    Round,
)
from guatu.reporting.papers.models import ReportPaper
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.services.rounds import ensure_indicators, open_round
from guatu.reporting.statistics.models import Registration, Statistician
from guatu.reporting.types import (
    INVESTMENT,
    Accumulates,
    AnswerKind,
    DeliveryState,
    FigureQuestionKind,
    FileState,
    IndicatorUnit,
    QuestionState,
)
from tests.factories import DEPARTMENT_UNIT, LEADER, OTHER_UNIT, SINCE, UNIT, Cast
from tests.site.administered import administered
from tests.site.burdened import appraised, burdened

CANARY: Final = "金丝雀"
YEAR: Final = 2026
OPEN: Final = "2026-10"
CLOSED: Final = "2026-09"
ACTORS: Final = (
    "office",
    "second_office",
    "viewer",
    "leader",
    "reporter",
    "reviewer",
    "department",
    "inspector",
    "outsider",
    "system",
    "security",
    "audit",
)


@dataclass(slots=True)
class World:
    """The objects of one world, by the name that route parameters use for them."""

    ids: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Worlds:
    """Both worlds and the people between them."""

    people: Cast
    own: World
    other: World
    sessions: dict[str, str] = field(default_factory=dict)

    def sign_in_all(self) -> Worlds:
        """Begin a session for each of the cast, once for all tests."""
        for name in ACTORS:
            user = getattr(self.people, name)
            assert isinstance(user, User)
            browser = Client()
            fresh = User.objects.get(pk=user.pk)
            browser.force_login(fresh, backend="guatu.organisation.backend.Accounts")
            self.sessions[name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        return self

    def client(self, name: str) -> Client:
        """A browser of its own with the session of one of the cast; `anonymous` has none."""
        browser = Client()
        if name != "anonymous":
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return browser


def _asked(act: Act, the_round: Round, word: str) -> tuple[DeliveredFile, IntakeQuestion]:
    """A drop of one file that was taken in, and a question that it left."""
    content = f"{word}月报".encode()
    blob = store_blob(act, content, "text/csv")
    delivery = Delivery(round=the_round, key=word, state=DeliveryState.DONE, by="office", at=act.at)
    act.write(delivery)
    file = DeliveredFile(delivery=delivery, blob=blob, name=f"{word}.csv", state=FileState.WAITING)
    act.write(file)
    imported = Import(
        kind=ImportKind.REPORTS,
        target=f"{the_round.list_id}:{the_round.period.key}",
        name=f"{word}.csv",
        blob=blob,
        state=ImportState.PARTLY,
        counts="1",
        at=act.at,
        by="office",
    )
    act.write(imported)
    question = IntakeQuestion(
        imported=imported,
        period=the_round.period,
        sheet="",
        row_no=2,
        code="unknown-project",
        question=f"台账中没有“{word}”",
        is_waiting=True,
    )
    act.write(question)
    return file, question


def _answered(act: Act, the_round: Round, question: IntakeQuestion) -> IntakeAnswer:
    """An answer to another question of the same file that was taken back already, so that
    whoever may take it back is told so however often he tries."""
    settled = IntakeQuestion(
        imported=question.imported,
        period=the_round.period,
        sheet="",
        row_no=3,
        code=question.code,
        question=question.question,
        is_waiting=True,
        state=QuestionState.ANSWERED,
    )
    act.write(settled)
    answer = IntakeAnswer(
        round=the_round,
        question=settled,
        kind=AnswerKind.DISMISS,
        subject=question.question,
        value="-",
        reason=question.question,
        by="office",
        at=act.at,
    )
    act.write(answer)
    effects = Effects(settled=[settled.pk]).to_json()
    act.write(AnswerOutcome(answer=answer, entered=0, effects=effects))
    act.write(AnswerWithdrawal(answer=answer, by="office", at=act.at))
    return answer


def _applied(act: Act, word: str, unit: int, region: int, listing: ProjectList) -> dict[str, int]:
    """A call, the application of a world's unit to it, and a version; calls are for all units."""
    call = ListCall(
        year=YEAR + 1,
        name=f"重点项目之{unit}",
        opens_on=date(YEAR, 10, 1),
        closes_on=date(YEAR, 12, 15),
    )
    act.write(call)
    application = Application(
        call=call,
        organisation_id=unit,
        name=f"{word}申报项目",
        region_id=region,
        state=ApplicationState.SUBMITTED,
        by="reporter",
    )
    act.write(application)
    version = freeze(act, VersionKind.ISSUED, [ListedRow(1, f"{word}项目")], listing=listing)
    return {"call_id": call.pk, "application_id": application.pk, "version_id": version.pk}


def _doubted(act: Act, the_round: Round, project: Project, unit: int, word: str) -> FigureQuestion:
    """A question to the project's figure that its unit has not answered."""
    doubt = FigureQuestion(
        project=project,
        organisation_id=unit,
        period=the_round.period,
        kind=FigureQuestionKind.FALLS,
        clause="一",
        book_version=1,
        text=f"{word}累计数比上次少，请核实",
        facts='{"本年累计":"1万元"}',
        facts_key=word,
        raised_at=act.at,
    )
    act.write(doubt)
    return doubt


def _papered(act: Act, the_round: Round, project: Project, unit: int, word: str) -> int:
    """A photo that a world's unit put beside its report."""
    paper = ReportPaper(
        project=project,
        period=the_round.period,
        organisation_id=unit,
        blob=store_blob(act, f"%PDF-{word}".encode(), "application/pdf"),
        name=f"{word}现场.pdf",
        by="reporter",
        at=act.at,
    )
    act.write(paper)
    return paper.pk


def _corrected(act: Act, the_round: Round, project: Project, unit: int, word: str) -> int:
    """A unit's request for a correction that the office has not answered."""
    row = CorrectionRequest(
        round=the_round,
        project=project,
        organisation_id=unit,
        text=f"{word}多报一笔",
        right_figures=f"{word}本年累计应为1万元",
        by="reporter",
        at=act.at,
    )
    act.write(row)
    return row.pk


def _promised(act: Act, word: str, project: Project) -> int:
    """A milestone under a name of the world's own."""
    fact = DateFact(
        project=project,
        milestone=f"{word}试运行",
        kind=DateKind.PLANNED,
        on=date(YEAR, 12, 1),
        seq=1,
        by="office",
        at=act.at,
    )
    act.write(fact)
    return fact.pk


def _tracked(act: Act, word: str, project: Project) -> int:
    """An indicator that a project reports besides money."""
    indicator = Indicator(
        code=f"piles-{project.pk}",
        name="充电桩",
        unit=IndicatorUnit.PHYSICAL,
        unit_text="个",
        accumulates=Accumulates.YEAR,
    )
    act.write(indicator)
    row = Tracked(project=project, indicator=indicator, target_value=100, note=f"{word}文件")
    act.write(row)
    return row.pk


def _counted(act: Act, word: str, unit: int, project: Project) -> dict[str, int]:
    """A unit's statistician, a project that is not counted, and the indicators' first id."""
    person = Statistician(
        organisation_id=unit, name=f"{word}统计员", valid_from=SINCE, salt="0" * 32, by="office",
        at=act.at,
    )  # fmt: skip
    act.write(person)
    act.write(
        Registration(
            project=project, is_counted=False, note=f"{word}缺材料", by="office", at=act.at
        )
    )
    indicator = ensure_indicators(act)[INVESTMENT]
    return {"statistician_id": person.pk, "indicator_id": indicator.pk}


def _gathered(act: Act, word: str, listing: ProjectList, person_id: int) -> dict[str, int]:
    """A campaign over a list, and a body with one member."""
    since = date(YEAR, 7, 1)
    body = Body(
        name=f"{word}指挥部",
        kind=BodyKind.HEADQUARTERS,
        founding_paper=f"{word}文件",
        from_on=since,
    )
    act.write(body)
    member = BodyMember(body=body, person_id=person_id, role=MemberRole.HEAD, from_on=since)
    act.write(member)
    campaign = Campaign(
        name=f"{word}攻坚",
        list=listing,
        from_on=since,
        until_on=date(YEAR, 12, 31),
        plan_paper=f"{word}方案",
    )
    act.write(campaign)
    return {"body_id": body.pk, "member_id": member.pk, "campaign_id": campaign.pk}


def _written(people: Cast, word: str, book: str) -> dict[str, Any]:
    """A rule book that two people published, and the draft of its next version."""
    office, second = people.act_as("office"), people.act_as("second_office")
    draft = start_draft(office, "default", None, book)
    toml = draft.toml.replace("通用进度亮灯办法", f"{word}亮灯办法")
    texts = Texts(toml, draft.text, draft.examples)
    save_draft(office, draft.pk, version=1, texts=texts)
    submit_draft(office, draft.pk, version=2, reason=f"{word}文件", is_retroactive=False)
    publish_draft(second, draft.pk, version=3)
    return {"book_id": book, "draft_id": start_draft(office, book, None).pk}


def make_worlds(people: Cast) -> Worlds:
    """Two worlds, each with a list, a project on it, a locked and an open round."""
    User.objects.filter(kind__in=("system", "security", "audit")).update(
        is_active=True, password=make_password(None)
    )
    with journal.act(people.console, "worlds.made") as act:
        own, other = World(), World()
        for world, word, region, unit, serial in (
            (own, "滨江", "江北区", UNIT, 1),
            (other, CANARY, "临江区", OTHER_UNIT, 2),
        ):
            listing = ProjectList(
                owner_organisation=root_organisation(), year=YEAR, name=f"{word}重点项目"
            )
            act.write(listing)
            sector = Term(vocabulary=Vocabulary.SECTOR, code=f"{word}行业", name=f"{word}行业")
            act.write(sector)
            project = Project(
                uid=f"{serial:032x}",
                national_code=f"2601-990102-04-01-{serial:06d}",
                name=f"{word}产业园",
                region_id=people.regions[region],
                sector=sector,
                content=f"{word}建设内容",
                site=f"{word}路",
                total_yuan=500_000_000,
            )
            act.write(project)
            entry = ListEntry(
                list=listing,
                project=project,
                serial_no=serial,
                nature=Nature.NEW,
                joined_on=date(YEAR, 1, 1),
            )
            act.write(entry)
            act.write(
                Responsibility(
                    project=project,
                    role=ResponsibilityRole.LEAD,
                    organisation_id=people.organisations[unit],
                    valid_from=SINCE,
                )
            )
            value = RecordedValue(
                subject=SubjectKind.PROJECT,
                project=project,
                measure="已入库",
                form="bool",
                value="true",
                on=date(YEAR, 10, 8),
                basis=f"{word}文件",
                by="office",
                at=act.at,
            )
            act.write(value)
            view = SavedView(
                user=people.office if world is own else people.outsider,
                list=listing,
                name=f"{word}视图",
            )
            act.write(view)
            the_round = open_round(act, listing, parse_period(OPEN))
            closed = open_round(act, listing, parse_period(CLOSED))
            file, question = _asked(act, the_round, word)
            answer = _answered(act, the_round, question)
            doubt = _doubted(act, the_round, project, people.organisations[unit], word)
            world.ids.update(
                administered(act, word, people.organisations[unit], people.regions[region])
            )
            world.ids.update(
                _applied(act, word, people.organisations[unit], people.regions[region], listing)
            )
            world.ids["milestone_id"] = _promised(act, word, project)
            world.ids["tracked_id"] = _tracked(act, word, project)
            world.ids.update(_counted(act, word, people.organisations[unit], project))
            world.ids.update(burdened(act, word, people.organisations[unit]))
            world.ids.update(appraised(act, word, people.organisations[unit]))
            world.ids.update(_gathered(act, word, listing, people.persons[LEADER]))
            world.ids.update(
                organisation_id=people.organisations[unit],
                delivery_id=file.delivery_id,
                file_id=file.pk,
                question_id=question.pk,
                figure_question_id=doubt.pk,
                report_paper_id=_papered(act, the_round, project, people.organisations[unit], word),
                correction_id=_corrected(act, closed, project, people.organisations[unit], word),
                answer_id=answer.pk,
                blob_id=question.imported.blob_id,
                project_id=project.pk,
                list_id=listing.pk,
                entry_id=entry.pk,
                term_id=sector.pk,
                value_id=value.pk,
                view_id=view.pk,
                round_id=the_round.pk,
                closed_round_id=closed.pk,
            )
        act.write(
            Responsibility(
                project_id=own.ids["project_id"],
                role=ResponsibilityRole.LEADER,
                person_id=people.persons[LEADER],
                valid_from=SINCE,
            )
        )
        act.write(
            OpinionRequest(
                application_id=own.ids["application_id"],
                organisation_id=people.organisations[DEPARTMENT_UNIT],
                by="office",
                at=act.at,
            )
        )
        act.write(
            Participation(
                project_id=own.ids["project_id"],
                organisation_id=people.organisations[DEPARTMENT_UNIT],
                why="land",
                valid_from=SINCE,
            )
        )
    for listing in ProjectList.objects.order_by("pk"):
        snapshot = close_round(people.console, listing, parse_period(CLOSED))
        assess_for_record(people.console, snapshot)
    for world, word, book in ((own, "滨江", "own-book"), (other, CANARY, "other-book")):
        world.ids.update(_written(people, word, book))
    return Worlds(people, own, other).sign_in_all()
