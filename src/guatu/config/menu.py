"""The navigation as data (office.md, Words): what is shown is what the user may do."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.organisation.types import Right, UserKind


@dataclass(frozen=True, slots=True)
class Item:
    """One word of the navigation: its page, who sees it, which rooms' pages it stands for."""

    label: str
    url_name: str
    sections: tuple[str, ...]
    kinds: frozenset[UserKind] = frozenset({UserKind.BUSINESS})
    right: Right | None = None
    any_of: frozenset[Right] = frozenset()
    meaning: str = ""

    def is_for(self, kind: UserKind, rights: frozenset[Right]) -> bool:
        """Whether somebody of this kind with these rights sees it."""
        if kind not in self.kinds or (self.right and self.right not in rights):
            return False
        return not self.any_of or bool(self.any_of & rights)


EVERYBODY = frozenset(UserKind)
LEDGER_PAGES = (
    *("library", "project", "list", "lists", "entry", "alias", "bulk", "view", "views"),
    *("application", "applications", "opinion", "opinions"),
    *("assign", "assignments"),
    *("responsibilities", "term", "terms", "body", "bodies", "campaign", "campaigns"),
)
APPRAISAL_PAGES = ("scheme", "schemes", "criterion", "evidence")
REPORT_PAGES = (
    *("months", "intake", "round", "proxy", "quick", "quantities", "quantity", "indicator"),
    *("burden", "asked-form", "asked-forms", "complaint", "complaints"),
    *("statistics", "statistician", "statisticians", "bases", "basis", "correction"),
    *("milestone", "milestones", "figure-question", "figure-questions"),
)


def _page(label: str, subject: str, plural: str, meaning: str, *rights: Right) -> Item:
    """One page of 系统: its list is called by the plural, its parts by the subject."""
    name = f"admin-{plural}"
    return Item(
        label, name, (name, f"admin-{subject}"), EVERYBODY, None, frozenset(rights), meaning
    )


ADMINISTRATION = (
    _page(
        "单位",
        "organisation",
        "organisations",
        "政府、部门、园区和企业，名称有起止日期",
        Right.MANAGE_UNITS,
    ),
    _page("地区", "region", "regions", "县（市、区）和功能区", Right.MANAGE_UNITS),
    _page("人员", "person", "people", "包联领导等负责人员和所在单位", Right.MANAGE_UNITS),
    _page(
        "账号",
        "user",
        "users",
        "登录账号、一次性密码、启用和停用",
        Right.MANAGE_USERS,
        Right.GRANT_ROLES,
    ),
    _page(
        "角色",
        "role",
        "roles",
        "谁在哪个范围有什么角色，起止日期",
        Right.GRANT_ROLES,
        Right.MANAGE_USERS,
    ),
    _page("锁定的登录", "lock", "locks", "连错五次的账号和来源，解锁", Right.UNLOCK),
    _page(
        "设置",
        "setting",
        "settings",
        "城市设置和每次改动",
        Right.CHANGE_SETTINGS,
        Right.GRANT_ROLES,
    ),
    _page("开关", "switch", "switches", "排名等须有依据才能打开的功能", Right.SWITCH),
    _page("日历", "holiday", "holidays", "放假和调休", Right.CHANGE_SETTINGS),
    _page("列对应关系", "mapping", "mappings", "记住的各单位表头", Right.IMPORT_REPORTS),
    _page(
        "通知渠道",
        "channel",
        "channels",
        "各单位的邮箱和工作群机器人，催报消息由此送出",
        Right.CHANGE_SETTINGS,
    ),
    _page("消息", "message", "messages", "送出的催报消息和没有送到的", Right.IMPORT_REPORTS),
    _page("备份", "backup", "backups", "备份和最近一次备份", Right.BACK_UP),
    _page("体检", "doctor", "doctor", "运行环境和数据是否正常", Right.SEE_HEALTH),
)
"""The pages of 系统, each for who holds one of its rights."""

ADMINISTRATION_RIGHTS = frozenset(right for item in ADMINISTRATION for right in item.any_of)

MENU = (
    Item("工作台", "desk", ("desk",), EVERYBODY),
    Item("项目库", "library", LEDGER_PAGES),
    Item("月报", "months", REPORT_PAGES),
    Item("填报", "my-reports", ("my-reports", "report"), right=Right.REPORT),
    Item("审核", "reviews", ("reviews",), right=Right.REVIEW),
    Item("登记", "records", ("records",), right=Right.RECORD_VALUES),
    Item("进展", "results-newest", ("results", "why")),
    Item("办法", "rulebooks", ("rulebooks", "rulebook")),
    Item("材料", "papers", ("papers", "circular", "table", *APPRAISAL_PAGES)),
    Item("日志", "journal", ("journal",), EVERYBODY, Right.READ_JOURNAL),
    Item("系统", "admin", ("admin",), EVERYBODY, any_of=ADMINISTRATION_RIGHTS),
)
