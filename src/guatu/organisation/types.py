"""Kinds, roles, rights, setting keys and switch names of the organisation room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class RegionKind(models.TextChoices):
    """County-level regions and functional zones (功能区) are ranked apart (figures.md 11)."""

    ROOT = "root", "本级"
    COUNTY = "county", "县（市、区）"
    ZONE = "zone", "功能区"


class OrganisationKind(models.TextChoices):
    GOVERNMENT = "government", "政府"
    BUREAU = "bureau", "部门"
    PARK = "park", "园区"
    COMPANY = "company", "国有企业"
    OWNER = "owner", "业主"
    BUILDER = "builder", "施工单位"


class NameKind(models.TextChoices):
    OFFICIAL = "official", "正式名称"
    ALIAS = "alias", "别名"


class UserKind(models.TextChoices):
    """Each account is of one kind: so the three administrators exclude each other (trust A-13)."""

    BUSINESS = "business", "业务用户"
    SYSTEM = "system", "系统管理员"
    SECURITY = "security", "安全管理员"
    AUDIT = "audit", "审计管理员"


class Role(models.TextChoices):
    """What a user is for (architecture §6)."""

    REPORTER = "reporter", "填报员"
    REVIEWER = "reviewer", "审核员"
    OFFICE = "office", "项目办"
    LEADER = "leader", "包联领导"
    LIAISON = "liaison", "联络员"
    DEPARTMENT = "department", "要素保障部门"
    INSPECTOR = "inspector", "督查员"
    VIEWER = "viewer", "查看"


class Right(StrEnum):
    """What an act asks for. Which role holds it stands in `rules.RIGHTS`."""

    IMPORT_LEDGER = "import-ledger"
    IMPORT_REPORTS = "import-reports"
    CLOSE_ROUND = "close-round"
    CORRECT_ROUND = "correct-round"
    ASSESS = "assess"
    ISSUE_PAPERS = "issue-papers"
    CHANGE_SETTINGS = "change-settings"
    SWITCH = "switch"
    EDIT_PROJECTS = "edit-projects"
    RECORD_VALUES = "record-values"
    REPORT = "report"
    REVIEW = "review"
    MAKE_LISTS = "make-lists"
    EDIT_RULEBOOKS = "edit-rulebooks"
    MANAGE_UNITS = "manage-units"
    MANAGE_USERS = "manage-users"
    GRANT_ROLES = "grant-roles"
    UNLOCK = "unlock"
    BACK_UP = "back-up"
    SEE_HEALTH = "see-health"
    READ_JOURNAL = "read-journal"
    EXPORT_AUDIT = "export-audit"


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One city setting: its meaning, default and allowed values (empty: free text).

    `by_measure`: the values it may take, one for all measures or one for each. `offered`: what a
    page offers where the value may carry a number besides. `limits_of`: the book whose limits it
    states as `名称=值,…`. `right`: who may change it; what would let the office act alone is not
    the office's to change.
    """

    key: str
    meaning: str
    default: str
    choices: tuple[str, ...] = ()
    pattern: str = ""
    hint: str = ""
    by_measure: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    limits_of: str = ""
    right: Right = Right.CHANGE_SETTINGS

    @property
    def answers(self) -> tuple[str, ...]:
        """What a page lets choose from; empty where the value is typed."""
        return self.choices or self.by_measure or self.offered


DECREED = "decreed"
"""Time progress as a paper decrees it: `decreed:25`."""
MEASURES = {
    "completion_rate": "完成率",
    "time_progress": "时间进度",
    "gap_to_time_progress": "与时间进度之差",
    "year_on_year": "同比",
    "start_rate": "开工率",
}
"""What is printed as a percentage, each with its own digits and rounding if the city wants."""


def _alone_or_by_measure(value: str) -> str:
    """A pattern: one value for all measures, or `measure=value,…`."""
    one = rf"(?:{'|'.join(MEASURES)})={value}"
    return rf"{value}|{one}(?:,{one})*"


_DIGITS = _alone_or_by_measure("[0-2]")
_ROUNDING = _alone_or_by_measure("(?:half-up|truncate)")

ONE_LEVEL, TWO_LEVELS = "一审", "两审"
QUESTION_LIMITS = "question-limits"

SETTINGS: dict[str, SettingSpec] = {
    spec.key: spec
    for spec in (
        SettingSpec(
            "city", "本级名称，印在通报标题中", "本市", pattern=r".+", hint="请写名称，如江源市"
        ),
        SettingSpec("office", "发文署名，空则为本级名称加“重点项目工作领导小组办公室”", ""),
        SettingSpec("head", "通报的发文机关标志，空则为发文署名加“文件”，写“无”则不印红头", ""),
        SettingSpec("number-word", "发文字号的机关代字，如“江重办”，序号留空待填", ""),
        SettingSpec("addressee", "通报主送机关", "各县（市、区）人民政府，市直有关单位"),
        SettingSpec("copied-to", "通报抄送机关，印在版记；空则版记中留空待填", ""),
        SettingSpec("rulebook", "默认规则办法编号", "default"),
        SettingSpec(
            "digits",
            "百分数的小数位数，可按指标写",
            "1",
            pattern=_DIGITS,
            by_measure=("0", "1", "2"),
            hint=f"写0、1或2，或如completion_rate=2,start_rate=0；指标有{'、'.join(MEASURES)}",
        ),
        SettingSpec(
            "rounding",
            "舍入方式：四舍五入或去尾，可按指标写",
            "half-up",
            pattern=_ROUNDING,
            by_measure=("half-up", "truncate"),
            hint=f"写half-up或truncate，或如start_rate=truncate；指标有{'、'.join(MEASURES)}",
        ),
        SettingSpec(
            "gap", "与时间进度之差用未舍入还是已舍入的数相减", "unrounded", ("unrounded", "rounded")
        ),
        SettingSpec(
            "start-rate",
            "开工率的分母",
            "planned",
            ("planned", "due", "all", "underway", "resumed"),
        ),
        SettingSpec(
            "time-progress",
            "时间进度的算法：月、日、项目自身计划、规定曲线或规定百分数",
            "months",
            pattern=r"months|days|plan|curve|decreed:(?:100(?:\.0{1,2})?|[0-9]{1,2}(?:\.[0-9]{1,2})?)",
            hint="写months、days、plan、curve或decreed:25（不超过100）",
            offered=("months", "days", "plan", "curve", DECREED),
        ),
        SettingSpec(
            "package-count",
            "打包项目按一个计还是拆分计（用于开工率）",
            "listed",
            ("listed", "unpacked"),
        ),
        SettingSpec("money-unit", "通报和附表的金额单位", "亿元", ("亿元", "万元")),
        SettingSpec(
            "cut-off-day",
            "月报数据截止日，0为月末",
            "0",
            pattern=r"[0-9]|1[0-9]|2[0-8]",
            hint="写0到28的整数",
        ),
        SettingSpec("review-levels", "单位报送的月报审核几级", ONE_LEVEL, (ONE_LEVEL, TWO_LEVELS)),
        SettingSpec(
            QUESTION_LIMITS,
            "核对填报数的界线，空着的按规则原文",
            "",
            hint="写“界线名称=值”，逗号分开，如支付占完成下限=25%",
            limits_of="questions",
        ),
        SettingSpec("functional-zones", "功能区名称，用逗号分开，单独排名", ""),
        SettingSpec(
            "password-days",
            "密码用多少天必须更换，0为不限",
            "90",
            pattern=r"0|[1-9][0-9]{0,2}",
            hint="写0到999的整数",
            right=Right.GRANT_ROLES,
        ),
        SettingSpec(
            "small-office",
            "小办公室：须两人办理的事可由一人办理，记录在案",
            "no",
            ("no", "yes"),
            right=Right.GRANT_ROLES,
        ),
    )
}


class SwitchName(models.TextChoices):
    """What stays off until somebody answers for it (architecture §2.5)."""

    RANKINGS = "rankings", "排名"
    BOARDS = "boards", "红黑榜"
    POINTS = "points", "积分"
    MOBILE = "mobile", "移动填报"
    PUBLICATION = "publication", "对外公开"


SWITCHES_IN_USE = (SwitchName.RANKINGS,)
"""Switches that something asks for today; the others only keep name and basis."""
