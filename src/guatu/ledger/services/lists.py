"""Lists: making one, changing its words, putting it inside another."""

from __future__ import annotations

from dataclasses import dataclass, fields

from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access, queries
from guatu.ledger.models import ProjectList
from guatu.organisation.access import require
from guatu.organisation.queries import root_organisation
from guatu.organisation.types import Right


@dataclass(frozen=True, slots=True)
class ListWords:
    """What a list is called and where it stands; `parent_id` names the list it lies in."""

    year: int
    name: str
    level: str = ""
    state: str = ""
    parent_id: int | None = None


def make_list(actor: Actor, words: ListWords) -> ProjectList:
    """Make a year's list of the installation's own government."""
    require(actor, Right.EDIT_PROJECTS)
    listing = ProjectList(owner_organisation=root_organisation())
    _require_possible(actor, words, listing)
    _take(words, listing)
    with journal.act(actor, "list.made") as act:
        act.write(listing)
    return listing


def change_list(actor: Actor, list_id: int, words: ListWords, *, version: int) -> ProjectList:
    """Change a list's words. Its year stays once it holds projects."""
    listing = access.get_list(actor, list_id)
    require(actor, Right.EDIT_PROJECTS)
    journal.require_version(listing, version)
    if words.year != listing.year and queries.entries_of(listing.pk):
        raise BadInput(Fault("year-of-list", "已有项目的清单不能改年份", "请另立一份清单"))
    _require_possible(actor, words, listing)
    _take(words, listing)
    with journal.act(actor, "list.changed") as act:
        act.write(listing)
    return listing


def _take(words: ListWords, listing: ProjectList) -> None:
    for one in fields(words):
        setattr(listing, one.name, getattr(words, one.name))


def _require_possible(actor: Actor, words: ListWords, listing: ProjectList) -> None:
    same = ProjectList.objects.filter(
        owner_organisation_id=listing.owner_organisation_id, year=words.year, name=words.name
    ).exclude(pk=listing.pk)
    if same.exists():
        raise BadInput(Fault("list-taken", f"{words.year}年已有“{words.name}”", "请换一个名称"))
    if words.parent_id is None:
        return
    parent = access.get_list(actor, words.parent_id)
    if parent.pk == listing.pk or listing.pk in queries.lists_above(parent.pk):
        raise BadInput(Fault("list-circle", "清单不能在自己里面", "请核对上级清单"))
    if parent.year != words.year:
        what = f"上级清单是{parent.year}年的"
        raise BadInput(Fault("other-year", what, "子清单与上级清单须是同一年"))
    held = queries.entries_of(listing.pk) if listing.pk else {}
    above = queries.entries_of(parent.pk)
    missing = [
        pk
        for pk, one in held.items()
        if one.left_on is None and (pk not in above or above[pk].left_on is not None)
    ]
    if missing:
        what = f"有{len(missing)}个项目不在{parent}上"
        raise BadInput(Fault("not-on-parent", what, "子清单的项目都要在上级清单上"))
