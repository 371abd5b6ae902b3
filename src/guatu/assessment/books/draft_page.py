"""A draft being written: its numbers beside their sentences, its texts, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from guatu.assessment.books import queries
from guatu.assessment.books.chosen import draft_version
from guatu.assessment.books.differing import (
    RuleChange,
    sentence_changes,
    words_differing,
)
from guatu.assessment.books.effect_page import effect_of
from guatu.assessment.books.forms import HEAD_FIELD, NUMBER_FIELD
from guatu.assessment.books.held import asked_again
from guatu.assessment.books.lagging import lagging_words
from guatu.assessment.books.marked import Piece
from guatu.assessment.books.origin import before_draft
from guatu.assessment.books.queries import Version
from guatu.assessment.books.texts import HEAD, head_fault, head_of, with_head_told
from guatu.assessment.models import RuleBookDraft, Snapshot
from guatu.assessment.queries import REQUEST_HOLDS
from guatu.assessment.services.drafts import Texts, has_lapsed, term_faults, term_notices
from guatu.assessment.types import DraftState
from guatu.core.errors import BadInput, Fault
from guatu.engines.rulebook import Book
from guatu.engines.rulebook.checking import Checked, check_texts
from guatu.engines.rulebook.numbers import (
    NUMBER,
    Number,
    numbers_of,
    rule_ids,
    with_numbers,
)
from guatu.engines.rulebook.places import Path, Place, line_of, places_of
from guatu.engines.rulebook.reciting import recite
from guatu.organisation import access as organisation
from guatu.organisation.models import User
from guatu.organisation.queries import settings_in_force

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
_TIMES = re.compile(r"\A\s*\*\s*")
"""The sign between a number and its unit: an input with `百分点` after it reads without."""
_SIGNS = tuple(
    (re.compile(sign), word)
    for sign, word in (
        (r"\s*>=\s*", " ≥ "), (r"\s*<=\s*", " ≤ "), (r"\s*!=\s*", " ≠ "), (r"\s*==\s*", " = "),
        (r"\s*\band\b\s*", "，且"), (r"\s*\bor\b\s*", "，或者"), (r"\bnot in\b", "不在"),
        (r"\bnot\s+", "不是"), (r"\bin\b", "在"), (r"\s*\*\s*", ""), (r"'([^']*)'", r"“\1”"),
    )
)  # fmt: skip
NO_NUMBER = "请写整数或小数，如10或0.5"


@dataclass(frozen=True, slots=True)
class Field:
    """One input with what is written before it; `after` follows the last of a value. `fault`
    says why what was typed cannot stand."""

    before: str
    name: str
    written: str
    after: str
    fault: str = ""


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


def merged(draft: RuleBookDraft, typed: Texts, fields: Mapping[str, str]) -> Texts:
    """The texts as typed, with what was changed of the head and of the numbers beside their
    sentences.

    Raises BadInput for what cannot stand there.
    """
    kept = {one.key: one.written for one in numbers_of(draft.toml)}
    numbers, head = (
        _changed(kept, fields, NUMBER_FIELD),
        _changed(head_of(draft.toml), fields, HEAD_FIELD),
    )
    faults = [
        Fault("bad-head", f"{HEAD[key]}“{told[:20]}”不行" if told else f"没有写{HEAD[key]}", why)
        for key, told in head.items()
        if (why := head_fault(key, told))
    ]
    faults += [
        Fault("no-number", f"“{told[:20]}”不是数", NO_NUMBER)
        for told in numbers.values()
        if not NUMBER.fullmatch(told)
    ]
    if faults:
        raise BadInput(*faults)
    toml, text = with_head_told(with_numbers(typed.toml, numbers), typed.text, head)
    return Texts(toml, text, typed.examples)


def _changed(kept: Mapping[str, str], fields: Mapping[str, str], prefix: str) -> dict[str, str]:
    """What was typed otherwise than it is kept, by key; unknown keys are passed over."""
    told = {
        name.removeprefix(prefix): value.strip()
        for name, value in fields.items()
        if name.startswith(prefix)
    }
    return {key: value for key, value in told.items() if kept.get(key, value) != value}


def page(
    draft: RuleBookDraft,
    user: User,
    *,
    typed: Texts | None = None,
    fields: Mapping[str, str] | None = None,
    faults: Iterable[Fault] = (),
    is_stale: bool = False,
) -> dict[str, Any]:
    """The context of the page. `typed` is what was posted and is not kept; `is_stale`: because
    somebody else saved meanwhile, so that both texts are shown."""
    kept = texts_of(draft)
    texts = typed or kept
    checked = check_texts(texts.toml, texts.text, texts.examples)
    told = result(draft, texts, checked, before_draft(draft), queries.last_snapshot())
    head = _head(texts, fields or {})
    rules = rules_of(draft, checked.book, texts, fields or {})
    is_own = organisation.is_same_person(draft.asked_by_user_id, user.pk)
    return {
        "draft": draft,
        "title": head_of(texts.toml).get("title") or draft.book,
        "head": head,
        "texts": texts,
        "is_typed": typed is not None,
        "is_open": draft.state in queries.OPEN_STATES,
        "is_writable": draft.state == DraftState.DRAFT,
        "is_submitted": draft.state == DraftState.SUBMITTED,
        "state": DraftState(draft.state).label,
        "until": draft.asked_at + REQUEST_HOLDS if draft.asked_at else None,
        "has_lapsed": has_lapsed(draft),
        "comes_into_use": _comes_into_use(draft, checked.book),
        "is_own_request": draft.state == DraftState.SUBMITTED and is_own,
        "may_publish": draft.state == DraftState.SUBMITTED
        and not has_lapsed(draft)
        and (not is_own or organisation.is_small_office()),
        "faults": list(faults),
        "rules": rules,
        "is_unread": any(one.fault for one in (*head, *_fields_of(rules))),
        "is_source_open": is_stale or checked.book is None,
        "is_stale": is_stale,
        "theirs": _theirs(kept, texts) if is_stale else [],
        **told,
    }


def _comes_into_use(draft: RuleBookDraft, book: Book | None) -> str:
    """What publishing means for the judging of rounds, said before it is done."""
    if book is None or draft.state != DraftState.SUBMITTED:
        return ""
    if settings_in_force()["rulebook"] != draft.book:
        return "本市现在不用这部办法测算，发布后点“采用”才按它测算。"
    locked = "已锁定的期不自动重算。" if draft.is_retroactive else ""
    return (
        f"本市正在使用这部办法，自{book.valid_from}起按新版测算"
        f"（截至日在这一天及以后的期），不用再采用。{locked}"
    )


def result(
    draft: RuleBookDraft,
    texts: Texts,
    checked: Checked,
    before: Version | None,
    last: Snapshot | None,
) -> dict[str, Any]:
    """What is wrong with the texts; dates, and words that lag behind the numbers, are told as
    notices while it is being written. `before` is what the draft replaces, `last` what was locked
    last."""
    found = list(checked.faults)
    notices = list(checked.notices)
    if (book := checked.book) is not None:
        notices += () if draft.is_retroactive else term_faults(book, draft.number, last)
        notices += term_notices(book, draft.number, last)
        notices += asked_again(book)
        if before is not None:
            notices += lagging_words(before, Version(book, *astuple(texts)))
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
    before, last = before_draft(draft), queries.last_snapshot()
    return {
        **result(draft, texts, checked, before, last),
        "draft": draft,
        "effect": effect_of(checked.book, last, before),
        "reads": _reads(draft, checked.book),
    }


def _reads(draft: RuleBookDraft, book: Book | None) -> list[RuleChange]:
    """The rules that would read otherwise than in the kept draft."""
    if book is None or (kept := draft_version(draft, [])) is None:
        return []
    return [one for one in sentence_changes(kept.book, book) if one.pieces]


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
        row, end = list(same), 0
        fields: list[Field] = []
        for one in row:
            before = _read(_TIMES.sub("", one.before[end:]) if fields else one.before)
            end = len(one.before) + len(one.written)
            after = _read(_TIMES.sub("", one.after)) if one is row[-1] else ""
            name = f"{NUMBER_FIELD}{one.key}"
            written = typed.get(name, one.written)
            fault = "" if NUMBER.fullmatch(written.strip()) else NO_NUMBER
            fields.append(Field(before, name, written, after, fault))
        yield Written(KEYS.get(row[0].label, row[0].label), tuple(fields))


def _head(texts: Texts, typed: Mapping[str, str]) -> list[Field]:
    """The head beside the numbers: what the text has of it."""
    found = []
    for key, kept in head_of(texts.toml).items():
        name = f"{HEAD_FIELD}{key}"
        told = typed.get(name, kept)
        found.append(Field(HEAD[key], name, told, "", head_fault(key, told.strip())))
    return found


def _fields_of(rules: Iterable[Rule]) -> Iterable[Field]:
    return (field for rule in rules for value in rule.values for field in value.fields)


def _read(words: str) -> str:
    """What stands around a number in a condition, with the signs that officials write."""
    for sign, word in _SIGNS:
        words = sign.sub(word, words)
    return words


def _placed(fault: Fault, texts: Texts) -> Placed:
    names = {file: (name, title) for name, (file, title) in FILES.items()}
    name, title = names.get(fault.file, ("toml", "规则"))
    return Placed(fault, name, title, _line(fault.what, getattr(texts, name)))


def _line(what: str, text: str) -> int:
    """The line that a fault means: as it says itself, of the case, the words or the table that it
    names; 0 where that cannot be told."""
    if match := _LINE.search(what):
        return int(match[1])
    places = _places(text)
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


@lru_cache(maxsize=6)
def _places(text: str) -> Mapping[Path, Place]:
    """Where the values of a text stand, asked for by every fault of it; none where it is no
    TOML."""
    try:
        return places_of(text)
    except (ValueError, RecursionError):
        return {}
