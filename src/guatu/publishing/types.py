"""Kinds and states of papers."""

from __future__ import annotations

from django.db import models


class PaperKind(models.TextChoices):
    CIRCULAR = "circular", "通报"
    RESULT = "result", "专项行动总结"


class PaperState(models.TextChoices):
    DRAFT = "draft", "草稿"
    ISSUED = "issued", "已印发"
    WITHDRAWN = "withdrawn", "已撤回"
