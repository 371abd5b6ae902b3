"""What the intake asked, as the desk lists it: each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from guatu.reporting.desk.asked import Asked, Ground, asked
from guatu.reporting.models import IntakeQuestion
from guatu.reporting.queries import question_key
from guatu.ui.tables import Page

A_PAGE = 40


def grouped(questions: Sequence[IntakeQuestion]) -> list[list[IntakeQuestion]]:
    """Questions that one answer settles stand together."""
    groups: dict[tuple[int, str], list[IntakeQuestion]] = {}
    for one in questions:
        key = question_key(one.pk, one.imported_id, one.code, one.facts)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def shown(groups: Sequence[Sequence[IntakeQuestion]], ground: Ground) -> list[Asked]:
    """Some groups with the answers they take and the last figure beside them."""
    found = [asked(first, ground, others) for first, *others in groups]
    for one in found:
        told = one.question.__dict__
        if not one.others and told.get("before_on") and told.get("before_yuan") is not None:
            one.before = (told["before_on"], told["before_yuan"])
    return found


def listed(every: Sequence[IntakeQuestion], ground: Ground, query: QueryDict) -> dict[str, Any]:
    """The questions under the filters of the address, a page of them."""
    text = query.get("q", "").strip()[:100]
    file = query.get("file", "")[:255]
    found = [
        group
        for group in grouped(every)
        if (not file or group[0].imported.name == file)
        and (not text or any(_holds(one, text) for one in group))
    ]
    place = Page.of(query, len(found), A_PAGE)
    questions = shown(found[place.start : place.start + place.size], ground)
    return {
        "to_answer": [one for one in questions if one.question.is_waiting],
        "to_verify": [one for one in questions if not one.question.is_waiting],
        "question_files": sorted({one.imported.name for one in every}),
        "filter_text": text,
        "filter_file": file,
        "page": place,
    }


def _holds(one: IntakeQuestion, text: str) -> bool:
    name = str(one.project) if one.project is not None else ""
    return any(text in where for where in (one.question, one.imported.name, name))
