"""Kinds, natures, roles and states of the ledger."""

from __future__ import annotations

from django.db import models


class ProjectKind(models.TextChoices):
    CONSTRUCTION = "construction", "建设项目"
    PROGRAMME = "programme", "非建设项目"


class Nature(models.TextChoices):
    """建设性质 as the list states it."""

    NEW = "new", "新建"
    CONTINUING = "continuing", "续建"
    UNKNOWN = "", "未注明"


class ListState(models.TextChoices):
    DRAFT = "draft", "草稿"
    REVIEWED = "reviewed", "已审"
    APPROVED = "approved", "已批"
    ISSUED = "issued", "已印发"


class ResponsibilityRole(models.TextChoices):
    """Who answers for a project in which way (M-A6)."""

    LEADER = "leader", "包联领导"
    LEAD = "lead", "责任单位"
    ASSISTING = "assisting", "配合单位"
    TERRITORY = "territory", "属地"
    OWNER = "owner", "业主"
    LIAISON = "liaison", "联络员"
    REPORTER = "reporter", "填报单位"
    REVIEWER = "reviewer", "审核单位"


class Vocabulary(models.TextChoices):
    """Lists of words an office keeps."""

    SECTOR = "sector", "行业领域"
    REASON = "reason", "滞后原因"
    PROBLEM = "problem", "问题类别"
    NODE = "node", "形象节点"
    MATERIAL = "material", "纳统材料"


class BulkField(models.TextChoices):
    """What may be changed for many projects at once; the last two belong to the list entry."""

    LEAD = "lead", "责任单位"
    LEADER = "leader", "包联领导"
    SECTOR = "sector", "行业领域"
    STAGE = "stage", "项目阶段"
    TIER = "tier", "项目层级"
    CLASS = "class", "项目类别"


class SubjectKind(models.TextChoices):
    """Whom a recorded value speaks of; the labels are the words of rule books."""

    PROJECT = "project", "项目"
    ORGANISATION = "organisation", "单位"
    REGION = "region", "地区"


class Bearing(models.TextChoices):
    """What assigning a bearer does to those who are there."""

    REPLACE = "replace", "接替现任"
    ADD = "add", "与现任并列"
    END = "end", "现任不再承担"


PERSON_ROLES = frozenset({ResponsibilityRole.LEADER, ResponsibilityRole.LIAISON})
"""Roles that a person bears; the others are borne by organisations."""
MATRIX_ROLES = (
    ResponsibilityRole.LEAD,
    ResponsibilityRole.TERRITORY,
    ResponsibilityRole.OWNER,
    ResponsibilityRole.LEADER,
    ResponsibilityRole.LIAISON,
    ResponsibilityRole.REPORTER,
    ResponsibilityRole.REVIEWER,
)
"""The columns of the responsibility matrix, in the order of the papers (M-A6)."""
VIEW_NAMES = frozenset({"q", "region", "sector", "unit", "nature", "light", "money", "sort", "col"})
"""The names of the library's address that a saved view keeps; its list is kept beside."""
DEFAULT_LIST = "重点项目"
