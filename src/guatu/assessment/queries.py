"""Reads of the assessment room: snapshots and their content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, FilteredRelation, Q, QuerySet

from guatu.assessment.comparing import Difference, differences, moved_days
from guatu.assessment.content import thaw
from guatu.assessment.models import (
    Forecast,
    ForecastBasis,
    ForecastTest,
    Result,
    RoundRequest,
    RoundRequestEnd,
    RuleBookVersion,
    Run,
    Snapshot,
)
from guatu.assessment.types import Content, RequestKind
from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotFound
from guatu.core.periods import PeriodKey
from guatu.engines.rulebook import Book, Record, Severity, parse_book
from guatu.files.services import read_blob
from guatu.ledger.models import Project
from guatu.planning.days import GivenDays
from guatu.reporting.basis.queries import basis_changed
from guatu.reporting.models import Round

REQUEST_HOLDS = timedelta(hours=24)
"""A second person confirms within this time, or the request lapses."""
END_TOLD = timedelta(days=7)
"""How long it is told that a request was sent back or withdrawn, unless another one follows."""


def newest_snapshot(the_round: Round) -> Snapshot:
    """The newest revision of a locked round, or NotFound while it is open. Its `basis_changed`
    tells whether `across_years` may have something to say."""
    found = (
        Snapshot.objects.filter(round=the_round)
        .annotate(basis_changed=basis_changed())
        .select_related("blob")
        .order_by("-revision")
        .first()
    )
    if found is None:
        raise NotFound(
            Fault(
                "round-open",
                f"{the_round}还没有锁定，没有定版数据",
                "请先锁定本期",
            )
        )
    return found


def snapshot_of(the_round: Round, revision: int | None) -> Snapshot:
    """A given revision of a round, or the newest one."""
    newest = newest_snapshot(the_round)
    if revision is None or revision == newest.revision:
        return newest
    found = Snapshot.objects.filter(round=the_round, revision=revision).first()
    if found is None:
        raise NotFound(
            Fault(
                "unknown-revision",
                f"{the_round.period.label}没有第{revision}版",
                f"现有第1到第{newest.revision}版",
            )
        )
    return found


def snapshot_content(snapshot: Snapshot) -> Content:
    """The frozen content, checked against its digest. BadInput where the store was changed."""
    return _thawed(snapshot.blob.sm3, snapshot.content_sm3, snapshot)


def _thawed(address: str, digest: str, named: Snapshot | RoundRequest) -> Content:
    try:
        return thaw(read_blob(address), f"sm3:{digest}")
    except (OSError, ValueError) as error:
        raise BadInput(
            Fault(
                "snapshot-damaged",
                f"{named}的定版数据缺失或被改动",
                "请系统管理员从备份恢复，并请审计管理员核对日志",
            )
        ) from error


def run_of_record(list_id: int, round_id: int | None = None) -> Run | None:
    """The run that pages show: of a round, or of a list's newest locked round that expected the
    whole list; in one query."""
    runs = Run.objects.filter(is_of_record=True, snapshot__round__list_id=list_id)
    if round_id is not None:
        runs = runs.filter(snapshot__round_id=round_id)
    else:
        runs = runs.filter(snapshot__round__is_limited=False)
    return (
        runs.select_related("snapshot__round__period", "snapshot__round__list", "rulebook_version")
        .order_by("-snapshot__round__period__last_on", "-snapshot__revision", "-at")
        .first()
    )


def run_before(the_round: Round) -> Run | None:
    """The run of record of the round before of the same list and grain; in one query. A limited
    round has none: the one before it is of other projects."""
    if the_round.is_limited:
        return None
    period = the_round.period
    rows = Run.objects.filter(
        is_of_record=True,
        snapshot__round__list_id=the_round.list_id,
        snapshot__round__is_limited=False,
        snapshot__round__period__grain=period.grain,
        snapshot__round__period__last_on__lt=period.last_on,
    ).order_by("-snapshot__round__period__last_on", "-snapshot__revision", "-at")
    return rows.first()


def past_lights(list_id: int, period: PeriodKey) -> dict[int, tuple[Record, ...]]:
    """The lights of each project in the locked rounds of a list before a period, of its grain,
    oldest first: what the runs of record of their newest revisions say; one query."""
    rows = (
        Result.objects.filter(
            project__isnull=False,
            run__is_of_record=True,
            run__snapshot__revision=F("run__snapshot__round__revision"),
            run__snapshot__round__list_id=list_id,
            run__snapshot__round__period__grain=period.grain,
            run__snapshot__round__period__last_on__lt=period.last_on,
        )
        .exclude(label="")
        .order_by("run__snapshot__round__period__last_on")
        .values_list("project_id", "run__snapshot__round__period__last_on", "label")
    )
    found: dict[int, list[Record]] = {}
    for pk, on, label in rows.iterator(chunk_size=10_000):
        found.setdefault(pk or 0, []).append(Record(on, label))
    return {pk: tuple(records) for pk, records in found.items()}


def completed_of(*runs: Run, seen: QuerySet[Project] | None = None) -> list[dict[int, int | None]]:
    """What each project in scope of each run had done, in yuan, None without data; one query."""
    found: dict[int, dict[int, int | None]] = {run.pk: {} for run in runs}
    rows = Result.objects.filter(run__in=found, project__isnull=False)
    rows = rows.exclude(verdict=Severity.NOT_IN_SCOPE.value)
    if seen is not None:
        rows = rows.filter(project__in=seen)
    for run_id, project_id, yuan in rows.values_list("run_id", "project_id", "numerator"):
        found[run_id][project_id or 0] = yuan
    return list(found.values())


_BOOKS: dict[str, Book] = {}
_MOST_BOOKS = 256


def kept_books(digests: Iterable[str]) -> dict[str, Book]:
    """Rule books as they were when they were first used or published, by the digest of the text:
    those of one digest judge alike, whoever asks. What this process has not read: one query."""
    wanted = set(digests)
    found = {digest: book for digest in wanted if (book := _BOOKS.get(digest)) is not None}
    missing = wanted - found.keys()
    for row in RuleBookVersion.objects.filter(digest__in=missing) if missing else ():
        found[row.digest] = parse_book(row.toml, source=str(row))
    if len(_BOOKS) + len(missing) > _MOST_BOOKS:
        _BOOKS.clear()
    _BOOKS.update(found)
    return found


def kept_book(digest: str) -> Book:
    """One of them. NotFound where there is none."""
    found = kept_books([digest]).get(digest)
    if found is None:
        raise NotFound(Fault("no-book", "没有找到当时的办法文本", "请由项目办重新测算本期"))
    return found


def book_name(version: RuleBookVersion) -> str:
    """How pages and papers name the book of a run: its own title, and which version of it."""
    return f"《{kept_book(version.digest).title}》第{version.book_version}版"


def newest_request(the_round: Round, kind: RequestKind) -> RoundRequest | None:
    """The newest request for a round as it stands, ended or not, unless it has lapsed; in one
    query."""
    found = (
        RoundRequest.objects.filter(round=the_round, kind=kind, base_revision=the_round.revision)
        .select_related("content", "workbook", "end")
        .order_by("-pk")
        .first()
    )
    return found if found is not None and is_told(found) else None


def request_in_force(the_round: Round, kind: RequestKind) -> RoundRequest | None:
    """The same, unless it was returned or withdrawn: an older one does not come back then."""
    found = newest_request(the_round, kind)
    return None if found is None or end_of(found) is not None else found


def end_of(asked: RoundRequest) -> RoundRequestEnd | None:
    """How a request ended that nobody confirmed; None while it waits."""
    return getattr(asked, "end", None)


def is_told(asked: RoundRequest) -> bool:
    """Whether a request still waits for its second person, or has ended not long ago."""
    end, now = end_of(asked), clock.now()
    return asked.at > now - REQUEST_HOLDS if end is None else end.at > now - END_TOLD


def request_content(asked: RoundRequest) -> Content:
    """What somebody asked to have frozen. BadInput where the store was changed."""
    return _thawed(asked.content.sm3, asked.content_sm3, asked)


def told_differences(before: Content, after: Content) -> list[Difference]:
    """What two contents differ in, dates as exactly as they were given; a query where one moved."""
    moved = moved_days(before, after)
    given = GivenDays().read(moved) if moved else GivenDays()
    return differences(before, after, given.text)


def revisions(the_round: Round) -> list[Snapshot]:
    """All revisions of a round, the newest first."""
    rows = Snapshot.objects.filter(round=the_round).select_related("blob")
    return list(rows.order_by("-revision"))


def forecast_basis(the_round: Round) -> ForecastBasis | None:
    """What the forecasts of a round's newest run of record rest on; in one query."""
    rows = ForecastBasis.objects.filter(
        run__is_of_record=True,
        run__snapshot__round=the_round,
        run__snapshot__revision=the_round.revision,
    )
    return rows.order_by("-run__at").first()


def forecast_of(
    run_id: int, project_id: int, month: int
) -> tuple[Forecast, ForecastTest | None] | None:
    """The forecast of one project by a run, and what forecasts of its group were worth; in one
    query."""
    told = ("year", "month", "way", "tested", "covered", "error", "naive_error", "untold", "group")
    together = Q(basis__tests__month=month, basis__tests__year=0, basis__tests__group=F("group"))
    found = (
        Forecast.objects.filter(basis__run_id=run_id, project_id=project_id)
        .annotate(test=FilteredRelation("basis__tests", condition=together))
        .annotate(**{f"test_{name}": F(f"test__{name}") for name in told})
        .first()
    )
    if found is None:
        return None
    test = {name: found.__dict__[f"test_{name}"] for name in told}
    return found, None if test["month"] is None else ForecastTest(**test)
