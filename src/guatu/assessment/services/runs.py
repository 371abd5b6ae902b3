"""Running a rule book over a snapshot and keeping the derived results."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

import guatu
from guatu.assessment import queries
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import GROUPINGS, Assessed, Group, assess, codes_of
from guatu.assessment.measures import Measured
from guatu.assessment.models import Result, RuleBookVersion, Run, Snapshot
from guatu.core import clock
from guatu.engines.chain import canonical, sm3
from guatu.engines.rulebook import Book, book_text
from guatu.journal import services as journal
from guatu.journal.types import Actor

BATCH = 2_000


def run(
    actor: Actor,
    snapshot: Snapshot,
    book: Book,
    conventions: Conventions,
    *,
    is_ranked: bool,
    by: Sequence[str] = GROUPINGS,
) -> Assessed:
    """Assess a snapshot, keep the results once, and return the assessment.

    The same snapshot, book, conventions and switch give the same run; it can be deleted and made
    again at any time.
    """
    assessed = assess(
        queries.snapshot_content(snapshot), book, conventions, by=by, is_ranked=is_ranked
    )
    settings = canonical({**conventions.as_json(), "by": list(by), "rankings": is_ranked})
    try:
        with transaction.atomic():
            _keep(actor, snapshot, assessed, settings)
    except IntegrityError:
        # The same assessment was kept by another command in this very moment: nothing to add.
        pass
    return assessed


def _keep(actor: Actor, snapshot: Snapshot, assessed: Assessed, settings: str) -> None:
    """Keep the run and its results, unless they are there and whole."""
    settings_sm3 = sm3(settings.encode())
    version = _book_version(actor, assessed.book)
    same = Run.objects.filter(
        snapshot=snapshot, rulebook_version=version, settings_sm3=settings_sm3
    )
    results = list(_results(assessed))
    if any(len(results) == known.results.count() for known in same):
        return
    same.delete()  # its results were taken away: it is made again
    made = Run.objects.create(
        snapshot=snapshot,
        rulebook_version=version,
        settings=settings,
        settings_sm3=settings_sm3,
        app_version=guatu.__version__,
        result_sm3=_digest(results),
        at=clock.now(),
    )
    for result in results:
        result.run_id = made.pk
    Result.objects.bulk_create(results, batch_size=BATCH)


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
    return results


def _project_result(one: Measured) -> Result:
    verdict = one.verdict
    return Result(
        subject_kind="project",
        subject_key=str(one.subject.id),
        label=verdict.label,
        verdict=verdict.overall,
        numerator=one.completed_yuan,
        denominator=one.subject.plan_yuan,
        codes=codes_of(verdict.lights)[:200],
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


def _digest(results: Sequence[Result]) -> str:
    """SM3 over the results in order of subject."""
    rows = sorted(
        f"{r.subject_kind}\t{r.subject_key}\t{r.verdict}\t{r.label}\t{r.numerator}"
        f"\t{r.denominator}\t{r.rank}\t{r.codes}"
        for r in results
    )
    return sm3("\n".join(rows).encode())
