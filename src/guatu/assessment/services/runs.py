"""Running a rule book over a snapshot and keeping the derived results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

import guatu
from guatu.assessment.conventions import Conventions
from guatu.assessment.details import EXITED, add_details
from guatu.assessment.grouping import Group
from guatu.assessment.judging import GROUPINGS, Assessed, assess, codes_of
from guatu.assessment.measures import Measured
from guatu.assessment.models import Result, RuleBookVersion, Run, Snapshot
from guatu.assessment.queries import past_lights
from guatu.assessment.types import Content
from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.engines.chain import canonical, sm3
from guatu.engines.rulebook import Book, book_text
from guatu.journal import services as journal
from guatu.journal.types import Actor

BATCH = 2_000
TOTAL = "total"
"""The subject kind of the one result for all projects together."""


def run(
    actor: Actor,
    snapshot: Snapshot,
    content: Content,
    book: Book,
    conventions: Conventions,
    *,
    is_ranked: bool,
    by: Sequence[str] = GROUPINGS,
    is_of_record: bool = False,
) -> Assessed:
    """Assess a snapshot's content, keep the results once, and return the assessment.

    The run of record keeps with each result what pages show; a snapshot has one. The same
    snapshot, book, conventions and switch give the same run; it can be deleted and made again at
    any time. Kept results that are not what is computed now are made again, and the assessment's
    notices say so.
    """
    assessed = assess(
        content,
        book,
        conventions,
        by=by,
        is_ranked=is_ranked,
        past=lambda: past_lights(snapshot.round.list_id, content.period_key),
    )
    settings = canonical({**assessed.conventions.as_json(), "by": list(by), "rankings": is_ranked})
    try:
        with transaction.atomic():
            assessed.notices += _keep(
                actor, snapshot, assessed, settings, is_of_record=is_of_record
            )
    except IntegrityError:
        # Another command kept this assessment, or the run of record, in this very moment.
        pass
    return assessed


def require_same_text(book: Book, recorded: Iterable[RuleBookVersion]) -> None:
    """Refuse a book whose text is another than that of the kept runs of its version (BadInput):
    "RB01 version 1" on a printed paper must go on meaning what it meant. `recorded` are the
    versions that `versions_like` found.
    """
    others = (
        one
        for one in recorded
        if (one.book, one.book_version) == (book.id, book.version) and one.digest != book.digest
    )
    if any(getattr(one, "is_used", False) for one in others):
        what = (
            f"办法“{book.id}”的内容改过了，版本号仍是{book.version}，已有测算结果按原来的内容作出"
        )
        raise BadInput(
            Fault("book-changed", what, "请在rulebook.toml里把version加大，或恢复原来的内容")
        )


def _keep(
    actor: Actor, snapshot: Snapshot, assessed: Assessed, settings: str, *, is_of_record: bool
) -> tuple[str, ...]:
    """Keep the run and its results, unless they are there and whole; what a reader must know."""
    settings_sm3 = sm3(settings.encode())
    version = _book_version(actor, assessed.book)
    same = Run.objects.filter(
        snapshot=snapshot, rulebook_version=version, settings_sm3=settings_sm3
    )
    results = _results(assessed)
    digest = _digest(results)
    known = same.first()
    is_whole = known and known.result_sm3 == digest == _digest(known.results.defer("detail"))
    if known and is_whole and (known.is_of_record or not is_of_record):
        return ()
    is_of_record = is_of_record or bool(known and known.is_of_record)
    if is_of_record:
        Run.objects.filter(snapshot=snapshot, is_of_record=True).update(is_of_record=False)
        add_details(results, assessed)
    same.delete()
    made = Run.objects.create(
        snapshot=snapshot,
        rulebook_version=version,
        settings=settings,
        settings_sm3=settings_sm3,
        app_version=guatu.__version__,
        result_sm3=digest,
        is_of_record=is_of_record,
        at=clock.now(),
    )
    for result in results:
        result.run_id = made.pk
    Result.objects.bulk_create(results, batch_size=BATCH)
    return () if known is None or is_whole else (_made_again(known, digest),)


def _made_again(old: Run, digest: str) -> str:
    """Why a run that was kept has been replaced."""
    made_by = f"{old.app_version}版程序{old.at.astimezone(clock.CHINA):%Y-%m-%d}"
    if old.result_sm3 == digest:
        return f"{made_by}保存的测算结果不全或被改动，已按定版数据重新测算并保存"
    return f"{made_by}保存的测算结果与现在算出的不同，已按定版数据重新测算并保存"


def _book_version(actor: Actor, book: Book) -> RuleBookVersion:
    """The frozen text of the book, recorded on first use."""
    known = RuleBookVersion.objects.filter(book=book.id, digest=book.digest).first()
    if known is not None:
        return known
    row = RuleBookVersion(
        book=book.id,
        book_version=book.version,
        toml=book_text(book.id),
        digest=book.digest,
        published_by=actor.text,
    )
    with journal.act(actor, "rulebook.recorded") as act:
        act.write(row)
    return row


def _results(assessed: Assessed) -> list[Result]:
    results = [_project_result(one) for one in assessed.measured]
    for groups in assessed.groups.values():
        results += [_group_result(group) for group in groups]
    if assessed.issued:
        results += [_exited_result(one) for one in assessed.issued.gone]
    total = assessed.total
    results.append(
        Result(
            subject_kind=TOTAL,
            subject_key="",
            numerator=total.completed_yuan,
            denominator=total.annual_plan_yuan,
        )
    )
    return results


def _project_result(one: Measured) -> Result:
    verdict = one.verdict
    return Result(
        subject_kind="project",
        subject_key=str(one.subject.id),
        project_id=one.subject.id,
        label=verdict.label,
        verdict=verdict.overall,
        numerator=one.completed_yuan,
        denominator=one.subject.plan_yuan,
        codes=codes_of(verdict.lights)[:200],
    )


def _exited_result(one: Measured) -> Result:
    """A project that was issued and has left: by the plan that was issued, of no project."""
    return Result(
        subject_kind=EXITED,
        subject_key=str(one.subject.id),
        verdict=one.verdict.overall,
        numerator=one.completed_yuan,
        denominator=one.subject.plan_yuan,
    )


def _group_result(group: Group) -> Result:
    verdict = group.verdict
    return Result(
        subject_kind=group.by,
        subject_key=group.key[:100],
        label=verdict.label if verdict else "",
        verdict=verdict.overall if verdict else "",
        numerator=group.totals.completed_yuan,
        denominator=group.totals.annual_plan_yuan,
        rank=group.rank,
        codes=codes_of(verdict.lights)[:200] if verdict else "",
    )


def _digest(results: Iterable[Result]) -> str:
    """SM3 over the results in order of subject."""
    rows = sorted(
        f"{r.subject_kind}\t{r.subject_key}\t{r.verdict}\t{r.label}\t{r.numerator}"
        f"\t{r.denominator}\t{r.rank}\t{r.codes}"
        for r in results
    )
    return sm3("\n".join(rows).encode())
