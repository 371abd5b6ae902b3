"""The sheets of an audit export: what stands in which column."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.core import clock
from guatu.core.ratio import decimal_text
from guatu.publishing.audit.gathering import (
    Asked,
    Gathered,
    Locked,
    Sent,
    Voucher,
    counted_by_source,
)
from guatu.reporting.basis.queries import Known
from guatu.reporting.basis.rules import words_of
from guatu.reporting.models import Figure
from guatu.reporting.types import IndicatorUnit
from guatu.ui.export import Sheet, workbook
from guatu.ui.tables import Column

type Line = tuple[str, str]


def book_of(gathered: Gathered, known: Sequence[Known], who: str) -> bytes:
    """The workbook, its first sheet saying what is in it, for whom and up to where the journal
    goes; text stays text whatever it begins with."""
    bases = Bases(known)
    sheets = [
        Sheet("数字来历", figure_columns(gathered, bases), gathered.figures),
        Sheet("报送与审核", SENT, gathered.sent),
        Sheet("疑问与答复", ASKED, gathered.asked),
        Sheet("锁定与更正", LOCKED, gathered.locked),
        Sheet("凭证", VOUCHERS, gathered.vouchers),
    ]
    return workbook(
        f"{gathered.scope.title}审计导出",
        [Column("name", "事项", lambda r: r[0], "tight"), Column("text", "内容", lambda r: r[1])],
        [*about(gathered, who), *bases.told(gathered.figures)],
        more=sheets,
        first="说明",
    )


def about(gathered: Gathered, who: str) -> list[Line]:
    """The first sheet: what, for whom, when, how many rows, where the chain stood."""
    scope, head = gathered.scope, gathered.head
    told = counted_by_source(gathered.figures)
    by_source = "，".join(f"{label}数{count}个" for label, count in told.items())
    return [
        ("对象", scope.title),
        ("范围", f"{scope.first_on}至{scope.last_on}，{gathered.project_count}个项目"),
        ("用途", scope.purpose),
        ("导出人", who),
        ("导出时间", clock.minute(gathered.at)),
        ("数字来历", f"{len(gathered.figures)}行" + (f"（{by_source}）" if by_source else "")),
        ("报送与审核", f"{len(gathered.sent)}行"),
        ("疑问与答复", f"{len(gathered.asked)}行"),
        ("锁定与更正", f"{len(gathered.locked)}行"),
        ("凭证", f"{len(gathered.vouchers)}行，只列名称、摘要和用在哪里，原件另取"),
        ("日志到第几号", str(head.seq) if head else "日志为空"),
        ("日志末号摘要", head.hash if head else ""),
        ("怎么核对", "摘要为国密SM3；日志编号与日志页面一致，核对日志可验证没有改动"),
        ("金额", "元，未经舍入；被更正的数也列出，状态为已被更正"),
    ]


class Bases:
    """The bases of an export's figures, each told once and named by its number."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = {one.indicator.pk: one for one in known}
        self._numbers: dict[str, int] = {}

    def number(self, figure: Figure) -> str:
        """The number under which the first sheet tells a figure's basis."""
        one = self._known.get(figure.indicator_id)
        if one is None:
            return ""
        words = f"{one.indicator}：{words_of(one.on(figure.as_of, figure.source), has_unit=False)}"
        return str(self._numbers.setdefault(words, len(self._numbers) + 1))

    def told(self, figures: Sequence[Figure]) -> list[Line]:
        """The lines of the first sheet."""
        for one in figures:
            self.number(one)
        return [(f"口径{number}", words) for words, number in self._numbers.items()]


_SHOWN = 12
"""Signs of a digest beside a figure; the whole one stands in 凭证."""


def figure_columns(gathered: Gathered, bases: Bases) -> list[Column[Figure]]:
    """What is told of each figure."""

    def period(figure: Figure) -> str:
        return figure.report.period.label if figure.report else ""

    return [
        Column("id", "数据编号", lambda f: str(f.pk), "tight"),
        Column("code", "项目代码", lambda f: f.project.national_code, "tight"),
        Column("project", "项目", lambda f: f.project.name, "wide"),
        Column("indicator", "指标", lambda f: f.indicator.name),
        Column("as_of", "截至", lambda f: f.as_of, "date"),
        Column("value", "数值", _value, "num", value=_exported),
        Column("unit", "单位", _unit, "tight"),
        Column("state", "状态", _state, "tight"),
        Column("source", "来源", lambda f: f.get_source_display(), "tight"),
        Column("period", "随哪期月报", period, "tight"),
        Column("way", "怎么来", _way, "tight"),
        Column("file", "文件", lambda f: f.imported.name if f.imported else ""),
        Column("cell", "单元格", lambda f: f.cell, "tight"),
        Column("raw", "原文", lambda f: f.raw_text),
        Column("digest", "文件摘要（前12位）", _digest, "tight"),
        Column("by", "办理人", lambda f: f.by, "tight"),
        Column("at", "办理时间", lambda f: f.at, "date"),
        Column("replaces", "替代编号", lambda f: str(f.supersedes_id or ""), "tight"),
        Column("reason", "理由", lambda f: f.reason),
        Column("approved", "批准人", lambda f: f.approved_by, "tight"),
        Column("seq", "日志编号", lambda f: str(gathered.seqs.get(f.pk, "")), "tight"),
        Column("basis", "口径（见说明）", bases.number, "tight"),
    ]


def _value(figure: Figure) -> str:
    if figure.value is None:
        return ""
    places = figure.indicator.decimals
    return f"{figure.value:,}" if not places else decimal_text(figure.value, places)


def _exported(figure: Figure) -> int | float | None:
    places = figure.indicator.decimals
    if figure.value is None or not places:
        return figure.value
    return figure.value / float(10**places)


def _unit(figure: Figure) -> str:
    return figure.indicator.unit_text or IndicatorUnit(figure.indicator.unit).label


def _digest(figure: Figure) -> str:
    return figure.imported.blob.sm3[:_SHOWN] if figure.imported else ""


def _state(figure: Figure) -> str:
    if not figure.is_current:
        return "已被更正"
    if figure.value is None:
        return figure.get_state_display()
    return figure.report.get_state_display() if figure.report else "有效"


def _way(figure: Figure) -> str:
    if figure.imported is not None:
        return "表格"
    return figure.report.get_source_display() if figure.report else "直接录入"


SENT: list[Column[Sent]] = [
    Column("project", "项目", lambda r: r.report.project.name, "wide"),
    Column("period", "期别", lambda r: r.report.period.label, "tight"),
    Column("what", "事项", lambda r: r.what, "tight"),
    Column("state", "月报现状", lambda r: r.report.get_state_display(), "tight"),
    Column("by", "办理人", lambda r: r.by, "tight"),
    Column("at", "时间", lambda r: r.at, "date"),
    Column("note", "理由或说明", lambda r: r.note),
]
ASKED: list[Column[Asked]] = [
    Column("project", "项目", lambda r: r.project, "wide"),
    Column("period", "期别", lambda r: r.period, "tight"),
    Column("kind", "种类", lambda r: r.kind, "tight"),
    Column("question", "疑问", lambda r: r.question),
    Column("place", "出处", lambda r: r.place),
    Column("state", "现状", lambda r: r.state, "tight"),
    Column("answer", "答复", lambda r: r.answer),
    Column("note", "凭据", lambda r: r.note),
    Column("by", "答复人", lambda r: r.by, "tight"),
    Column("at", "答复时间", lambda r: r.at, "date"),
]
LOCKED: list[Column[Locked]] = [
    Column("round", "期", lambda r: str(r.round), "wide"),
    Column("what", "事项", lambda r: r.what, "tight"),
    Column("revision", "版次", lambda r: f"第{r.revision}版" if r.revision else "", "tight"),
    Column("digest", "内容摘要", lambda r: r.digest),
    Column("seq", "日志编号", lambda r: str(r.seq or ""), "tight"),
    Column("by", "办理人", lambda r: r.by, "tight"),
    Column("at", "时间", lambda r: r.at, "date"),
    Column("note", "说明", lambda r: r.note),
]
VOUCHERS: list[Column[Voucher]] = [
    Column("name", "文件名或文号", lambda r: r.name, "wide"),
    Column("kind", "种类", lambda r: r.kind, "tight"),
    Column("digest", "摘要", lambda r: r.digest),
    Column("size", "字节数", lambda r: r.size, "num"),
    Column("used", "用在哪里", lambda r: r.used),
    Column("by", "办理人", lambda r: r.by, "tight"),
    Column("at", "时间", lambda r: r.at, "date"),
]
