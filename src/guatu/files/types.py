"""Kinds and states of imports."""

from __future__ import annotations

from django.db import models


class ImportKind(models.TextChoices):
    LEDGER = "ledger", "清单"
    REPORTS = "reports", "月报"
    CORRECTION = "correction", "更正"


class ImportState(models.TextChoices):
    APPLIED = "applied", "已入库"
    PARTLY = "partly", "部分入库"
