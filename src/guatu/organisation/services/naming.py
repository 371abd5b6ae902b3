"""Regions and organisations on their pages: names with dates, parents, spellings, ends."""

from __future__ import annotations

from datetime import date

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation import access, queries, rules
from guatu.organisation.models import (
    Assignment,
    Organisation,
    OrganisationClosure,
    OrganisationName,
    RegionName,
    RegionNameWithdrawal,
)
from guatu.organisation.services.structure import (
    NewOrganisation,
    NewRegion,
    create_organisations,
    create_regions,
)
from guatu.organisation.types import NameKind, Right

LONGEST_UNIT, LONGEST_REGION = 200, 100


def create_organisation(actor: Actor, new: NewOrganisation, *, parent_id: int | None = None) -> int:
    """Make one organisation under a parent (the root by default); returns its id."""
    access.require(actor, Right.MANAGE_UNITS)
    name, aliases = _checked_names(queries.organisation_names(), new, LONGEST_UNIT)
    parent = access.get_organisation(parent_id) if parent_id else queries.root_organisation()
    _require_open(parent)
    with journal.act(actor, "organisation.created") as act:
        made = create_organisations(
            act, [NewOrganisation(name, new.kind, new.region_id, aliases)], parent=parent
        )
        _rebuild_closure(act)
    return made[name]


def rename_organisation(
    actor: Actor,
    organisation_id: int,
    name: str,
    *,
    valid_from: date,
    parent_id: int | None = None,
) -> OrganisationName:
    """Give an organisation a name, and a parent where one is told, from a day on.

    The old name keeps matching. A parent changes at once or not at all: whoever is above sees
    what is below, and nobody would rebuild that on a later day.
    """
    access.require(actor, Right.MANAGE_UNITS)
    unit = access.get_organisation(organisation_id)
    name = checked_name(name, LONGEST_UNIT)
    _require_free(queries.organisation_names(), name, but=organisation_id)
    rows = OrganisationName.objects.filter(organisation=unit, kind=NameKind.OFFICIAL)
    if rows.filter(valid_from=valid_from).exists():
        raise BadInput(_one_a_day(valid_from))
    old = rows.order_by("-valid_from").first()
    parent = parent_id or (old.parent_id if old else None)
    moves = old is None or parent != old.parent_id
    if moves:
        _require_movable(unit, parent, valid_from)
    with journal.act(actor, "organisation.renamed") as act:
        row = OrganisationName(
            organisation=unit, name=name, parent_id=parent, valid_from=valid_from
        )
        act.write(row)
        if moves:
            queries.lock_root()
            before = _lines_above(unit)
            _rebuild_closure(act)
            if not actor.is_console:
                _require_nobody_gains(_lines_above(unit) - before)
    return row


def add_organisation_alias(actor: Actor, organisation_id: int, name: str) -> None:
    """Remember another spelling of an organisation."""
    access.require(actor, Right.MANAGE_UNITS)
    unit = access.get_organisation(organisation_id)
    name = checked_name(name, LONGEST_UNIT)
    _require_free(queries.organisation_names(), name)
    with journal.act(actor, "organisation.alias_added") as act:
        act.write(
            OrganisationName(
                organisation=unit, kind=NameKind.ALIAS, name=name, valid_from=clock.today()
            )
        )


def end_organisation(
    actor: Actor, organisation_id: int, *, on: date, successor_id: int | None = None
) -> None:
    """Say that an organisation ended, and what took its place. The root does not end."""
    access.require(actor, Right.MANAGE_UNITS)
    unit = access.get_organisation(organisation_id)
    if unit.pk == queries.root_organisation().pk:
        raise BadInput(Fault("root-does-not-end", "本级单位不能撤销", "请选下面的单位"))
    if unit.ended_on:
        raise BadInput(Fault("already-ended", f"已于{unit.ended_on}撤销", "请刷新页面"))
    if successor_id == unit.pk:
        raise BadInput(Fault("own-successor", "不能由自己承接", "请选另一个单位，或不选"))
    unit.ended_on = on
    unit.succeeded_by = access.get_organisation(successor_id) if successor_id else None
    with journal.act(actor, "organisation.ended") as act:
        act.write(unit)


def create_region(actor: Actor, new: NewRegion) -> int:
    """Make one region under the root; returns its id."""
    access.require(actor, Right.MANAGE_UNITS)
    name, aliases = _checked_names(queries.region_names(), new, LONGEST_REGION)
    with journal.act(actor, "region.created") as act:
        made = create_regions(act, [NewRegion(name, new.code, new.kind, aliases)])
    return made[name]


def rename_region(
    actor: Actor, region_id: int, name: str, *, code: str, valid_from: date
) -> RegionName:
    """Give a region a name and code from a day on; the old name keeps matching."""
    access.require(actor, Right.MANAGE_UNITS)
    region = access.get_region(region_id)
    name = checked_name(name, LONGEST_REGION)
    _require_free(queries.region_names(), name, but=region_id)
    rows = RegionName.objects.filter(region=region, kind=NameKind.OFFICIAL)
    if rows.filter(valid_from=valid_from).exists():
        raise BadInput(_one_a_day(valid_from))
    old = rows.order_by("-valid_from").first()
    with journal.act(actor, "region.renamed") as act:
        row = RegionName(
            region=region,
            name=name,
            code=code.strip(),
            parent_id=old.parent_id if old else None,
            valid_from=valid_from,
        )
        act.write(row)
    return row


def add_region_alias(actor: Actor, region_id: int, name: str) -> RegionName:
    """Remember another spelling of a region."""
    access.require(actor, Right.MANAGE_UNITS)
    region = access.get_region(region_id)
    name = checked_name(name, LONGEST_REGION)
    _require_free(queries.region_names(), name)
    with journal.act(actor, "region.alias_added") as act:
        row = RegionName(region=region, kind=NameKind.ALIAS, name=name, valid_from=clock.today())
        act.write(row)
    return row


def withdraw_region_alias(actor: Actor, alias_id: int) -> None:
    """Say that another spelling of a region was a slip; nothing to do where somebody did."""
    access.require(actor, Right.MANAGE_UNITS)
    row = RegionName.objects.filter(
        pk=alias_id, kind=NameKind.ALIAS, withdrawal__isnull=True
    ).first()
    if row is None:
        return
    with journal.act(actor, "region.alias_withdrawn") as act:
        act.write(RegionNameWithdrawal(name=row, by=actor.text, at=act.at))


def end_region(actor: Actor, region_id: int, *, on: date, successor_id: int | None = None) -> None:
    """Say that a region ended, and what took its place. The root does not end."""
    access.require(actor, Right.MANAGE_UNITS)
    region = access.get_region(region_id)
    if region.pk == queries.root_region().pk:
        raise BadInput(Fault("root-does-not-end", "本级不能撤销", "请选下面的地区"))
    if region.ended_on:
        raise BadInput(Fault("already-ended", f"已于{region.ended_on}撤销", "请刷新页面"))
    if successor_id == region.pk:
        raise BadInput(Fault("own-successor", "不能由自己承接", "请选另一个地区，或不选"))
    region.ended_on = on
    region.succeeded_by = access.get_region(successor_id) if successor_id else None
    with journal.act(actor, "region.ended") as act:
        act.write(region)


def checked_name(text: str, longest: int) -> str:
    """A name without outer blanks. Raises BadInput where it is empty, too long or no line."""
    if fault := rules.name_fault(text, longest):
        raise BadInput(fault)
    return text.strip()


def _checked_names(
    names: queries.NameIndex, new: NewOrganisation | NewRegion, longest: int
) -> tuple[str, tuple[str, ...]]:
    """The name and the other spellings, each of which means nothing else yet."""
    name = checked_name(new.name, longest)
    aliases = tuple(dict.fromkeys(checked_name(one, longest) for one in new.aliases))
    for one in (name, *aliases):
        _require_free(names, one)
    return name, tuple(one for one in aliases if one != name)


def _require_free(names: queries.NameIndex, name: str, *, but: int | None = None) -> None:
    """A spelling that means one thing must not come to mean another."""
    owner = names.find(name)
    if owner is None or owner == but:
        return
    whose = names.official.get(owner, "")
    raise BadInput(
        Fault(
            "name-taken",
            f"“{name}”已是“{whose}”的名称或别名" if whose else f"“{name}”已被使用",
            "请换一个写法，或到那里修改",
        )
    )


def _require_open(unit: Organisation) -> None:
    if unit.ended_on:
        raise BadInput(Fault("ended", f"上级单位已于{unit.ended_on}撤销", "请另选上级"))


def _one_a_day(day: date) -> Fault:
    return Fault("one-name-a-day", f"{day}起已有一个名称", "请写另一天")


def _require_movable(unit: Organisation, parent_id: int | None, valid_from: date) -> None:
    if unit.pk == queries.root_organisation().pk or parent_id is None:
        raise BadInput(Fault("root-does-not-move", "本级单位没有上级", "请不要选上级"))
    _require_open(access.get_organisation(parent_id))
    if valid_from > clock.today():
        raise BadInput(Fault("moves-later", "换上级只能从今天或以前起", "到那一天再改上级"))
    if OrganisationClosure.objects.filter(ancestor=unit, descendant_id=parent_id).exists():
        raise BadInput(Fault("own-parent", "上级不能是自己或自己的下级", "请另选上级"))


def _lines_above(unit: Organisation) -> set[int]:
    rows = OrganisationClosure.objects.filter(descendant=unit, depth__gt=0)
    return set(rows.values_list("ancestor_id", flat=True))


def _require_nobody_gains(ancestors: set[int]) -> None:
    """Whoever has a role over a unit's new line above would see its projects without a grant."""
    today = clock.today()
    gaining = (
        Assignment.objects.filter(scope_organisation__in=ancestors, valid_from__lte=today)
        .exclude(end__on__lte=today)
        .select_related("user")
        .first()
    )
    if gaining is not None:
        raise BadInput(
            Fault(
                "scope-widens",
                f"改上级后“{gaining.user.login}”会多看到这个单位的项目",
                "请安全管理员先结束他的角色，改后再按需要授予",
            )
        )


def _rebuild_closure(act: Act) -> None:
    """Every ancestor of every organisation, from the names in force today."""
    rows = queries.official_names().order_by("valid_from", "pk")
    parents: dict[int, int | None] = dict.fromkeys(
        Organisation.objects.values_list("pk", flat=True)
    )
    parents |= dict(rows.values_list("organisation_id", "parent_id"))
    OrganisationClosure.objects.all().delete()
    OrganisationClosure.objects.bulk_create(
        [
            OrganisationClosure(ancestor_id=above, descendant_id=pk, depth=depth)
            for pk in parents
            for depth, above in enumerate(_line_above(pk, parents))
        ],
        batch_size=2_000,
    )


def _line_above(pk: int, parents: dict[int, int | None]) -> list[int]:
    """An organisation and all that are above it, nearest first."""
    line, here = [pk], parents.get(pk)
    while here is not None and here not in line:
        line.append(here)
        here = parents.get(here)
    return line
