"""Making an empty installation: the root, and three disabled administrators (trust A-11)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import queries
from guatu.organisation.models import (
    Organisation,
    OrganisationClosure,
    OrganisationName,
    Region,
    RegionName,
    User,
)
from guatu.organisation.services.accounts import one_time_password
from guatu.organisation.services.structure import BEGINNING
from guatu.organisation.types import SETTINGS, NameKind, OrganisationKind, RegionKind, UserKind

ADMINISTRATORS = (
    ("sysadmin", UserKind.SYSTEM),
    ("secadmin", UserKind.SECURITY),
    ("auditadmin", UserKind.AUDIT),
)
ROOT_ALIASES = ("本级", "市本级", "市直", "市级", "全市", "县本级", "区本级", "跨区域")


@dataclass(frozen=True, slots=True)
class Installation:
    """One-time codes of the three administrators, shown once and stored only as hashes."""

    codes: dict[str, str]


def install(actor: Actor, *, city: str = "") -> Installation:
    """Create the root region, the root organisation and three disabled administrators.

    Fails when the database is already in use (Conflict).
    """
    if queries.is_installed():
        raise Conflict(
            Fault(
                code="already-installed",
                what="这个数据库已经初始化",
                remedy="要重新开始，请换一个GUATU_HOME或DATABASE_URL",
            )
        )
    if len(city) > 100:
        raise BadInput(Fault("text-too-long", "本级名称超过100字", "请写短一些"))
    name = city or SETTINGS["city"].default
    codes = {login: one_time_password() for login, _ in ADMINISTRATORS}
    with journal.act(actor, "installation.made") as act:
        region = Region(kind=RegionKind.ROOT)
        act.write(region)
        act.write(RegionName(region=region, name=name, valid_from=BEGINNING))
        for alias in ROOT_ALIASES:
            act.write(
                RegionName(region=region, kind=NameKind.ALIAS, name=alias, valid_from=BEGINNING)
            )
        root = Organisation(kind=OrganisationKind.GOVERNMENT, region=region)
        act.write(root)
        act.write(OrganisationName(organisation=root, name=name, valid_from=BEGINNING))
        OrganisationClosure.objects.create(ancestor=root, descendant=root, depth=0)
        for login, kind in ADMINISTRATORS:
            user = User(
                login=login,
                kind=kind,
                is_active=False,
                set_up_due=True,
                salt=secrets.token_hex(16),
            )
            user.set_password(codes[login])
            act.write(user)
    return Installation(codes)
