"""Vocabularies: words are added, renamed, merged; one that nobody uses may go."""

from __future__ import annotations

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.core.names import match_form
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.models import Project, Term
from guatu.ledger.types import Vocabulary
from guatu.organisation.access import require
from guatu.organisation.types import Right


def add_term(actor: Actor, name: str) -> Term:
    """Add a sector."""
    require(actor, Right.EDIT_PROJECTS)
    name = _free(name)
    code = name
    if Term.objects.filter(vocabulary=Vocabulary.SECTOR, code=code).exists():
        # Somebody renamed the word that once had this name; its code stays for ever.
        code = f"{name}#{Term.objects.count() + 1}"
    term = Term(vocabulary=Vocabulary.SECTOR, code=code[:100], name=name)
    with journal.act(actor, "term.added") as act:
        act.write(term)
    return term


def rename_term(actor: Actor, term_id: int, name: str) -> Term:
    """Call a word otherwise; the projects keep it, closed rounds keep the old name."""
    term = _term(actor, term_id)
    name = _free(name, but=term)
    if name != term.name:
        detail = {"from": term.name, "to": name}
        term.name = name
        with journal.act(actor, "term.renamed", detail=detail) as act:
            act.write(term)
    return term


def merge_term(actor: Actor, term_id: int, into_id: int) -> int:
    """Let a word's projects bear another one and take the first away; returns how many moved."""
    term = _term(actor, term_id)
    target = _term(actor, into_id)
    if term.pk == target.pk:
        raise BadInput(Fault("same-term", "不能并入自己", "请选另一个词"))
    moved = list(Project.objects.filter(sector=term).order_by("pk"))
    detail = {"from": term.name, "into": target.name, "projects": len(moved)}
    with journal.act(actor, "term.merged", detail=detail) as act:
        for project in moved:
            project.sector = target
            act.write(project)
        act.remove(term)
    return len(moved)


def remove_term(actor: Actor, term_id: int) -> None:
    """Take a word away that no project bears; raises BadInput where one does."""
    term = _term(actor, term_id)
    used = Project.objects.filter(sector=term).count()
    if used:
        what = f"还有{used}个项目（含已移除的）用“{term.name}”"
        raise BadInput(Fault("term-in-use", what, "请先并入另一个词"))
    with journal.act(actor, "term.removed", detail={"name": term.name}) as act:
        act.remove(term)


def _term(actor: Actor, term_id: int) -> Term:
    require(actor, Right.EDIT_PROJECTS)
    term = Term.objects.filter(pk=term_id, vocabulary=Vocabulary.SECTOR).first()
    if term is None:
        raise NotFound(Fault("unknown-term", "没有这个词", "请回到词表重选"))
    return term


def _free(name: str, *, but: Term | None = None) -> str:
    """The name as it is kept; raises BadInput where another word has it, however it is spaced."""
    name = name.strip()
    if not name:
        raise BadInput(Fault("no-name", "没有写名称", "请写名称"))
    for other in Term.objects.filter(vocabulary=Vocabulary.SECTOR):
        if match_form(other.name) == match_form(name) and (but is None or other.pk != but.pk):
            raise BadInput(Fault("term-taken", f"已有“{other.name}”", "要合成一个词请用并入"))
    return name
