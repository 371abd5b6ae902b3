"""Pure decisions of the ledger: packages, phases, lists in lists, who takes over from whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.core.errors import Fault
from guatu.core.yuan import wan_text


@dataclass(frozen=True, slots=True)
class Belonging:
    """How a project is to stand to packages and phases, with what there is already (M-A4).

    `part_names` are parts that name it as their package; `package_is_package` and
    `package_is_part` tell of the package it is to name; `above` are the projects that it would be
    a phase of, directly or by way of others.
    """

    project_id: int | None
    is_package: bool
    part_names: tuple[str, ...] = ()
    package_id: int | None = None
    package_is_package: bool = False
    package_is_part: bool = False
    total_yuan: int | None = None
    had_total: bool = False
    above: frozenset[int] = frozenset()


def belonging_faults(wanted: Belonging) -> list[Fault]:
    """What forbids it: a part belongs to one package, is none itself, and holds no money.

    Money stands on the package's row alone, or a sum would count it twice. A total that a part
    had before is let stand (`had_total`): old workbooks brought it.
    """
    faults = []
    if wanted.package_id is not None:
        faults += _package_faults(wanted)
    elif wanted.part_names and not wanted.is_package:
        names = "、".join(wanted.part_names[:3])
        what = f"还有{len(wanted.part_names)}个子项目（{names}）属于它"
        faults.append(Fault("has-parts", what, "请先把子项目改到别的打包项目"))
    if wanted.project_id is not None and wanted.project_id in wanted.above:
        faults.append(Fault("phase-circle", "不能是自己或自己后期的后期", "请核对前期项目"))
    return faults


def _package_faults(wanted: Belonging) -> list[Fault]:
    faults = []
    if wanted.package_id == wanted.project_id:
        faults.append(Fault("own-package", "不能属于自己", "请核对所属打包项目"))
    elif not wanted.package_is_package or wanted.package_is_part:
        what, remedy = "所写项目不是打包项目", "请先在那个项目的修改页勾选“打包项目”"
        faults.append(Fault("no-package", what, remedy))
    if wanted.is_package or wanted.part_names:
        what = "打包项目自己不能再属于另一个打包项目"
        faults.append(Fault("package-in-package", what, "请取消其中一项"))
    if wanted.total_yuan is not None and not wanted.had_total:
        what = f"子项目的投资记在打包项目上，这里写了{wan_text(wanted.total_yuan)}万元"
        faults.append(Fault("money-on-part", what, "请清空总投资，在打包项目上填写"))
    return faults


def leaving_faults(
    *, joined_on: date, left_on: date, today: date, sub_lists: tuple[str, ...]
) -> list[Fault]:
    """What forbids a project to leave a list on a day; `sub_lists` still hold it."""
    faults = []
    if left_on > today:
        faults.append(Fault("future-leaving", "退出日期在今天之后", "请到那天再办，或改日期"))
    if left_on < joined_on:
        what = f"退出日期早于列入日期{joined_on.isoformat()}"
        faults.append(Fault("left-before-joined", what, "请核对日期"))
    if sub_lists:
        names = "、".join(sub_lists)
        faults.append(Fault("on-sub-list", f"还在子清单{names}上", "请先从子清单退出"))
    return faults


def takeover_fault(*, since: date, valid_from: date) -> Fault | None:
    """Who took over on `since` cannot be followed by somebody from an earlier day.

    From the same day on it is a correction: the first one never bore the duty.
    """
    if valid_from >= since:
        return None
    what = f"现任自{since.isoformat()}起承担，接替日期不能更早"
    return Fault("takeover-too-early", what, f"请写{since.isoformat()}或以后的日期")
