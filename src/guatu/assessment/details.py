"""What a page shows of a result beside its verdict: kept with the run of record. Pure.

A project's detail is its line of the snapshot, so that why it has its light can be told from the
very figures it was judged by; a group's and the total's are the figures as they are printed.
"""

from __future__ import annotations

import json
from typing import Any

from guatu.assessment.content import subject_line, subject_of_line
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Result
from guatu.assessment.presenters import figures, group_json
from guatu.assessment.types import Subject


def add_details(results: list[Result], assessed: Assessed) -> None:
    """Fill in the detail of every result of an assessment."""
    subjects = {one.subject.id: one.subject for one in assessed.measured}
    groups = {(group.by, group.key[:100]): group for by in assessed.groups.values() for group in by}
    for result in results:
        if result.project_id is not None:
            result.detail = subject_line(subjects[result.project_id])
        elif (group := groups.get((result.subject_kind, result.subject_key))) is not None:
            result.detail = _text(group_json(group, assessed.conventions))
        else:
            result.detail = _text(figures(assessed.total, assessed.conventions))


def subject_of(result: Result) -> Subject:
    """The frozen project that a result was found for. ValueError where it holds none."""
    return subject_of_line(result.detail)


def figures_of(result: Result) -> dict[str, Any]:
    """The figures of a group or the total, percentages as printed text."""
    told = json.loads(result.detail)
    if not isinstance(told, dict):
        raise ValueError("a result without figures")
    return told


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
