"""Projects written by hand: those that a planted fault or an edge of the arithmetic needs.

Money in 万元. Dates are ISO; `2026-06` means the month. Everything else about a project is drawn
like that of any other.
"""

from __future__ import annotations

from typing import NamedTuple

from guatu.demo.names import INDUSTRY, SERVICE, SOCIAL, TRAFFIC, URBAN, WATER


class Story(NamedTuple):
    """A hand-written project. `plan` and `october` are this year's; None draws them."""

    unit: str
    code: str
    name: str
    sector: str
    is_new: bool = False
    region: str = ""
    planned: str = ""
    started: str = ""
    due: str = ""
    completed: str = ""
    plan: int | None = None
    september: int | None = None
    october: int | None = None
    parts: tuple[str, ...] = ()
    declared: int | None = None
    alias: str = ""
    former: str = ""
    phase_of: str = ""
    has_code: bool = True


def _parts(what: str, *places: str) -> tuple[str, ...]:
    return tuple(f"{place}{what}" for place in places)


STORIES: tuple[Story, ...] = (
    # A start reported now although a look-alike of the same owner was started last year.
    Story("wxfg", "look-alike", "望溪区城东智慧停车场建设项目", URBAN, started="2025-04-18"),
    Story("wxfg", "repeated-start", "望溪区城东智慧停车场工程", URBAN, is_new=True,
          planned="2026-09", started="2026-10-12", plan=3600, september=0, october=420),
    # Started before its promised month: next year's (outside this year's starts) and this year's.
    Story("blfg", "early-next-year", "白鹭县石门水库连通工程", WATER, is_new=True,
          planned="2027-03", started="2026-10-20", plan=0, september=0, october=0),
    Story("jkq", "early-start", "经开区芦花智能传感器产业化项目", INDUSTRY, is_new=True,
          planned="2026-12", started="2026-10-16", plan=8000, september=2600, october=6900),
    Story("gxj", "month-ambiguous", "松岭区红岩精密铸造技术改造项目", INDUSTRY, is_new=True,
          region="990103", planned="2026-10", started="2026-10-15", plan=5200,
          september=1800, october=4420, has_code=False),
    Story("slj", "late-completion", "枫渡县三岔拦河闸除险加固工程", WATER, region="990124",
          started="2024-11-05", due="2026-06", completed="2026-10-22", plan=4800,
          september=4530, october=4800),
    # Two phases in one ledger: the name without its phase fits both.
    Story("ydfg", "phase-one", "云渡县清溪两岸综合整治工程（一期）", URBAN, started="2024-09-10"),
    Story("ydfg", "ambiguous", "云渡县清溪两岸综合整治工程（二期）", URBAN, is_new=True,
          planned="2026-05", started="2026-05-26", phase_of="phase-one", has_code=False),
    Story("slfg", "renamed-project", "松岭区翠屏全域旅游基础设施项目", SERVICE, has_code=False,
          former="翠屏山景区综合开发项目"),
    Story("gxq", "renamed-with-code", "高新区沙洲智算中心（一期）项目", SERVICE,
          former="高新区沙洲大数据产业园项目"),
    Story("zjj", "negative-month", "望溪区马鞍片区雨污分流改造工程", URBAN, region="990102",
          plan=9600, september=8650, october=8320),
    # The edges of the default book: exactly 0, −10, −30 points to 10/12, and rate exactly 100 %.
    Story("jyj", "edge-zero", "澄湖新区实验学校新建工程", SOCIAL, region="990173",
          plan=12000, september=9100, october=10000),
    Story("jyj", "edge-ten", "杏林县第二中学新建工程", SOCIAL, region="990125",
          plan=15000, september=9900, october=11000),
    Story("xlfg", "edge-thirty", "杏林县河口食品产业园配套道路工程", TRAFFIC,
          plan=15000, september=7200, october=8000),
    Story("jyj", "equals-plan", "桐荫县职业教育中心迁建工程", SOCIAL, region="990123",
          plan=7600, september=7100, october=7600),
    # Packages with their sub-projects; the money stands on the package alone.
    Story("jtj", "package", "云渡县县乡公路提质改造打包工程", TRAFFIC, region="990121",
          parts=_parts("农村公路提质子项目", "石泉至双塘", "古渡至五里", "新桥环线", "青石至南坝")),
    Story("zjj", "package", "临江区老旧小区改造打包项目", URBAN, region="990101",
          parts=_parts("片区老旧小区改造子项目", "柳林路", "银杏里", "北渡街", "东湖路", "花园里")),
    Story("zjj", "package", "松岭区背街小巷整治打包项目", URBAN, region="990103",
          parts=_parts("背街小巷整治子项目", "长岭街", "凤栖巷", "梅山路")),
    Story("nyj", "package", "枫渡县高标准农田建设打包项目", WATER, region="990124",
          parts=_parts("高标准农田子项目",
                       "大坪镇", "金沙镇", "鹤鸣镇", "玉泉镇", "桃源镇", "云台镇")),
    Story("nyj", "package", "白鹭县农产品仓储保鲜设施打包项目", WATER, region="990122",
          parts=_parts("仓储保鲜设施子项目", "松林", "清水")),
    Story("ctjt", "package", "望溪区供水管网改造打包工程", URBAN, region="990102",
          parts=_parts("供水管网改造子项目", "竹溪片", "龙潭片", "荷塘片", "青石片")),
    Story("ydfg", "package", "云渡县城乡学校运动场改造打包项目", SOCIAL,
          parts=_parts("运动场改造子项目", "石门小学", "沙洲小学", "五里中学")),
    Story("wjw", "package", "基层医疗卫生机构能力提升打包项目", SOCIAL, region="990123",
          parts=_parts("卫生院能力提升子项目", "月亮湾", "马鞍", "红岩", "河口")),
    # Packages known by number only.
    Story("jyj", "counted-package", "公办幼儿园改扩建打包项目", SOCIAL,
          region="990102", declared=12),
    Story("slj", "counted-package", "农村饮水安全巩固提升打包工程", WATER,
          region="990125", declared=18),
    Story("gxq", "counted-package", "高新区标准厂房改造打包项目", INDUSTRY, declared=5),
    Story("xlfg", "counted-package", "杏林县农村危桥改造打包工程", TRAFFIC, declared=9),
    Story("swjt", "counted-package", "江源水务老旧泵站更新打包工程", WATER,
          region="990101", declared=7),
)  # fmt: skip
