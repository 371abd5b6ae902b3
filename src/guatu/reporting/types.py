"""States and sources of rounds, reports and figures."""

from __future__ import annotations

from django.db import models

INVESTMENT = "investment"
INVESTMENT_MONTH = "investment_month"
INVESTMENT_TOTAL = "investment_total"
BUILT_IN = (INVESTMENT, INVESTMENT_MONTH, INVESTMENT_TOTAL)
"""The indicators that come with the program; the office makes the others."""


class Accumulates(models.TextChoices):
    YEAR = "year", "按年累计"
    LIFE = "life", "自开工累计"
    NONE = "none", "不累计"


class IndicatorUnit(models.TextChoices):
    YUAN = "yuan", "元"
    COUNT = "count", "个"
    RATIO = "ratio", "比例"
    DAY = "day", "天"
    PHYSICAL = "physical", "实物量"


class RoundState(models.TextChoices):
    OPEN = "open", "收报中"
    CLOSED = "closed", "已锁定"


class ReportSource(models.TextChoices):
    UNIT = "unit", "单位填报"
    PHONE = "phone", "电话"
    CHAT = "chat", "群消息"
    PAPER = "paper", "纸质"
    WORKBOOK = "workbook", "表格"
    API = "api", "接口"


class ReportState(models.TextChoices):
    DRAFT = "draft", "已暂存"
    SUBMITTED = "submitted", "已报送"
    QUESTIONED = "questioned", "待核实"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已审核"
    PROXY_UNCONFIRMED = "proxy_unconfirmed", "代报待确认"


class Verdict(models.TextChoices):
    """What a reviewer said of a report."""

    ACCEPTED = "accepted", "审核通过"
    RETURNED = "returned", "退回修改"
    REOPENED = "reopened", "撤回通过"
    QUESTIONED = "questioned", "提出疑问"


class FigureSource(models.TextChoices):
    UNIT = "unit", "单位"
    STATISTICS = "statistics", "统计"
    AUDIT = "audit", "审计"


class FigureState(models.TextChoices):
    KNOWN = "known", "有数"
    NOT_REPORTED = "not_reported", "未报"
    NOT_APPLICABLE = "not_applicable", "不适用"


class QuestionState(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    SUPERSEDED = "superseded", "已由重报替代"


class DeliveryState(models.TextChoices):
    """Where a drop of files stands. What is received is acknowledged and is never lost."""

    RECEIVED = "received", "已收下"
    DONE = "done", "已处理"
    FAILED = "failed", "未能处理"


class FileState(models.TextChoices):
    RECEIVED = "received", "已收下"
    TAKEN = "taken", "已入库"
    WAITING = "waiting", "部分待答复"
    REFUSED = "refused", "未能读取"


class AnswerKind(models.TextChoices):
    """What an answer decides, and so where it is consulted again."""

    PROJECT = "project", "是哪个项目"
    REGION = "region", "是哪个地区"
    CELL = "cell", "这一格是多少"
    UNIT = "unit", "金额单位"
    ACCEPT = "accept", "核实无误"
    ROW = "row", "以哪一行为准"
    SENDER = "sender", "以哪个单位为准"
    TABLE = "table", "整张表是否采用"
    FILE = "file", "是哪个单位发的"
    DISMISS = "dismiss", "不采用"


class FigureQuestionKind(models.TextChoices):
    """Kinds of questions to figures (M-C2). The labels are the names of the lists in
    `rulebooks/questions`, except REVIEWER: what a reviewer asks in his own words."""

    FALLS = "falls", "累计数减少"
    ABOVE_TOTAL = "above-total", "超过总投资"
    ABOVE_CONTRACT = "above-contract", "超过合同金额"
    ABOVE_PAID = "above-paid", "与支付数差距大"
    EXACTLY_PLAN = "exactly-plan", "连续与计划相同"
    HEAPS = "heaps", "整数偏多"
    YEAR_END = "year-end", "年末集中"
    OFF_PACE = "off-pace", "与同类进度差距大"
    NODE = "node", "投资与形象节点不一致"
    CONDITIONS = "conditions", "开工条件与开工时间不一致"
    REPEATED = "repeated", "与已开工项目相近"
    TEXT = "text", "文字与数字不一致"
    REVIEWER = "reviewer", "审核疑问"


class FigureQuestionState(models.TextChoices):
    OPEN = "open", "待核实"
    ANSWERED = "answered", "已答复"
    WITHDRAWN = "withdrawn", "不再成立"
