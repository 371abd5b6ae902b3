"""Why a limited round expects a project."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class ScopeReason(models.TextChoices):
    """What brought a project into a limited round."""

    LAGGING = "lagging", "滞后"
    CAMPAIGN = "campaign", "专项行动"
    ADDED = "added", "增补"


@dataclass(frozen=True, slots=True)
class InScope:
    """One project that a round shall expect, and what it rests on, as pages say it."""

    project_id: int
    why: ScopeReason
    basis: str
