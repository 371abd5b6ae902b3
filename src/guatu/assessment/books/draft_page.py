"""A draft being written: its numbers beside their sentences, its texts, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from guatu.assessment.books import queries
from guatu.assessment.books.differing import Piece, words_differing
from guatu.assessment.books.effect_page import effect_of
from guatu.assessment.books.forms import NUMBER_FIELD
from guatu.assessment.models import RuleBookDraft
from guatu.assessment.services.drafts import HOLDS, Texts, has_lapsed, term_faults
from guatu.assessment.types import DraftState
from guatu.core.errors import BadInput, Fault
from guatu.engines.rulebook import Book
from guatu.engines.rulebook.checking import Checked, check_texts
from guatu.engines.rulebook.numbers import Number, numbers_of, rule_ids, with_numbers
from guatu.engines.rulebook.places import line_of, places_of
from guatu.engines.rulebook.reciting import recite
from guatu.organisation import access as organisation
from guatu.organisation.models import User

FILES = {
    "toml": ("rulebook.toml", "规则"),
    "text": ("text.md", "条文"),
    "examples": ("examples.toml", "算例"),
}
KEYS = {
    "above": "起点", "add": "加", "amount": "金额", "at_least": "至少", "at_most": "不超过",
    "between": "给分范围", "cap": "最多", "clamp": "加减范围", "date": "日期", "digits": "小数位数",
    "down": "每步减", "floor": "最少", "first": "第一名", "for": "为期", "full": "满分",
    "highest": "最高", "last": "最后一名", "least": "每步最少", "less": "每步少", "limit": "时限",
    "lowest": "最低", "max": "最多扣除", "minus": "提前", "most": "最多", "months": "月数",
    "otherwise": "其余", "plus": "以后", "points": "分值", "promised": "承诺时限", "share": "比例",
    "step": "步长", "step_down": "减的步长", "step_up": "加的步长", "target": "目标",
    "times": "次数", "to": "至", "unless": "除外", "up": "每步加", "value": "值", "weights": "权重",
    "when": "条件", "within": "期限", "zero_when": "得零分",
}  # fmt: skip
"""What the keys of a book are called beside their numbers; others stand as they are written."""

_CASE = re.compile(r"规则“(.+?)”.*?第(\d+)条界线")
_LINE = re.compile(r"第(\d+)行")
_TABLE = re.compile(r"第(\d+)个([a-z_]+)")
_QUOTED = re.compile(r"“([^“”]{1,400})”")


@dataclass(frozen=True, slots=True)
class Field:
    """One input with what is written before it; `after` follows the last of a value."""

    before: str
    name: str
    written: str
    after: str


@dataclass(frozen=True, slots=True)
class Written:
    """One value of a rule with its inputs."""

    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its sentences and the numbers in it."""

    sentences: tuple[str, ...]
    values: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault and where it stands: the text's field and line, 0 where that is not known."""

    fault: Fault
    field: str
    title: str
    line: int


def texts_of(draft: RuleBookDraft) -> Texts:
    """The texts as they are kept."""
    return Texts(draft.toml, draft.text, draft.examples)


def merged(draft: RuleBookDraft, typed: Texts, numbers: Mapping[str, str]) -> Texts:
    """The texts as typed, with the numbers that were changed beside their sentences.

    Raises BadInput for what is no number.
    """
    kept = {one.key: one.written for one in numbers_of(draft.toml)}
    changed = {key: told for key, told in numbers.items() if kept.get(key, told) != told.strip()}
    if not changed:
        return typed
    try:
        return Texts(with_numbers(typed.toml, changed), typed.text, typed.examples)
    except ValueError as error:
        raise BadInput(Fault("no-number", str(error), "请写整数或小数，如10或0.5")) from error


def page(
    draft: RuleBookDraft,
    user: User,
    *,
    typed: Texts | None = None,
    numbers: Mapping[str, str] | None = None,
    faults: Iterable[Fault] = (),
    is_stale: bool = False,
) -> dict[str, Any]:
    """The context of the page. `typed` is what was posted and is not kept; `is_stale`: because
    somebody else saved meanwhile, so that both texts are shown."""
    kept = texts_of(draft)
    texts = typed or kept
    checked = check_texts(texts.toml, texts.text, texts.examples)
    is_own = organisation.is_same_person(draft.asked_by_user_id, user.pk)
    return {
        "draft": draft,
        "texts": texts,
        "is_open": draft.state in queries.OPEN_STATES,
        "is_writable": draft.state == DraftState.DRAFT,
        "is_submitted": draft.state == DraftState.SUBMITTED,
        "state": DraftState(draft.state).label,
        "until": draft.asked_at + HOLDS if draft.asked_at else None,
        "has_lapsed": has_lapsed(draft),
        "is_own_request": draft.state == DraftState.SUBMITTED and is_own,
        "may_publish": draft.state == DraftState.SUBMITTED
        and not has_lapsed(draft)
        and (not is_own or organisation.is_small_office()),
        "faults": list(faults),
        "rules": rules_of(draft, checked.book, texts, numbers or {}),
        "is_stale": is_stale,
        "theirs": _theirs(kept, texts) if is_stale else [],
        **result(draft, texts, checked),
    }


def result(draft: RuleBookDraft, texts: Texts, checked: Checked) -> dict[str, Any]:
    """What is wrong with the texts; dates are told as a notice while it is being written."""
    found = list(checked.faults)
    notices = list(checked.notices)
    if checked.book is not None:
        notices += term_faults(checked.book, draft.number, is_retroactive=draft.is_retroactive)
    return {
        "checked": checked,
        "placed": [_placed(one, texts) for one in found[:100]],
        "more_faults": max(0, len(found) - 100),
        "notices": notices,
        "example_count": len(checked.examples),
    }


def live(draft: RuleBookDraft, texts: Texts) -> dict[str, Any]:
    """What is wrong with texts that are not kept, and what they would change."""
    checked = check_texts(texts.toml, texts.text, texts.examples)
    return {**result(draft, texts, checked), "draft": draft, "effect": effect_of(checked.book)}


def _theirs(kept: Texts, typed: Texts) -> list[tuple[str, str, list[Piece]]]:
    """Of each text that differs: what it is called, as it is kept, and what differs from it."""
    return [
        (title, getattr(kept, name), words_differing(getattr(kept, name), getattr(typed, name)))
        for name, (_, title) in FILES.items()
        if getattr(kept, name) != getattr(typed, name)
    ]


def rules_of(
    draft: RuleBookDraft, book: Book | None, texts: Texts, typed: Mapping[str, str]
) -> list[Rule]:
    """Every rule that has numbers, with its sentences where the book can be read."""
    said: dict[str, list[str]] = {}
    for one in recite(book) if book is not None else ():
        said.setdefault(one.rule, []).append(one.text)
    found = []
    for rule, numbers in groupby(numbers_of(texts.toml), key=lambda one: one.rule):
        ids = rule_ids(book, rule) if book is not None else ()
        sentences = [
            text
            for key, told in said.items()
            if any(key == one or (one.endswith(".") and key.startswith(one)) for one in ids)
            for text in told
        ]
        heading = "·".join(f"第{one + 1}个" if isinstance(one, int) else one for one in rule)
        found.append(Rule(tuple(sentences) or (heading,), tuple(_values(numbers, typed))))
    return found


def _values(numbers: Iterable[Number], typed: Mapping[str, str]) -> Iterable[Written]:
    for _, same in groupby(numbers, key=lambda one: one.key.rpartition("#")[0]):
        row, end, fields = list(same), 0, []
        for one in row:
            before = one.before[end:]
            end = len(one.before) + len(one.written)
            after = one.after if one is row[-1] else ""
            written = typed.get(one.key, one.written)
            fields.append(Field(before, f"{NUMBER_FIELD}{one.key}", written, after))
        yield Written(KEYS.get(row[0].label, row[0].label), tuple(fields))


def _placed(fault: Fault, texts: Texts) -> Placed:
    names = {file: (name, title) for name, (file, title) in FILES.items()}
    name, title = names.get(fault.file, ("toml", "规则"))
    return Placed(fault, name, title, _line(fault.what, getattr(texts, name)))


def _line(what: str, text: str) -> int:
    """The line that a fault means: as it says itself, of the case, the words or the table that it
    names; 0 where that cannot be told."""
    if match := _LINE.search(what):
        return int(match[1])
    try:
        places = places_of(text)
    except (ValueError, RecursionError):
        return 0
    if match := _CASE.search(what):
        for path, place in places.items():
            if path[-1] == "dimension" and text[place.start + 1 : place.end - 1] == match[1]:
                case = places.get((*path[:-1], "cases", int(match[2]) - 1))
                return line_of(text, case.start) if case else line_of(text, place.start)
    values = {text[place.start : place.end]: place.start for place in places.values()}
    for word in sorted(_QUOTED.findall(what), key=len, reverse=True):
        if (start := values.get(f'"{word}"')) is not None:
            return line_of(text, start)
    for word in sorted(_QUOTED.findall(what), key=len, reverse=True):
        if (at := text.find(word)) >= 0:
            return line_of(text, at)
    if match := _TABLE.search(what):
        inside = (match[2], int(match[1]) - 1)
        starts = [place.start for path, place in places.items() if path[:2] == inside]
        return line_of(text, min(starts)) if starts else 0
    return 0
