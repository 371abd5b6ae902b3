"""What a page shows of a result beside its verdict: kept with the run of record. Pure.

A project's detail is its line of the snapshot and, where the book looked back, a second line with
the earlier lights as the run read them: why it has its light is told from the very figures it was
judged by. A group's and the total's are the figures as they are printed.
A project that was issued and has left the list has its line too (M-A10).
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from guatu.assessment.content import subject_line, subject_of_line
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Result
from guatu.assessment.presenters import group_json, total_json
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Record

EXITED = "exited"
"""The subject kind of the results of projects that were issued and have left. They are of no
project: whatever adds up the projects of a run does not meet them."""


def add_details(results: list[Result], assessed: Assessed) -> None:
    """Fill in the detail of every result of an assessment."""
    subjects = {one.subject.id: one.subject for one in assessed.measured}
    exited = {one.id: one for one in assessed.issued.exited} if assessed.issued else {}
    groups = {(group.by, group.key[:100]): group for by in assessed.groups.values() for group in by}
    for result in results:
        if result.subject_kind == EXITED:
            result.detail = subject_line(exited[int(result.subject_key)])
        elif result.project_id is not None:
            past = assessed.past.get(result.project_id)
            result.detail = _judged(subjects[result.project_id], past)
        elif (group := groups.get((result.subject_kind, result.subject_key))) is not None:
            result.detail = _text(group_json(group, assessed.conventions))
        else:
            result.detail = _text(total_json(assessed))


def _judged(subject: Subject, past: tuple[Record, ...] | None) -> str:
    line = subject_line(subject)
    if past is None:
        return line
    return f"{line}\n{_text([[one.on.isoformat(), one.value] for one in past])}"


def subject_of(result: Result) -> Subject:
    """The frozen project that a result was found for. ValueError where it holds none."""
    return subject_in(result.detail)


def subject_in(detail: str) -> Subject:
    """The frozen project of a project's detail. ValueError where it holds none."""
    return subject_of_line(detail.partition("\n")[0])


def past_of(result: Result) -> tuple[Record, ...] | None:
    """The lights of earlier rounds as the run read them; None where its book did not look back."""
    told = result.detail.partition("\n")[2]
    if not told:
        return None
    return tuple(Record(date.fromisoformat(on), label) for on, label in json.loads(told))


def figures_of(result: Result) -> dict[str, Any]:
    """The figures of a group or the total, percentages as printed text."""
    told = json.loads(result.detail)
    if not isinstance(told, dict):
        raise ValueError("a result without figures")
    return told


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
