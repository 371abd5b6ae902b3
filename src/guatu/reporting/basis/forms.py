"""The shape of the form that changes a basis."""

from __future__ import annotations

from guatu.reporting.basis.services import ChangeBasis
from guatu.reporting.basis.types import Coverage
from guatu.reporting.types import FigureSource
from guatu.ui.forms import SiteForm, choice, day, text


class BasisForm(SiteForm):
    """The basis of a source's figures from a day on."""

    places = {"no-reason": "reason", "far-future": "valid_from", "no-change": "scope"}
    source = choice("来源", FigureSource.choices)
    coverage = choice("口径", Coverage.choices[1:], required=False, empty="未注明")
    scope = text("统计范围", 200, required=False, help_text="如：清单内项目，不含土地费用")
    method = text("计算方法", 300, required=False, help_text="如：按形象进度；按财务支出")
    valid_from = day("起始日期", help_text="这一天起的数按新口径；以前的不改")
    reason = text("理由", 300, help_text="依据的文件名称和文号")

    def command(self) -> ChangeBasis:
        """What the service is to do."""
        told = self.cleaned_data
        return ChangeBasis(
            told["source"], told["coverage"], told["scope"].strip(), told["method"].strip(),
            told["valid_from"], told["reason"].strip(),
        )  # fmt: skip
