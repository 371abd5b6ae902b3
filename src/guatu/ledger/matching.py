"""Which project does a row mean? By code, then alias, then name and place, else it is asked.

Pure: works on an index built from values (office.md, drop reason 9; M-A8).
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from guatu.core.names import match_form


@dataclass(frozen=True, slots=True)
class KnownProject:
    """What the index knows of one project."""

    id: int
    code: str | None
    name: str
    region_id: int
    package_id: int | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The project meant, the question to ask, or both where the match should be confirmed."""

    project_id: int | None = None
    code: str = ""
    question: str = ""
    remedy: str = ""


_PHASE = re.compile(r"\(?[一二三四五六七八九十\d]+期\)?")
_NUMERALS = str.maketrans("123456789", "一二三四五六七八九")
_GENERIC = re.compile("智慧|改?扩建|新建|建设|改造|提升|提标|配套|综合|示范|工程|项目")
"""Words that many names share: they make no two projects alike."""
_TAIL = re.compile(r"(?:建设)?(?:工程|项目)(?:[（(].*[）)])?$")


def code_form(code: str) -> str:
    """A project code as it is compared: width, case and spaces do not make another code."""
    return match_form(code)


def stem_form(name: str) -> str:
    """A name without its tail words (建设项目, 工程), for finding look-alikes; never to match.

    The phase stays: 一期 and 二期 start one after the other by right.
    """
    form = match_form(name)
    phase = _PHASE.search(form)
    stem = _TAIL.sub("", form.replace(phase[0], "") if phase else form)
    return (stem or form) + (f"{_phase(name)}期" if phase else "")


@dataclass(slots=True)
class ProjectIndex:
    """Finds projects among those given. Build with `of`; `add` keeps it in step with new ones."""

    by_id: dict[int, KnownProject] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_alias: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, projects: Iterable[KnownProject]) -> ProjectIndex:
        """Index the given projects."""
        index = cls()
        for project in projects:
            index.add(project)
        return index

    def add(self, project: KnownProject) -> None:
        """Take one more project in."""
        self.by_id[project.id] = project
        if project.code:
            self.by_code[code_form(project.code)] = project.id
        self.by_name[match_form(project.name)].add(project.id)
        for alias in project.aliases:
            self.by_alias[match_form(alias)].add(project.id)

    def find(self, *, code: str | None, name: str, region_id: int | None) -> Match:
        """The project a row means.

        A code that contradicts the name is a question, not a match: one of the two is a slip.
        """
        named = (
            self._named(name, region_id)
            if name
            else Match(code="no-name", question="没有项目名称", remedy="请补上项目名称")
        )
        if not code:
            return named
        by_code = self.coded(code)
        if by_code is None:
            return self._code_unknown(code, name, named)
        if not name or named.project_id == by_code:
            return Match(by_code)
        if named.project_id is not None:
            other = self.by_id[by_code].name
            return Match(
                code="code-and-name-disagree",
                question=f"代码{code}是“{other}”，名称却是另一个项目“{name}”",
                remedy="请核对代码和名称",
            )
        known = self.by_id[by_code]
        if named.code == "ambiguous-project" and by_code in self.by_name[match_form(name)]:
            return Match(by_code)
        if stem_form(known.name) == stem_form(name) or _alike(known.name, name):
            return Match(by_code)
        # The code decides (office.md 9), but the other name must be seen by somebody.
        return Match(
            by_code,
            code="renamed-with-code",
            question=f"代码{code}在台账中是“{known.name}”，表中写“{name}”",
            remedy="如已更名，请在项目库改名或随清单导入新名称；否则请核对代码",
        )

    def coded(self, code: str) -> int | None:
        """The project with a code, however it is typed."""
        return self.by_code.get(code_form(code))

    def named(self, name: str) -> set[int]:
        """Every project that goes by a name or alias, wherever it lies."""
        form = match_form(name)
        return self.by_alias.get(form, set()) | self.by_name.get(form, set())

    def look_alikes(self, name: str, limit: int = 3) -> list[KnownProject]:
        """Projects with a similar name, nearest first, for a question to show."""
        forms = {match_form(p.name): p for p in self.by_id.values()}
        near = difflib.get_close_matches(match_form(name), list(forms), n=3 * limit, cutoff=0.6)
        return [forms[form] for form in near if _own_words_alike(form, match_form(name))][:limit]

    def _code_unknown(self, code: str, name: str, named: Match) -> Match:
        if named.project_id is not None:
            known = self.by_id[named.project_id]
            if not known.code:
                return named
            return Match(
                code="code-and-name-disagree",
                question=f"“{name}”在台账中的代码是{known.code}，表中写{code}",
                remedy="请核对代码",
            )
        return named

    def _named(self, name: str, region_id: int | None) -> Match:
        found = self.named(name)
        if found and region_id is not None:
            here = {pk for pk in found if self.by_id[pk].region_id == region_id}
            found = here or self.by_alias.get(match_form(name), set())
            if not found:
                return Match(
                    code="other-place",
                    question=f"台账中的“{name}”不在表中所写的地区",
                    remedy="请核对所属地区，或写明项目代码",
                )
        if len(found) == 1:
            return Match(next(iter(found)))
        if found:
            return Match(
                code="ambiguous-project",
                question=f"台账中有{len(found)}个项目叫“{name}”",
                remedy="请写明项目代码或所属地区",
            )
        return self._unknown(name)

    def _unknown(self, name: str) -> Match:
        near = self.look_alikes(name, limit=2)
        if near:
            names = "或".join(f"“{p.name}”" for p in near)
            return Match(
                code="unknown-project",
                question=f"台账中没有“{name}”，是不是{names}",
                remedy="请确认是哪个项目，或先把项目列入清单",
            )
        return Match(
            code="unknown-project",
            question=f"台账中没有“{name}”",
            remedy="请核对名称和代码，或先把项目列入清单",
        )


def _phase(name: str) -> str:
    """The phase a name speaks of: 二 for 二期 and (2期), nothing where it speaks of none."""
    found = _PHASE.search(match_form(name))
    return found[0].strip("()").removesuffix("期").translate(_NUMERALS) if found else ""


def _own_words_alike(left: str, right: str) -> bool:
    """Whether two names share more than the words that many names have."""
    first, second = (_GENERIC.sub("", form) or form for form in (left, right))
    blocks = difflib.SequenceMatcher(None, first, second, autojunk=False)
    shared = blocks.find_longest_match().size
    return shared >= 2 and blocks.ratio() >= 0.5


def _alike(left: str, right: str) -> bool:
    """Whether two spellings of a name are near enough to trust the code that links them."""
    if _phase(left) != _phase(right):
        return False
    return difflib.SequenceMatcher(None, match_form(left), match_form(right)).ratio() >= 0.8
