"""Saved views: an address of the library under a name."""

from __future__ import annotations

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.core.ids import is_id
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access
from guatu.ledger.models import SavedView
from guatu.organisation.access import require
from guatu.organisation.types import Right

MOST_VIEWS = 50


def save_view(
    actor: Actor, name: str, *, list_id: int, query: str, is_shared: bool = False
) -> SavedView:
    """Keep an address under a name; the same name again replaces it.

    Sharing with everybody who sees the list is the office's.
    """
    listing = access.get_list(actor, list_id)
    if is_shared:
        require(actor, Right.EDIT_PROJECTS)
    if actor.user_id is None:
        raise BadInput(Fault("no-user", "视图属于账号，控制台没有视图"))
    if len(query) > 2000:
        raise BadInput(Fault("query-too-long", "筛选条件过长", "请减少条件"))
    view = SavedView.objects.filter(user_id=actor.user_id, name=name).first()
    if view is None:
        if SavedView.objects.filter(user_id=actor.user_id).count() >= MOST_VIEWS:
            raise BadInput(Fault("too-many-views", f"已存{MOST_VIEWS}个视图", "请先删去不用的"))
        view = SavedView(user_id=actor.user_id, name=name)
    view.list, view.query, view.is_shared = listing, query, is_shared
    with journal.act(actor, "view.saved") as act:
        act.write(view)
    return view


def rename_view(actor: Actor, view_id: int, name: str) -> SavedView:
    """Call one's own view otherwise."""
    view = own_view(actor, view_id)
    if SavedView.objects.filter(user_id=actor.user_id or 0, name=name).exclude(pk=view.pk).exists():
        raise BadInput(Fault("view-taken", f"已有名为“{name}”的视图", "请换一个名称"))
    view.name = name
    with journal.act(actor, "view.renamed") as act:
        act.write(view)
    return view


def remove_view(actor: Actor, view_id: int) -> None:
    """Take one's own view away."""
    view = own_view(actor, view_id)
    with journal.act(actor, "view.removed", detail={"name": view.name}) as act:
        act.remove(view)


def own_view(actor: Actor, view_id: int) -> SavedView:
    """A view of the actor's own; another's does not exist for him."""
    own = SavedView.objects.filter(user_id=actor.user_id or 0)
    view = own.filter(pk=view_id).first() if is_id(view_id) else None
    if view is None:
        raise NotFound(Fault("unknown-view", "没有这个视图", "请回到项目库重选"))
    return view
