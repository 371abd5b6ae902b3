"""An invented scheme by which the invented city is judged from above, some criteria filled in."""

from __future__ import annotations

from collections import Counter
from datetime import date

from guatu.appraisal.models import Scheme
from guatu.appraisal.services import add_evidence, fill_criterion, save_scheme, take_criteria
from guatu.appraisal.types import SaveCriterion, SaveScheme, SaveValue
from guatu.core import clock
from guatu.journal.types import Actor
from guatu.ledger.models import Responsibility
from guatu.ledger.types import ResponsibilityRole

SCHEME = SaveScheme(
    2026, "重点项目建设季度考核（虚构）", "上级重点项目办（虚构）", "虚构〔2026〕1号",
    "前三名奖励用地指标，后三名约谈（虚构）", 5_000_000, date(2026, 1, 1), date(2026, 12, 31),
)  # fmt: skip
# Number, name, group, points, target in words, unit, target value, whether lower is better;
# then the value, the points expected and the note, where somebody has told them.
_CRITERIA: tuple[tuple[str, str, str, int, str, str, int | None, bool], ...] = (
    ("1.1", "年度投资完成率", "投资进度", 20, "不低于时间进度", "%", 83_300, False),
    ("1.2", "固定资产投资增速", "投资进度", 15, "不低于上级平均", "%", 6_500, False),
    ("2.1", "计划新开工项目开工率", "开工竣工", 15, "三季度末不低于90%", "%", 90_000, False),
    ("2.2", "超期未开工项目数", "开工竣工", 10, "不超过5个", "个", 5_000, True),
    ("2.3", "竣工项目入库率", "开工竣工", 10, "不低于95%", "%", 95_000, False),
    ("3.1", "要素保障问题按期办结率", "要素保障", 10, "不低于85%", "%", 85_000, False),
    ("3.2", "报送质量", "基础工作", 10, "无漏报、迟报", "", None, False),
    ("3.3", "经验做法被上级转发", "基础工作", 10, "至少2篇", "篇", 2_000, False),
)
_FILLED: dict[str, tuple[int | None, int | None, str, str]] = {
    "1.1": (84_100, None, "", ""),
    "1.2": (5_200, 11_000, "", "工业投资下滑，四季度补两个技改项目"),
    "2.1": (92_500, None, "", ""),
    "2.2": (8_000, 4_000, "", "三个卡在用地，已报专题会"),
    "3.2": (None, None, "met", "前三季度无漏报"),
    "3.3": (1_000, 5_000, "", "第二篇已报送"),
}


def appraise(actor: Actor) -> Scheme:
    """Enter the invented scheme; its criteria go to the units that lead most projects."""
    rows = Responsibility.objects.filter(
        role=ResponsibilityRole.LEAD, organisation__isnull=False, valid_to__isnull=True
    ).values_list("organisation_id", flat=True)
    units = [pk for pk, _ in Counter(rows).most_common(4)]
    scheme = save_scheme(actor, SCHEME)
    lines = [
        SaveCriterion(
            number, name, group, points * 1_000, target, unit,
            units[at // 2 % len(units)] if units else None, None, value, is_lower, "虚构",
        )
        for at, (number, name, group, points, target, unit, value, is_lower) in enumerate(_CRITERIA)
    ]  # fmt: skip
    take_criteria(actor, scheme, lines)
    for one in scheme.criteria.all():
        if told := _FILLED.get(one.number):
            value, points, state, note = told
            fill_criterion(actor, one, SaveValue(clock.today(), value, points, state, note))
        if one.number in ("1.1", "2.1"):
            title, place = f"{one.name}佐证（虚构）", "虚构：综合科档案柜"
            add_evidence(actor, one, title=title, reference=place, file=None)
    return scheme
