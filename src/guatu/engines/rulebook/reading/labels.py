"""Labels and colours of severities, and the words for missing data."""

from __future__ import annotations

from collections.abc import Mapping

from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import Give, Severity

COLOURS = ("green", "blue", "yellow", "orange", "red", "grey", "black", "white")
STANDARD_LABELS: Mapping[Severity, Give] = {
    Severity.OK: Give(Severity.OK, "绿", "green"),
    Severity.NOTICE: Give(Severity.NOTICE, "蓝", "blue"),
    Severity.WARNING: Give(Severity.WARNING, "黄", "yellow"),
    Severity.SERIOUS: Give(Severity.SERIOUS, "红", "red"),
    Severity.NO_DATA: Give(Severity.NO_DATA, "无数据", "grey"),
    Severity.NOT_DUE: Give(Severity.NOT_DUE, "未到期", "grey"),
    Severity.NOT_IN_SCOPE: Give(Severity.NOT_IN_SCOPE, "不在范围", "grey"),
    Severity.UNDECIDED: Give(Severity.UNDECIDED, "待定", "grey"),
}
LONGEST_LABEL = 20
"""Letters of a light; the results of a run hold no longer ones."""

EXEMPT_LABEL = "免予评价"
"""What a light is called that an exemption takes away."""

MISSING_WORDS = {
    "无数据": Severity.NO_DATA,
    "未到期": Severity.NOT_DUE,
    "不在范围": Severity.NOT_IN_SCOPE,
    "待定": Severity.UNDECIDED,
}


def read_labels(root: Section) -> dict[Severity, Give]:
    """The book's own labels over the standard ones."""
    labels = dict(STANDARD_LABELS)
    table = root.peek("labels")
    if table is None:
        return labels
    section = Section(table, "labels", root.faults)
    for severity, standard in STANDARD_LABELS.items():
        value = section.peek(severity.value)
        if value is None:
            continue
        entry = Section(value, f"labels.{severity.value}", root.faults)
        label = _label(entry, standard.label, required=True)
        colour = entry.choice("colour", COLOURS, default=standard.colour)
        entry.finish()
        labels[severity] = Give(severity, label, colour)
    section.finish()
    return labels


def read_give(section: Section, labels: Mapping[Severity, Give]) -> Give:
    """`{severity, label, colour}`; label and colour follow from the severity."""
    severity = Severity(section.choice("severity", list(Severity), default=Severity.UNDECIDED))
    standard = labels[severity]
    label = _label(section, standard.label, required=False)
    colour = section.choice("colour", COLOURS, default=standard.colour)
    section.finish()
    return Give(severity, label, colour)


def _label(section: Section, standard: str, *, required: bool) -> str:
    label = section.text("label", required=required, default=standard)
    if len(label) > LONGEST_LABEL:
        section.fault(f"“{label[:LONGEST_LABEL]}…”太长", f"灯的名称最多{LONGEST_LABEL}个字")
        return standard
    return label


def first_wins(section: Section) -> bool:
    """Whether lines may hold together, the first of them counting (`overlap`)."""
    return "overlap" in section and section.choice("overlap", ("先者为准",)) != ""


def says_missing(section: Section) -> bool:
    """Whether the rule says what missing data means; silence is a fault."""
    if "missing" in section:
        return True
    section.fault(
        "没有写明缺数据怎么办",
        '请补写missing，例如missing = "无数据"',
        code="missing-missing",
    )
    return False
