"""Every remark the engine can make about a cell, in one place."""

from __future__ import annotations

from guatu.engines.sheets.types import Flag, FlagKind

_NOTE, _DOUBTFUL = FlagKind.NOTE, FlagKind.DOUBTFUL
_UNREADABLE, _REFUSED = FlagKind.UNREADABLE, FlagKind.REFUSED

NEGATIVE = Flag("negative", _NOTE, "是负数", "如为核减，请填写核减原因")
UNIT_IN_CELL = Flag("unit-in-cell", _NOTE, "自带单位，按所写单位换算")
YEAR_ASSUMED = Flag("year-assumed", _NOTE, "没有写年份，按表头所写年份理解")
SERIAL_DATE = Flag("serial-date", _NOTE, "是日期序号，已换算成日期")

FRACTION_OF_YUAN = Flag("fraction-of-yuan", _DOUBTFUL, "带有不足一元的零头", "请核对单位和小数位数")
BRACKETED = Flag("bracketed-number", _DOUBTFUL, "加了括号，按负数理解", "请直接写负号")
MONTH_AMBIGUOUS = Flag(
    "month-ambiguous",
    _DOUBTFUL,
    "是数字，分不清1月还是10月",
    "请把单元格设为文本后写成2024年1月或2024年10月",
)
COARSE_DATE = Flag("coarse-date", _DOUBTFUL, "只写到季度或半年，按最后一天理解", "请写明年月")
ROUGH_DATE = Flag("coarse-date", _DOUBTFUL, "只写到年初或年中，暂按1月底或6月底理解", "请写明年月")
BEFORE_DATE = Flag("before-date", _DOUBTFUL, "写的是“前”，按该月最后一天理解", "请写明年月日")
SHORT_YEAR = Flag("short-year", _DOUBTFUL, "年份只有两位，按20××年理解", "请写四位年份")
ODD_YEAR = Flag("odd-year", _DOUBTFUL, "年份不像工程日期", "请核对年份")
PERCENT_SCALE = Flag(
    "percent-scale", _DOUBTFUL, "分不清是比例还是百分数", "请写成带百分号的数，如30%"
)
PERCENT_POINTS = Flag("percent-points", _DOUBTFUL, "大于300%，按百分数理解", "请写成带百分号的数")
CODE_SHORT = Flag("code-short", _DOUBTFUL, "比同列其他代码短", "请核对，并把单元格设为文本后重填")
CHOICE_UNKNOWN = Flag("choice-unknown", _DOUBTFUL, "不在可选项里", "请改用规定的选项或确认含义")
SEVERAL_VALUES = Flag(
    "several-values", _DOUBTFUL, "同一项目有几个不同的值，取第一个", "请只保留一个"
)

APPROXIMATE = Flag("approximate", _UNREADABLE, "是约数，不能入账", "请填写准确数字")
STATUS_WORD = Flag("status-word", _UNREADABLE, "是状态说明，不是数值或日期", "请填写数值或日期")
NOT_A_NUMBER_TEXT = Flag("not-a-number-text", _UNREADABLE, "不是数字", "请只填数字")
NOT_A_DATE = Flag("not-a-date", _UNREADABLE, "不是日期", "请写成2025年6月30日或2025年6月")
YEAR_MISSING = Flag("year-missing", _UNREADABLE, "没有写年份", "请写成2025年6月")
NOT_A_COUNT = Flag("not-a-count", _UNREADABLE, "不是整数", "请只填整数")
NOT_A_PERCENT = Flag("not-a-percent", _UNREADABLE, "不是百分数", "请写成30%")
NOT_YES_NO = Flag("not-yes-no", _UNREADABLE, "不是“是”或“否”", "请填是或否")
UNIT_MISSING = Flag("unit-missing", _UNREADABLE, "没有写单位", "请在表头写明单位，如“万元”")

TOO_LARGE = Flag("too-large", _REFUSED, "超过10万亿元，单位可能写错", "请核对单位后重新填写")
NOT_FINITE = Flag("not-a-number", _REFUSED, "不是有效数字", "请改成数字")
CODE_RUINED = Flag(
    "code-ruined",
    _REFUSED,
    "已被表格软件改成数字，末尾几位丢失",
    "请把该列设为文本格式后重新填写代码",
)
NO_CACHED_VALUE = Flag(
    "formula-without-value", _REFUSED, "是没有计算结果的公式", "请用Excel或WPS打开并保存后再导入"
)
CELL_ERROR = Flag("cell-error", _REFUSED, "单元格显示的是错误值", "请改正公式后再导入")
