"""Which started project a new one looks like: name, code, place, owner. Pure (peers 5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from fractions import Fraction

from guatu.core.names import match_form
from guatu.ledger.matching import code_form, stem_form
from guatu.reporting.asking.types import Identity

_PLACED = re.compile(
    r"[一二三四五六七八九十\d]+(?:期|标段?|号|片区|小区)|[东西南北](?:段|区|片|线)|[A-Za-z]区"
)
_GENERIC = re.compile(
    "智慧|改?扩建|新建|建设|改造|提升|提标|配套|综合|示范|附属|基础|设施|及|工程|项目"
)
"""Words that many names share: they make no two projects alike."""
_GRAM = 2


def likeness(left: str, right: str) -> Fraction:
    """How much of two names is the same, 0 to 1, without tail words (建设项目, 工程).

    Names that differ in phase, lot or number are two projects by right: 0.
    """
    if set(_PLACED.findall(match_form(left))) != set(_PLACED.findall(match_form(right))):
        return Fraction(0)
    one, other = (_GENERIC.sub("", stem_form(name)) for name in (left, right))
    if not one or not other:
        return Fraction(0)
    if one == other:
        return Fraction(1)
    shared = replaced = 0
    for tag, start, end, start_other, end_other in SequenceMatcher(
        None, one, other, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            shared += end - start
        elif tag == "replace":
            # Another word in the same place names another thing; one more word may not.
            replaced += end - start + end_other - start_other
    return Fraction(2 * shared, len(one) + len(other) + 2 * replaced)


def is_related(one: Identity, other: Identity) -> bool:
    """Phases of one project, and parts of one package, start beside each other by right."""
    packages = {one.package, other.package} - {None}
    return (
        other.project_id in (one.phase_of, one.package)
        or one.project_id in (other.phase_of, other.package)
        or (one.phase_of is not None and one.phase_of == other.phase_of)
        or (len(packages) == 1 and one.package == other.package)
    )


def same_place(one: Identity, other: Identity) -> bool:
    """In one region, and at one site where both tell it."""
    sites = {match_form(one.site), match_form(other.site)} - {""}
    return bool(one.region) and one.region == other.region and len(sites) <= 1


def same_owner(one: Identity, other: Identity) -> bool:
    """Both owners are known and the same."""
    return bool(one.owner) and match_form(one.owner) == match_form(other.owner)


def same_code(one: Identity, other: Identity) -> bool:
    """Both codes are known and the same."""
    return bool(one.code) and bool(other.code) and code_form(one.code) == code_form(other.code)


class Started:
    """The projects that have started, to be searched for one that a new start looks like."""

    def __init__(self, projects: Iterable[Identity]) -> None:
        self._by_code: dict[str, list[Identity]] = defaultdict(list)
        self._by_gram: dict[str, list[Identity]] = defaultdict(list)
        for one in projects:
            if one.code:
                self._by_code[code_form(one.code)].append(one)
            for gram in _grams(stem_form(one.name)):
                self._by_gram[gram].append(one)

    def nearest(self, project: Identity) -> Identity | None:
        """The other that has its code, else the one with the nearest name among those that share
        the place or the owner before the others; None where no name shares half of its pairs."""
        coded = self._by_code.get(code_form(project.code), ()) if project.code else ()
        for one in coded:
            if _may_be_meant(project, one):
                return one
        grams = _grams(stem_form(project.name))
        shared: dict[int, int] = defaultdict(int)
        known: dict[int, Identity] = {}
        for gram in grams:
            for one in self._by_gram.get(gram, ()):
                shared[one.project_id] += 1
                known[one.project_id] = one
        found = [
            (likeness(project.name, known[pk].name), _shares(project, known[pk]), -pk)
            for pk, count in shared.items()
            if 2 * count >= len(grams) and _may_be_meant(project, known[pk])
        ]
        if not found:
            return None
        near = [one for one in found if one[1] and one[0]]
        return known[-max(near or found)[2]]


def _may_be_meant(project: Identity, other: Identity) -> bool:
    """Another project, not related, that started first: the later of two alike is asked about."""
    if other.project_id == project.project_id or is_related(project, other):
        return False
    if project.started_on is None or other.started_on is None:
        return True
    mine, his = (project.started_on, project.project_id), (other.started_on, other.project_id)
    return his < mine


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}


def _shares(one: Identity, other: Identity) -> bool:
    return same_place(one, other) or same_owner(one, other)
