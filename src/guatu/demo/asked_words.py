"""Names, nodes and texts of the invented years of `asked`."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from guatu.demo.names import PLACES, SHORT

REDUCTIONS = (
    "结算审减，核减多报工程量",
    "审计核减设备购置费",
    "设计变更调减工程量",
    "上月重复计列，本月冲减",
)
_BRANDS = (
    "红岩", "青石", "沙洲", "石门", "翠屏", "龙潭", "柳林", "银杏", "东湖", "北渡", "双塘", "古渡",
    "五里", "马鞍", "清水", "松林", "大坪", "金沙", "鹤鸣", "玉泉", "桃源", "云台", "竹溪", "荷塘",
    "新桥", "凤栖", "长岭", "河口", "芦花", "三岔",
)  # fmt: skip
_OBJECTS = (
    "标准厂房", "中学", "小学", "幼儿园", "污水处理厂", "自来水厂", "变电站", "停车场", "道路",
    "水库除险加固", "冷链物流园", "智能传感器产业化", "老旧小区改造", "农贸市场", "体育馆",
    "社区卫生服务中心", "垃圾转运站", "光伏电站", "养老服务中心", "湿地公园", "雨污分流",
    "高标准农田", "储能电站", "电子元件生产线", "食品加工园",
)  # fmt: skip
_TAILS = ("工程", "项目", "建设项目", "新建工程", "建设工程", "")
_OWNERS = ("城建投资", "水务", "交通建设", "产业发展", "文旅", "能源", "教育后勤", "农业开发")


class Named(NamedTuple):
    """A project's name and where and whose it is."""

    name: str
    region: str
    site: str
    owner: str


def names(rng: Random, count: int) -> list[Named]:
    """Names of different projects: some stand in one village, some are phases of one another."""
    found: list[Named] = []
    taken: set[tuple[str, str, str]] = set()
    while len(found) < count:
        place = SHORT[rng.choice(PLACES).code]
        brand, thing = rng.choice(_BRANDS), rng.choice(_OBJECTS)
        if (place, brand, thing) in taken:
            continue
        taken.add((place, brand, thing))
        owner = f"{place}{rng.choice(_OWNERS)}有限公司（虚构）"
        site = f"{brand}镇" if rng.random() < 0.7 else ""
        stem = f"{place}{brand}{thing}"
        if rng.random() < 0.06 and len(found) + 1 < count:
            found += [Named(f"{stem}{phase}工程", place, site, owner) for phase in ("一期", "二期")]
        else:
            found.append(Named(f"{stem}{rng.choice(_TAILS)}", place, site, owner))
    return found[:count]


def earlier(rng: Random, on: date) -> date:
    """A day some months before another, seldom the same."""
    return on - timedelta(days=rng.choice((0, 5, 30, 60, 90, 150, 240)))


_STEPS = (0.06, 0.28, 0.62, 0.74, 0.99)
_NODES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("场地平整", "围挡进场", "征地拆迁"),
        ("基础施工", "桩基施工", "土方开挖"),
        ("主体施工", "主体结构三层", "钢结构安装前主体施工"),
        ("主体封顶", "主体结构封顶"),
        ("设备安装", "内外装修", "安装调试"),
        ("竣工验收", "完工"),
    ),
    (
        ("征地拆迁", "场平施工"),
        ("路基土方", "承台施工", "基础处理"),
        ("路基施工", "架梁", "主体施工"),
        ("全线贯通", "主桥合龙"),
        ("路面施工", "绿化及附属", "安装工程"),
        ("通车", "完工"),
    ),
)


def node(rng: Random, group: int, built: float, *, is_begun: bool) -> str:
    """The node that work which is so far built stands at."""
    if not is_begun:
        return rng.choice(("未开工", "前期工作", ""))
    stage = sum(built > limit for limit in _STEPS)
    return rng.choice(_NODES[group % len(_NODES)][stage])


def text(
    rng: Random,
    *,
    year_yuan: int,
    life_yuan: int,
    plan_yuan: int,
    step_yuan: int,
    node: str,
    is_begun: bool,
) -> str:
    """A sentence or two on the progress; what numbers it has are those reported."""
    if not is_begun:
        return rng.choice(("正在办理前期手续。", "尚未开工，正在办理施工许可。"))
    head = f"目前{node}。" if node else "正常施工。"
    if step_yuan <= 0:
        return rng.choice((f"{head}本月无新增。", "受资金影响停工。", head))
    rate = f"{year_yuan * 100 / plan_yuan:.{rng.randint(0, 2)}f}"
    return head + rng.choice(
        (
            "",
            f"今年完成投资{wan(rng, year_yuan)}。",
            f"本年累计完成投资{wan(rng, year_yuan)}，占年度计划的{rate}%。",
            f"完成年度投资计划的{rate}%。",
            f"开工以来累计完成投资{wan(rng, life_yuan)}。",
            f"本月完成投资{wan(rng, step_yuan)}，其中一标段完成投资{wan(rng, step_yuan // 2)}。",
            "上月因环保检查停工，本月已复工。",
            "二期尚未开工，一期正常推进。",
            "基础已完工，转入下道工序。",
        )
    )


def wan(rng: Random, yuan: int) -> str:
    """An amount as units write it: 万元, or 亿元 with two digits where it is large."""
    if yuan >= 200_000_000 and rng.random() < 0.5:
        return f"{yuan / 100_000_000:.2f}亿元"
    return f"{yuan // 10_000}万元"
