"""Every TOML block of the manual is checked as a book; what it leaves out is the frame here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from guatu.core.errors import Fault
from guatu.engines.rulebook import check_file, check_folder
from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.tests.books_read import HEAD, given

MANUAL = Path(__file__).parents[5] / "docs" / "rulebooks"
FENCED = re.compile(r"```toml\n(.*?)```", re.DOTALL)
SPOKEN = re.compile(r"`((?:table|series|rank_points|efficacy|blend|awarded) = \{[^`…]*\})`")

NAMES = {
    "是否": "不可抗力 满一年未动工 安全条件合格 遵纪守法 改革创新 勤勉尽责 出于公心"
    " 程序正当 知错就改 发生安全事故 重大安全事故 上半年开工 下半年开工 红灯 进度或定期结算"
    " 检验验收拖延 合同另有约定 在区域评估范围 总投资1000万元以下 已停工",
    "比率": "季度目标完成率 达产率 增速 同组最高增速 同组最低增速 完成率",
    "金额": "措施费总额 应付金额 本季完成投资 本季目标投资",
    "分数": "抽查核定分 指标得分 观摩得分 领导小组评分",
    "个数": "名次 倒数名次 参评个数 连续黄牌次数",
    "月数": "迟报月数",
    "天数": "逾期天数 约定付款天数",
}
"""The names that blocks use and do not declare, by kind."""
TEXTS = {"项目级别": '["省重点", "市重点"]'}

EVENTS = (
    "双方确认结算金额 约定检验期限届满 交付 支付 验收合格 付清 受理 补正材料 施工许可 开网 开工节点"
    " 未按节点完成 重大逾期 销号 进度不符 整改完成 评为蜗牛项目 批复 黄单发出"
)
"""The events that blocks wait for and people register."""
PART = '[[part]]\nname = "试项"\nclause = "一"\nfull = {}\nmissing = "无数据"\n'
FULL = {"marginal": 0, "series": 0}
"""The full marks of the part around an operator that stands alone: bonus parts have none."""
AROUND = {
    "总分 >= 90": PART.format(100).replace("试项", "进度")
    + '[[score]]\nname = "总分"\nclause = "一"\nveto = [{when = "重大安全事故"}]\n',
    "[[score]]": PART.format(60).replace("试项", "进度") + PART.format(40).replace("试项", "质量"),
    'light = "总灯"': '[[light]]\ndimension = "进度"\nclause = "一"\nmissing = "无数据"\ncases = [\n'
    '  {when = "落后时间进度 > 10*百分点", give = {severity = "serious", label = "红"}},\n'
    '  {when = "落后时间进度 <= 10*百分点", give = {severity = "ok", label = "绿"}},\n]\n',
    "红灯约谈": '[[list]]\nname = "黑榜"\nclause = "一"\nwhen = "不可抗力"\nmissing = "不列入"\n'
    '[[act]]\nname = "红灯约谈"\nclause = "一"\nwhen = "不可抗力"\ndo = ["约谈"]\n',
}
"""Rules that a block speaks of, by a word of the block."""
RULE = '[[list]]\nname = "试名单"\nclause = "一"\nwhen = "年度计划投资 > 0"\nmissing = "待定"\n'


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a paper, and the place that a failing test names."""

    place: str
    text: str

    @property
    def is_examples(self) -> bool:
        return self.text.startswith("[[example]]")


def blocks_of(paper: Path) -> list[Block]:
    text = paper.read_text("utf-8")
    found = [*FENCED.finditer(text), *SPOKEN.finditer(text)]
    return [Block(f"{paper.name}:{text.count('\n', 0, m.start()) + 1}", m[1]) for m in found]


BLOCKS = [block for paper in sorted(MANUAL.glob("*.md")) for block in blocks_of(paper)]
BOOKS = [block for block in BLOCKS if not block.is_examples]


def framed(block: str) -> str:
    """A whole book: the block, its names declared, and around it what it speaks of."""
    if block.startswith("[book]"):
        return block
    around = "".join(rules for word, rules in AROUND.items() if word in block)
    operator = re.match(r"(\w+) = ", block)
    part = PART.format(FULL.get(operator[1], 100)) if operator else ""
    body = around + part + block
    known = set(re.findall(r'^name = "(.+?)"', body, re.MULTILINE))
    known |= {measure.name for measure in standard_catalogue().measures}
    names: list[tuple[str, str, tuple[str, ...]]]
    names = [(name, kind, ()) for kind, words in NAMES.items() for name in words.split()]
    names += [(name, "文字", (f"values = {texts}",)) for name, texts in TEXTS.items()]
    measures = [
        given(name, kind, *more) for name, kind, more in names if name in body and name not in known
    ]
    events = [name for name in EVENTS.split() if f'"{name}"' in body]
    head = HEAD.replace("}", f", events = {json.dumps(events, ensure_ascii=False)}}}")
    return "\n".join([head, *measures, "" if operator else RULE, body])


def faults_of(block: str, folder: Path) -> list[str]:
    """What the checker says of a block as the only file of a folder."""
    file = folder / "rulebook.toml"
    file.write_text(framed(block), "utf-8")
    return [str(fault) for fault in check_file(file).faults]


@pytest.mark.parametrize("block", BOOKS, ids=[block.place for block in BOOKS])
def test_every_block_of_the_manual_passes_the_checker(block: Block, tmp_path: Path) -> None:
    assert faults_of(block.text, tmp_path) == []


@pytest.mark.parametrize("block", BOOKS, ids=[block.place for block in BOOKS])
def test_a_block_with_a_wrong_key_or_another_name_does_not_pass(
    block: Block, tmp_path: Path
) -> None:
    """Twin: the check of every block can fail."""
    wrong = re.sub(r"^(\w+) = ", r"\1x = ", block.text, count=1, flags=re.MULTILINE)
    assert faults_of(wrong, tmp_path) != []


def test_a_gap_in_a_block_is_found(tmp_path: Path) -> None:
    """Twin: not the form alone is checked, but what the lines leave out."""
    block = next(block.text for block in BOOKS if block.text.startswith("cases = "))
    lines = block.replace("otherwise = 0", "").splitlines()
    gap = "\n".join(line for line in lines if "points = 15" not in line)
    assert any("有没写到的情形" in fault for fault in faults_of(gap, tmp_path))


def test_the_frame_declares_nothing_that_no_block_uses() -> None:
    written = "\n".join(framed(block.text) for block in BOOKS)
    names = [*" ".join(NAMES.values()).split(), *TEXTS]
    assert [name for name in names if f'name = "{name}"' not in written] == []


EXAMPLES = [block for block in BLOCKS if block.is_examples]
JUDGING = [
    '[[light]]\ndimension = "进度"\nclause = "一"\nmissing = "无数据"\ncases = [\n'
    '  {when = "落后时间进度 <= 10*百分点", give = {severity = "ok"}},\n'
    '  {when = "10*百分点 < 落后时间进度 <= 30*百分点", give = {severity = "warning"}},\n'
    '  {when = "落后时间进度 > 30*百分点", give = {severity = "serious"}},\n]\n',
    given("完成率", "比率", subject="地区")
    + '[[measure]]\nname = "名次"\nkind = "个数"\nsubject = "地区"\n'
    'from = {rank = {of = "完成率", order = "高者在前", ties = "并列跳号"}}\n'
    '[[list]]\nname = "黑榜"\nclause = "一"\nsubject = "地区"\nwhen = "名次 >= 3"\n'
    'missing = "不列入"\n',
]
"""The rules that the examples of the page on checking try, in their order."""
EXAMPLES_ALONE = [block for block in EXAMPLES if block.place.startswith("checking.md")]
TEXT = "# 试\n\n出处：试\n\n## 一\n\n试。\n"


@pytest.mark.parametrize("number", range(len(JUDGING)))
def test_the_examples_of_the_page_on_checking_come_out(number: int, tmp_path: Path) -> None:
    examples, folder = EXAMPLES_ALONE[number].text, tmp_path / "b"
    folder.mkdir()
    for name, text in {
        "rulebook.toml": HEAD + JUDGING[number],
        "text.md": TEXT,
        "examples.toml": examples,
    }.items():
        (folder / name).write_text(text, "utf-8")
    assert _untried(check_folder(folder)) == []
    wrong = examples.replace('"warning"}', '"ok"}').replace('"名次" = 3', '"名次" = 2')
    (folder / "examples.toml").write_text(wrong, "utf-8")
    assert _untried(check_folder(folder)) != []


def _untried(faults: tuple[Fault, ...]) -> list[str]:
    """What is wrong with an example; that other edges are not tried is no matter here."""
    return [str(fault) for fault in faults if fault.code != "no-example"]


def test_no_example_of_the_manual_is_left_out() -> None:
    assert len(EXAMPLES_ALONE) == len(JUDGING)
    assert {one.place.split(":")[0] for one in EXAMPLES} == {"README.md", "checking.md"}
