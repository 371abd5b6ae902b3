"""Every synonym finds its field, and no two fields claim one wording."""

from __future__ import annotations

import pytest

from guatu.engines.sheets import SheetsError, load_vocabulary
from guatu.engines.sheets.vocabulary import parse_vocabulary
from guatu.engines.sheets.wording import heading

VOCABULARY = load_vocabulary()


def test_every_synonym_means_its_own_field() -> None:
    wrong = [
        (field.name, synonym)
        for field in VOCABULARY.fields.values()
        for synonym in (field.name, *field.synonyms)
        if (match := VOCABULARY.match((synonym,))) is None or match.field != field.name
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("隶 属",), "所属地区"),
        (("2023年1-12月累计完成投资(万元)",), "本年累计完成投资"),
        (("1—9月完成投资",), "本年累计完成投资"),
        (("元-4月完成投资",), "本年累计完成投资"),
        (("上半年完成投资",), "本年累计完成投资"),
        (("９月完成投资",), "本月完成投资"),
        (("截至2023年9月底累计完成投资（万元）",), "自开工累计完成投资"),
        (("2022年底累计完成投资",), "自开工累计完成投资"),
        (("去年1-9月完成投资",), "上年同期累计完成投资"),
        (("截至9月计划",), "累计计划投资"),
        (("截止2026年9月底计划投资（万元）",), "累计计划投资"),
        (("1—9月计划",), "累计计划投资"),
        (("2026年1-9月计划完成投资",), "累计计划投资"),
        (("9月底累计计划",), "累计计划投资"),
        (("上半年计划",), "累计计划投资"),
        (("一季度计划",), "累计计划投资"),
        (("年度投资计划", "1-9月"), "累计计划投资"),
        (("9月计划",), None),
        (("二季度计划",), None),
        (("全年计划",), "年度计划投资"),
        (("开工时间（计划）",), "计划开工时间"),
        (("开工时间",), "实际开工时间"),
        (("开工时间", "计划"), "计划开工时间"),
        (("投资", "总投资"), "总投资"),
        (("年度", "计划"), "年度计划投资"),
        (("年度", "完成"), "本年累计完成投资"),
        (("完成投资", "本月"), "本月完成投资"),
        (("完成投资", "累计"), "本年累计完成投资"),
        (("总投资", "中央"), None),
        (("县（市、区）",), "所属地区"),
        (("建设内容及规模（主要）",), "建设内容"),
        (("面积",), None),
    ],
)
def test_headers(path: tuple[str, ...], field: str | None) -> None:
    match = VOCABULARY.match(path)
    assert (match.field if match else None) == field


def test_a_long_head_is_a_guess() -> None:
    match = VOCABULARY.match(("建设内容及规模和主要产能",))
    assert match is not None
    assert match.is_guess


def test_a_unit_and_a_year_are_taken_out_of_the_words() -> None:
    words = heading("2023年计划投资（亿元）")
    assert (words.key, words.unit, words.year) == ("{年}计划投资", "亿元", 2023)


@pytest.mark.parametrize(
    "text", ["[", '["a"]\nkind = "colour"', '["a"]\nkind = "text"\nsynonyms = 1']
)
def test_a_bad_vocabulary_is_told(text: str) -> None:
    with pytest.raises(SheetsError) as caught:
        parse_vocabulary(text, file="own.toml")
    assert caught.value.code == "bad-vocabulary"
