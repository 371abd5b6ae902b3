"""The shape of the form of an audit export."""

from __future__ import annotations

from datetime import date
from typing import Any

from guatu.core.periods import parse_period
from guatu.reporting.models import Period
from guatu.ui.forms import SiteForm, choice, text


class AuditForm(SiteForm):
    """From which period to which, and for whom."""

    places = {"no-purpose": "purpose", "range": "until"}
    since = choice("起始期别")
    until = choice("截止期别")
    purpose = text(
        "用途", 200, help_text="给谁、凭什么，如：市审计局，审计通知书文号；印在说明页，记入日志"
    )

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that are asked for."""
        told = self.cleaned_data
        return parse_period(told["since"]).first_on, parse_period(told["until"]).last_on


def audit_form(periods: list[Period], data: Any = None) -> AuditForm:
    """The form with the periods that there are, the whole of the newest year chosen."""
    offered = [(one.key, one.label) for one in periods]
    year = periods[-1].parsed.year if periods else 0
    first = next((one.key for one in periods if one.parsed.year == year), "")
    initial = {"since": first, "until": offered[-1][0] if offered else ""}
    return AuditForm(data, initial=initial, options={"since": offered, "until": offered})
