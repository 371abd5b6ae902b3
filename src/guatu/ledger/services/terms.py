"""Vocabularies: words are added, renamed, merged; one that nobody uses may go."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, ProtectedError

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.core.names import match_form
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.models import Project, Term
from guatu.ledger.types import Vocabulary
from guatu.ledger.words import first_words
from guatu.organisation.access import require
from guatu.organisation.types import Right


def ensure_words(act: Act) -> None:
    """The first words of the vocabularies that reports are made with, where one has none yet.

    Like the built-in indicators they are written on first use; the office keeps them from then on.
    A sector that comes later climbs the common ladder until the office gives it one of its own.
    """
    wanted = (Vocabulary.REASON, Vocabulary.PROBLEM, Vocabulary.NODE, Vocabulary.MATERIAL)
    held = set(
        Term.objects.filter(vocabulary__in=wanted).values_list("vocabulary", flat=True).distinct()
    )
    missing = [one for one in wanted if one not in held]
    if not missing:
        return
    words = first_words()
    if Vocabulary.REASON in missing:
        act.add_all(_steps(Vocabulary.REASON, words.reasons, None))
    if Vocabulary.PROBLEM in missing:
        act.add_all(_steps(Vocabulary.PROBLEM, words.problems, None))
    if Vocabulary.MATERIAL in missing:
        act.add_all(_steps(Vocabulary.MATERIAL, words.materials, None))
    if Vocabulary.NODE in missing:
        act.add_all(_steps(Vocabulary.NODE, words.common.steps, None))
        sectors = {one.name: one for one in Term.objects.filter(vocabulary=Vocabulary.SECTOR)}
        for name, ladder in words.of_sectors(sectors).items():
            act.add_all(_steps(Vocabulary.NODE, ladder.steps, sectors[name]))


def _steps(vocabulary: Vocabulary, words: Sequence[str], parent: Term | None) -> list[Term]:
    return [
        Term(
            vocabulary=vocabulary,
            code=_code(word, parent),
            name=word,
            parent=parent,
            place=place,
        )
        for place, word in enumerate(words, start=1)
    ]


def _code(name: str, parent: Term | None) -> str:
    """What a word is kept under for ever; ladders of several sectors may hold the same word."""
    return name[:100] if parent is None else f"{parent.pk}/{name}"[:100]


def add_term(
    actor: Actor,
    name: str,
    vocabulary: Vocabulary = Vocabulary.SECTOR,
    *,
    parent_id: int | None = None,
) -> Term:
    """Add a word at the end of a vocabulary: a node to the ladder of a sector, or to the common
    one."""
    require(actor, Right.EDIT_PROJECTS)
    parent = _sector(parent_id) if parent_id and vocabulary == Vocabulary.NODE else None
    name = _free(name, vocabulary, parent)
    code = _code(name, parent)
    if Term.objects.filter(vocabulary=vocabulary, code=code).exists():
        # Somebody renamed the word that once had this name; its code stays for ever.
        code = f"{code[:80]}#{Term.objects.count() + 1}"
    beside = Term.objects.filter(vocabulary=vocabulary, parent=parent)
    last = beside.aggregate(last=Max("place"))["last"] or 0
    place = 0 if vocabulary == Vocabulary.SECTOR else last + 1
    term = Term(vocabulary=vocabulary, code=code, name=name, parent=parent, place=place)
    with journal.act(actor, "term.added") as act:
        act.write(term)
    return term


def rename_term(actor: Actor, term_id: int, name: str) -> Term:
    """Call a word otherwise; what bears it keeps it, closed rounds keep the old name."""
    term = _term(actor, term_id)
    name = _free(name, Vocabulary(term.vocabulary), term.parent, but=term)
    if name != term.name:
        detail = {"from": term.name, "to": name}
        term.name = name
        with journal.act(actor, "term.renamed", detail=detail) as act:
            act.write(term)
    return term


def move_term(actor: Actor, term_id: int, *, is_up: bool) -> Term:
    """Let a word change places with the one before it, or after it; at the end nothing moves."""
    term = _term(actor, term_id)
    with journal.act(actor, "term.moved") as act:
        beside = list(
            Term.objects.select_for_update()
            .filter(vocabulary=term.vocabulary, parent=term.parent)
            .order_by("place", "pk")
        )
        at = next(n for n, one in enumerate(beside) if one.pk == term.pk)
        to = at - 1 if is_up else at + 1
        if 0 <= to < len(beside):
            beside[at], beside[to] = beside[to], beside[at]
        for place, one in enumerate(beside, start=1):
            if one.place != place:
                one.place = place
                act.write(one)
    return term


def merge_term(actor: Actor, term_id: int, into_id: int) -> int:
    """Let a sector's projects bear another one and take the first away; returns how many moved.

    Its ladder of nodes moves too, where the other has none. Raises BadInput where reports bear
    the word: what was sent in keeps its words.
    """
    term = _term(actor, term_id)
    target = _term(actor, into_id)
    if term.pk == target.pk or term.vocabulary != target.vocabulary:
        raise BadInput(Fault("same-term", "不能并入自己", "请选另一个词"))
    moved = list(Project.objects.filter(sector=term).order_by("pk"))
    detail = {"from": term.name, "into": target.name, "projects": len(moved)}
    has_ladder = target.ladder.exists()
    with journal.act(actor, "term.merged", detail=detail) as act:
        for project in moved:
            project.sector = target
            act.write(project)
        for node in term.ladder.order_by("pk"):
            if has_ladder:
                act.remove(node)
            else:
                node.parent = target
                act.write(node)
        _take_away(act, term)
    return len(moved)


def remove_term(actor: Actor, term_id: int) -> None:
    """Take a word away that nothing bears; raises BadInput where something does."""
    term = _term(actor, term_id)
    used = Project.objects.filter(sector=term).count()
    if used:
        what = f"还有{used}个项目（含已移除的）用“{term.name}”"
        raise BadInput(Fault("term-in-use", what, "请先并入另一个词"))
    with journal.act(actor, "term.removed", detail={"name": term.name}) as act:
        for node in term.ladder.order_by("pk"):
            act.remove(node)
        _take_away(act, term)


def _take_away(act: Act, term: Term) -> None:
    try:
        act.remove(term)
    except ProtectedError as error:
        what = f"已有月报用“{term.name}”，报过的话不能改"
        raise BadInput(Fault("term-in-use", what, "请改名，或留着不再用")) from error


def _term(actor: Actor, term_id: int) -> Term:
    require(actor, Right.EDIT_PROJECTS)
    term = Term.objects.select_related("parent").filter(pk=term_id).first()
    if term is None:
        raise NotFound(Fault("unknown-term", "没有这个词", "请回到词表重选"))
    return term


def _sector(term_id: int) -> Term:
    found = Term.objects.filter(pk=term_id, vocabulary=Vocabulary.SECTOR).first()
    if found is None:
        raise BadInput(Fault("unknown-sector", "没有这个行业领域", "请从列表里选"))
    return found


def _free(
    name: str, vocabulary: Vocabulary, parent: Term | None, *, but: Term | None = None
) -> str:
    """The name as it is kept; raises BadInput where another word beside it has it, however it is
    spaced."""
    name = name.strip()
    if not name:
        raise BadInput(Fault("no-name", "没有写名称", "请写名称"))
    if vocabulary == Vocabulary.NODE and len(name) > LONGEST_NODE:
        raise BadInput(Fault("no-name", f"节点名称超过{LONGEST_NODE}字", "请写短一些"))
    for other in Term.objects.filter(vocabulary=vocabulary, parent=parent):
        if match_form(other.name) == match_form(name) and (but is None or other.pk != but.pk):
            remedy = "要合成一个词请用并入" if vocabulary == Vocabulary.SECTOR else "请换一个词"
            raise BadInput(Fault("term-taken", f"已有“{other.name}”", remedy))
    return name


LONGEST_NODE = 60
"""Characters of a node, as a report holds it."""
