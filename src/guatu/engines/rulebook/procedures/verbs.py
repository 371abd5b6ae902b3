"""The verbs that a rule book may use: a closed list, with their meaning and kind of effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Effect(StrEnum):
    """The kind of effect: which acting room performs it."""

    LETTER = "letter"
    TALK = "talk"
    CIRCULAR = "circular"
    PUBLISH = "publish"
    EXPLAIN = "explain"
    REPORT = "report"
    RECTIFY = "rectify"
    INSPECT = "inspect"
    ASSIGN = "assign"
    MEET = "meet"
    PLAN = "plan"
    PAY = "pay"
    WITHHOLD = "withhold"
    DEDUCT = "deduct"
    CREDIT = "credit"
    LIST = "list"
    BAR = "bar"
    EXIT = "exit"
    APPROVAL = "approval"
    STOP = "stop"
    RESUME = "resume"
    REWARD = "reward"
    PRIORITY = "priority"
    QUOTA = "quota"
    TEAM = "team"
    PROMISE = "promise"
    EXEMPT = "exempt"
    APPEAL = "appeal"
    CORRECT = "correct"
    CLOSE = "close"
    REFER = "refer"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: what it means, what kind of effect it is, which keys it cannot do without."""

    name: str
    effect: Effect
    meaning: str
    needs: tuple[str, ...] = ()


_LIST: tuple[tuple[Effect, str], ...] = (
    (
        Effect.LETTER,
        "督办函 发督办函 | 督办单 按单督办 | 白单 发白色督办单 | 蓝单 发蓝色督办单"
        " | 黄单 发黄色督办单 | 红单 发红色督办单 | 提醒函 发提醒函 | 提醒 口头或消息提醒"
        " | 警告 书面警告责任单位 | 预警 发出预警 | 告知 书面告知 | 反馈 书面反馈办理情况",
    ),
    (Effect.TALK, "约谈 约谈责任单位负责人 | 提醒谈话 就履职情况提醒"),
    (
        Effect.CIRCULAR,
        "通报 通报情况 | 通报批评 点名通报 | 通报表扬 通报表扬 | 内部通报 在会上或系统内通报",
    ),
    (
        Effect.PUBLISH,
        "公示 对社会或在公告栏公示 | 曝光 在媒体公布 | 张榜公布 张榜 | 上榜 列入榜单"
        " | 授旗 授予流动旗 | 结束公示 停止公示 | 挂牌督办 公开挂牌督办",
    ),
    (Effect.EXPLAIN, "书面说明 书面说明原因 | 会上说明 在会上说明原因 | 检讨 责任单位作书面检查"),
    (Effect.REPORT, "上报 报上级 | 抄送 抄送有关单位 | 备案 报备案 | 汇报 在会上汇报"),
    (
        Effect.RECTIFY,
        "限期整改 规定期限内改好 | 整改 改正问题 | 现场解决 就地解决 | 责令改正 责令改正",
    ),
    (
        Effect.INSPECT,
        "重点督导 列为重点督导 | 现场督查 到现场督查 | 督查 督促检查 | 暗访 不打招呼看现场"
        " | 复查 整改后复查 | 核查 核实情况 | 现场核实 到现场核实 | 走访 上门联系服务"
        " | 稽察 专项稽察 | 抽查 随机抽查",
    ),
    (Effect.ASSIGN, "交办 交有关单位办理 | 转办 转有关单位办理 | 领办帮办 派人帮办"),
    (
        Effect.MEET,
        "会商 有关单位会商 | 征求意见 征求社会或单位意见 | 听证 举行听证 | 论证 专家论证 |"
        " 研判 逐项目研判 | 专题调度 召开专题调度会 | 提请研究 提请上级研究"
        " | 协调 出面协调 | 呈报研究 呈报政府研究解决",
    ),
    (Effect.PLAN, "制定计划 制定时间表路线图 | 调整计划 调整年度计划 | 重新约定 重新约定开工时间"),
    (Effect.PAY, "拨付 拨付款项 | 预付 预付款项 | 兑现奖励 兑现奖金"),
    (
        Effect.WITHHOLD,
        "暂缓拨付 暂缓拨付资金 | 不予拨付 不拨付资金 | 扣减 扣减资金 | 不予兑现 不兑现奖励"
        " | 收取费用 依法收取费用 | 收缴保证金 依约不退保证金 | 调减下年安排 减少下年安排",
    ),
    (Effect.DEDUCT, "扣分 在指定账户扣分"),
    (Effect.CREDIT, "加分 在指定账户加分 | 不计分 本项不计分 | 一票否决 结果按不合格"),
    (
        Effect.LIST,
        "列入清单 列入清单 | 移出清单 移出清单 | 纳入统计 纳入统计范围 | 不予纳入 不纳入统计或清单"
        " | 标注异议 标注有异议 | 共享结果 结果共享有关单位",
    ),
    (
        Effect.BAR,
        "取消资格 取消申报或评先资格 | 暂停资格 暂停资格 | 禁止 一定期限内不得"
        " | 限制 限制某项业务或资格",
    ),
    (
        Effect.EXIT,
        "启动退出 启动项目退出程序 | 收回土地 依法收回土地使用权 | 解除协议 依约解除协议",
    ),
    (
        Effect.APPROVAL,
        "重新报批 重新报批前一环节 | 准许 准许先行开展 | 不予受理 不受理 | 受理 受理"
        " | 容缺受理 带缺项受理 | 审批 作出审批决定 | 审查 专项审查 | 评审 组织评审 | 免办 免予办理"
        " | 合并办理 合并办理",
    ),
    (Effect.STOP, "停工 停止施工 | 暂停 暂停办理"),
    (Effect.RESUME, "复工 恢复施工 | 恢复 恢复办理"),
    (Effect.REWARD, "表彰 表彰 | 奖励 给予奖励 | 评优 优先评优"),
    (Effect.PRIORITY, "优先保障 要素优先保障 | 倾斜支持 政策倾斜 | 绿灯保障 正常保障推进"),
    (Effect.QUOTA, "调增指标 增加指标 | 调减指标 减少指标 | 挂钩 与下年安排挂钩"),
    (Effect.TEAM, "组建专班 组建工作专班 | 派驻 派驻专员"),
    (Effect.PROMISE, "公开承诺 公开承诺 | 承诺 书面承诺 | 撤销 承诺不实的撤销决定"),
    (Effect.EXEMPT, "免责 免除责任 | 从轻减轻 从轻或减轻 | 容错建议 向有权机关提出容错建议"),
    (Effect.APPEAL, "申请 提出申请 | 申诉 提出申诉 | 复核 复核决定 | 信用修复 修复信用记录"),
    (Effect.CORRECT, "更正 更正数据或结论 | 补正 补齐补正材料 | 补报 补报数据"),
    (Effect.CLOSE, "销号 验收后销号 | 办结 办结归档"),
    (Effect.REFER, "移送 移送有权机关 | 建议问责 建议有权机关问责"),
)
_NEEDS = {
    "扣分": ("points", "account"),
    "加分": ("points", "account"),
    "禁止": ("what", "for"),
    "暂停资格": ("for",),
    "限制": ("what",),
}


def _verbs() -> dict[str, Verb]:
    found = {}
    for effect, text in _LIST:
        for entry in text.split("|"):
            name, meaning = entry.split()
            found[name] = Verb(name, effect, meaning, _NEEDS.get(name, ()))
    return found


VERBS: Mapping[str, Verb] = MappingProxyType(_verbs())
"""Every verb by its Chinese word."""

REFUSED = frozenset(
    [
        "免职",
        "撤职",
        "降职",
        "停职",
        "开除",
        "记过",
        "警告处分",
        "处分",
        "拘留",
        "罚款",
        "扣工资",
        "监控",
        "定位",
        "打卡",
        "限制出行",
        "限制高消费",
        "诫勉",
        "列入黑名单",
        "排名领导",
    ]
)
"""Measures on persons, which a rule book may not produce (architecture §2.7)."""
