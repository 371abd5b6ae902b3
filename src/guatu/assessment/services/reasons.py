"""Why somebody sends in, returns, corrects or adopts: one line, kept with the act."""

from __future__ import annotations

from guatu.core.errors import BadInput, Fault
from guatu.core.names import has_hidden_signs

LONGEST_REASON = 300


def told_reason(text: str, what: str) -> str:
    """A reason in one line. Raises BadInput where it is empty, too long or not plain."""
    reason = " ".join(text.split())
    if has_hidden_signs(reason):
        raise BadInput(Fault("hidden-signs", f"{what}理由里有看不见的字符", "请重新输入，不要粘贴"))
    if not reason:
        raise BadInput(Fault("no-reason", f"{what}须写明理由", f"请写明为什么{what}、依据是什么"))
    if len(reason) > LONGEST_REASON:
        told = f"{what}理由超过{LONGEST_REASON}字"
        raise BadInput(Fault("text-too-long", told, "请改用简短的写法"))
    return reason
