"""What the columns of journalled tables are called in Chinese, and how their values read."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from guatu.core import clock

COLUMNS = {
    "accumulates": "累计方式",
    "alias_id": "别名",
    "amount_yuan": "金额（元）",
    "answer_id": "答复",
    "approved_by": "批准人",
    "as_of": "截至",
    "asked_at": "送审时间",
    "asked_by": "送审人",
    "asked_by_user_id": "送审账号",
    "assignment_id": "授予的角色",
    "at": "办理时间",
    "at_hour": "报来时间",
    "base_revision": "申请时版次",
    "basis": "依据",
    "before": "修改前",
    "blob_id": "文件内容",
    "book": "办法编号",
    "book_version": "办法版次",
    "by": "办理人",
    "by_user_id": "办理账号",
    "cell": "单元格",
    "changed": "变更行数",
    "closed_by": "锁定人",
    "code": "代码",
    "columns": "列的对应",
    "content": "内容",
    "content_id": "将定版的内容",
    "content_sm3": "内容摘要",
    "count": "项目数",
    "counts": "行数（新增/变更/相同/待答复）",
    "credit_code": "统一社会信用代码",
    "cumulative": "累计（元）",
    "cut_off_on": "截至日期",
    "day": "日期",
    "declared_parts": "子项目数",
    "delivery_id": "收表批次",
    "digest": "摘要",
    "document_id": "印发的文件",
    "due_at": "报送截止",
    "effects": "引起的改动",
    "ended_on": "撤销日期",
    "entered": "入库行数",
    "entry_id": "清单项",
    "examples": "算例",
    "facts": "判断所依",
    "fault": "没有入库的原因",
    "faults": "不能入库的地方",
    "field": "修改的内容",
    "first_on": "起始日期",
    "form": "值的种类",
    "grain": "期别种类",
    "granted_by": "授予人",
    "hash": "摘要",
    "header_sm3": "表头摘要",
    "how": "怎样结束",
    "id": "编号",
    "imported_id": "导入的文件",
    "indicator": "指标",
    "indicator_id": "指标",
    "is_active": "在用",
    "is_appraised": "参加考核",
    "is_current": "有效",
    "is_granted": "同意",
    "is_on": "打开",
    "is_own": "本单位发布",
    "is_package": "打包项目",
    "is_retroactive": "追溯施行",
    "is_shared": "共享",
    "is_waiting": "待答复",
    "is_withdrawal": "撤回",
    "is_workday": "上班",
    "issued_at": "印发时间",
    "issued_by": "印发人",
    "joined_by": "列入依据",
    "joined_on": "列入日期",
    "journal_seq": "日志条号",
    "key": "名称",
    "kind": "类别",
    "last_on": "截止日期",
    "left_on": "调出日期",
    "level": "级别",
    "list_id": "清单",
    "login": "登录名",
    "measure": "量",
    "method": "计算方法",
    "milestone": "节点",
    "mime": "文件格式",
    "must_change_password": "须改密码",
    "name": "名称",
    "name_id": "名称",
    "national_code": "项目代码",
    "nature": "建设性质",
    "new": "新增行数",
    "new_text": "改为",
    "note": "说明",
    "number": "版次",
    "on": "日期",
    "opens_at": "开期时间",
    "organisation_id": "单位",
    "origin": "照什么起草",
    "outside_number": "文号",
    "owner_organisation_id": "编制单位",
    "package_id": "所属打包项目",
    "parent_id": "上级",
    "password": "密码",
    "password_until": "密码有效期",
    "period_id": "期别",
    "person_id": "人员",
    "phase_of_id": "前期项目",
    "phone": "电话",
    "physical_node": "形象节点",
    "plan_id": "年度计划",
    "plan_version": "计划版次",
    "precision": "日期精度",
    "printed_on": "存放处",
    "problem_text": "存在问题",
    "progress_text": "形象进度",
    "project_class": "项目类别",
    "project_id": "项目",
    "promised_on": "答应报送日期",
    "proposal_id": "申请",
    "published_by": "登记人",
    "query": "筛选条件",
    "question": "疑问",
    "question_id": "疑问",
    "raw_text": "原文",
    "reason": "理由",
    "ref": "依据编号",
    "region_id": "地区",
    "removed_on": "移出日期",
    "replaced_by": "被哪份替换",
    "replaces": "替换哪份",
    "replaces_id": "更正哪次登记",
    "report_id": "月报",
    "request_id": "申请",
    "return_reason": "退回理由",
    "returned_by": "退回人",
    "revision": "版次",
    "role": "角色",
    "round_id": "期",
    "row_no": "行号",
    "rows": "行数",
    "said_at": "告知时间",
    "said_by": "告知人",
    "salt": "盐",
    "same": "相同行数",
    "scan_id": "签发件",
    "schema_version": "格式版次",
    "scope": "范围",
    "scope_organisation_id": "范围单位",
    "sector_id": "行业",
    "sender": "发送单位",
    "seq": "次序",
    "serial_no": "序号",
    "set_up_due": "待首次设置",
    "sheet": "工作表",
    "site": "建设地点",
    "size": "字节数",
    "sm3": "摘要",
    "snapshot_id": "定版数据",
    "source": "来源",
    "stage": "项目阶段",
    "state": "状态",
    "subject": "对象",
    "subject_count": "项目数",
    "succeeded_by_id": "由谁承接",
    "supersedes_id": "更正哪个数",
    "target": "用于",
    "text": "内容",
    "tier": "项目层级",
    "toml": "办法全文",
    "total_yuan": "总投资（元）",
    "uid": "内部编号",
    "undone_at": "撤销时间",
    "undone_by": "撤销人",
    "unit": "计量单位",
    "until": "有效期至",
    "user_id": "账号",
    "valid_from": "自何日起",
    "valid_to": "至何日止",
    "valid_until": "至何日止",
    "value": "值",
    "version": "修改次数",
    "vocabulary": "词表",
    "waiting": "待答复行数",
    "why": "参与事由",
    "withdrawn_at": "撤回时间",
    "withdrawn_by": "撤回人",
    "workbook_id": "更正表格",
    "workbook_name": "更正表格名称",
    "year": "年度",
}
"""By the column's name: where tables share a name they share its word, but for `_OWN`."""

_OWN = {
    ("ledger_bulkchange", "count"): "改了几个项目",
    ("journal_checkpoint", "seq"): "日志条号",
    ("organisation_setting", "key"): "设置项",
    ("organisation_switch", "name"): "开关",
    ("reporting_delivery", "key"): "批次编号",
    ("reporting_period", "key"): "期别",
    ("reporting_quickfigure", "value"): "数值",
    ("reporting_figure", "value"): "数值",
    ("organisation_person", "name"): "姓名",
    ("organisation_regionname", "parent_id"): "上级地区",
    ("organisation_organisationname", "parent_id"): "上级单位",
    ("ledger_projectlist", "parent_id"): "上级清单",
}


def column_label(table: str, name: str) -> str:
    """A column in Chinese; what is not known stays as it is stored."""
    return _OWN.get((table, name)) or COLUMNS.get(name, name)


def value_label(table: str, name: str, value: object) -> str:
    """A stored value as it reads: `closed` 已锁定, `true` 是, an instant in the local time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    field = _fields(table).get(name)
    if field is None:
        return str(value)
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        return _local(value)
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)


def _local(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.astimezone(clock.CHINA):%Y-%m-%d %H:%M:%S}" if at.tzinfo else text


@cache
def _fields(table: str) -> dict[str, models.Field[Any, Any]]:
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    return {field.attname: field for field in model._meta.concrete_fields} if model else {}
