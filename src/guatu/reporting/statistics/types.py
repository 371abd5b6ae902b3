"""States of what the statistics system asks for, and how a row of the comparison stands."""

from __future__ import annotations

from django.db import models


class MaterialState(models.TextChoices):
    HELD = "held", "已备"
    MISSING = "missing", "未备"
    UNNEEDED = "unneeded", "不需要"
