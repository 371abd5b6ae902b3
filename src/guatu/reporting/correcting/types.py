"""States of a request for a correction, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class RequestState(models.TextChoices):
    """What became of a request. That a taken one was carried out is seen from the round."""

    OPEN = "open", "待答复"
    TAKEN = "taken", "已受理"
    REFUSED = "refused", "不予更正"
    WITHDRAWN = "withdrawn", "已撤回"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCorrection:
    """What is wrong with a project's report of a locked round, and the right figures in words."""

    round_id: int
    project_id: int
    text: str
    right_figures: str
