"""The words and the docx of a campaign's result paper; every number from the figures (M-A11)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from guatu.core.yuan import wan_text
from guatu.engines.gongwen.tables import fitted_shares, lowest_heads
from guatu.engines.gongwen.types import (
    Align,
    Annex,
    Block,
    Column,
    Document,
    HeadCell,
    Heading,
    Paragraph,
    Row,
    Signature,
    Table,
)
from guatu.publishing.circular.printing import full_day
from guatu.publishing.results.types import Light, ResultFigures, ResultRow
from guatu.ui.templatetags.guatu import SHAPES

MOST_NAMED = 20
_NONE = "—"
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、(?P<text>.+)")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f]+")


def drafted(figures: ResultFigures) -> str:
    """The paper's first words: a line each, headings numbered; the author goes on from here."""
    return "\n".join(
        [
            *_opening(figures),
            "一、总体情况",
            *_overall(figures),
            "二、灯号变化",
            _lights(figures),
            "三、尚未解决的项目",
            _open(figures),
        ]
    )


def _opening(figures: ResultFigures) -> list[str]:
    number = f"（{figures.plan_number}）" if figures.plan_number else ""
    body = f"，由{figures.body}组织" if figures.body else ""
    led = f"，{figures.led_by}牵头" if figures.led_by else ""
    text = (
        f"根据{quoted(figures.plan_paper)}{number}，{figures.name}自{full_day(figures.from_on)}开始，"
        f"至{full_day(figures.last_on)}结束{body}{led}。"
    )
    ended = f"按{figures.end_reason}提前结束。" if figures.end_reason else ""
    return [f"{text}{ended}现将有关情况总结如下。"]


def quoted(paper: str) -> str:
    """A paper's name as sentences give it: 《…》, once."""
    return paper if "《" in paper else f"《{paper}》"


def _overall(figures: ResultFigures) -> list[str]:
    rate = f"，完成年度计划的{figures.rate}%" if figures.rate else ""
    done = figures.completed_yuan
    told = f"{figures.title}完成投资{_words(done)}{rate}。" if done is not None else ""
    lines = [f"行动涉及项目{len(figures.rows)}个，年度计划投资{_words(figures.plan_yuan)}。{told}"]
    since = figures.since_yuan
    if since is not None:
        basis = f"{figures.before_label}锁定数" if figures.before_label else "年初"
        lines.append(f"与{basis}相比，行动以来完成投资{_words(since)}。")
    if figures.without_data:
        lines.append(f"其中{figures.without_data}个项目没有数据，未计入完成数。")
    lines.append(f"数据{figures.basis}。")
    return lines


def _lights(figures: ResultFigures) -> str:
    now = f"结束时{_counts(one.now for one in figures.rows)}。"
    if not any(one.before.verdict for one in figures.rows):
        return now
    caught, fell = figures.caught_up, figures.fell_behind
    up = f"{len(caught)}个滞后项目赶上进度" if caught else "没有滞后项目赶上进度"
    moved = f"其间{up}" + (f"，{len(fell)}个新滞后" if fell else "")
    return f"行动开始前{_counts(one.before for one in figures.rows)}；{now}{moved}。"


def _counts(lights: Iterable[Light]) -> str:
    counts = Counter((one.label or "没有灯") for one in lights)
    return "，".join(f"{label}{count}个" for label, count in counts.items())


def _open(figures: ResultFigures) -> str:
    rows = figures.still_open
    if not rows:
        return "行动所涉项目在结束时均不滞后。"
    names = "、".join(f"{one.name}（{one.now.label}）" for one in rows[:MOST_NAMED])
    more = f"等{len(rows)}个项目" if len(rows) > MOST_NAMED else f"，共{len(rows)}个"
    return f"仍滞后的有：{names}{more}，转入日常调度。"


def document_of(
    figures: ResultFigures, text: str, issuer: str, addressee: str, dated_on: date | None
) -> Document:
    """The paper as a document: these words, signed by an issuer, with the projects as its annex."""
    return Document(
        title=f"关于{plain(figures.name)}情况的总结",
        keep=(plain(figures.name),) if len(figures.name) <= 12 else (),
        addressee=addressee,
        blocks=tuple(blocks_of(text)),
        signature=Signature(plain(issuer), dated_on),
        annexes=(_annex(figures),),
    )


def blocks_of(text: str) -> list[Block]:
    """Lines as blocks: `一、…` is a heading, which the engine numbers afresh."""
    found: list[Block] = []
    for line in filter(None, (plain(one) for one in text.splitlines())):
        numbered = _NUMBERED.fullmatch(line)
        if numbered and len(line) <= 40 and not line.endswith("。"):
            found.append(Heading(1, numbered["text"]))
        else:
            found.append(Paragraph.of(line))
    return found


def plain(text: str) -> str:
    """One printable line."""
    return _UNPRINTED.sub("", text).strip()


def _annex(figures: ResultFigures) -> Annex:
    heads = ("序号", "项目", "年度计划", "行动前", "结束时", "行动以来", "行动前灯号", "结束时灯号")
    rows = [Row(_cells(at, one)) for at, one in enumerate(figures.rows, 1)]
    total = (
        "", "合计", _wan(figures.plan_yuan), _wan(_sum(one.before_yuan for one in figures.rows)),
        _wan(figures.completed_yuan), _wan(figures.since_yuan), "", "",
    )  # fmt: skip
    shown = [Row(total, bold=True), *rows]
    head = (tuple(map(HeadCell, heads)),)
    aligns = (
        Align.CENTER, Align.LEFT, *(Align.RIGHT,) * 4, Align.CENTER, Align.CENTER,
    )  # fmt: skip
    # A sign more than the figures have: bold totals are wider than what is measured.
    measured = [(*row.cells[:2], *(f"{one}0" for one in row.cells[2:])) for row in shown]
    shares = fitted_shares(measured, lowest_heads(head))
    columns = tuple(Column(share, align) for share, align in zip(shares, aligns, strict=True))
    basis = f"{figures.before_label}锁定数" if figures.before_label else "年初（零）"
    return Annex(
        f"{plain(figures.name)}项目情况表",
        Table(columns, head, tuple(shown), unit="单位：万元"),
        notes=(
            f"注：1.行动前为{basis}，结束时数据{figures.basis}；均为本年累计完成投资。",
            "2.行动以来为两数之差，只算两期都有数的项目；“—”表示没有数据。",
        ),
        keep=("项目情况表",),
    )


def _cells(at: int, row: ResultRow) -> tuple[str, ...]:
    money = (row.plan_yuan, row.before_yuan, row.completed_yuan, row.since_yuan)
    lights = (_light(row.before), _light(row.now))
    return (str(at), plain(row.name), *map(_wan, money), *lights)


def _words(yuan: int) -> str:
    """An amount in the unit and signs of the annex."""
    return f"{wan_text(yuan)}万元"


def _wan(yuan: int | None) -> str:
    return _NONE if yuan is None else wan_text(yuan)


def _sum(amounts: Iterable[int | None]) -> int | None:
    known: Sequence[int] = [one for one in amounts if one is not None]
    return sum(known) if known else None


def _light(one: Light) -> str:
    """Shape and word as on the pages: on paper without colour they alone tell lights apart."""
    if not one.label:
        return _NONE
    return f"{SHAPES.get(one.verdict, '')}{one.label}"
