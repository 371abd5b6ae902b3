"""The invented places, sectors and units of 江源市（虚构）; codes begin with 99, no province's."""

from __future__ import annotations

from typing import NamedTuple

from guatu.demo.types import Region, Sector

CITY = "江源市"
CITY_CODE = "990100"
MARK = "（虚构）"
NOTE = "本表城市、单位、项目和数字均为虚构"


def _region(code: str, name: str, kind: str, short: str) -> Region:
    return Region(code, name, kind, CITY_CODE, (short, " ".join(name[:2]) + name[2:]))


REGIONS: tuple[Region, ...] = (
    Region(CITY_CODE, CITY, "city", None, ("市本级", "市直")),
    _region("990101", "临江区", "district", "临江"),
    _region("990102", "望溪区", "district", "望溪"),
    _region("990103", "松岭区", "district", "松岭"),
    _region("990121", "云渡县", "county", "云渡"),
    _region("990122", "白鹭县", "county", "白鹭"),
    _region("990123", "桐荫县", "county", "桐荫"),
    _region("990124", "枫渡县", "county", "枫渡"),
    _region("990125", "杏林县", "county", "杏林"),
    Region("990171", "江源经济技术开发区", "zone", CITY_CODE, ("经开区", "江源经开区")),
    Region("990172", "江源高新技术产业开发区", "zone", CITY_CODE, ("高新区", "江源高新区")),
    Region("990173", "澄湖新区", "zone", CITY_CODE, ("澄湖", "澄 湖新区")),
)
PLACES = tuple(region for region in REGIONS if region.parent)
SHORT = {region.code: region.name for region in REGIONS} | {
    "990171": "经开区",
    "990172": "高新区",
}

TRAFFIC, ENERGY, WATER, INDUSTRY, SERVICE, URBAN, SOCIAL, GREEN = (f"S{n}" for n in range(1, 9))
SECTORS: tuple[Sector, ...] = (
    Sector(TRAFFIC, "交通设施", ("交通", "交通基础设施")),
    Sector(ENERGY, "能源保障", ("能源",)),
    Sector(WATER, "农林水利", ("水利", "农业农村")),
    Sector(INDUSTRY, "先进制造", ("工业", "制造业")),
    Sector(SERVICE, "现代服务", ("服务业", "文旅商贸")),
    Sector(URBAN, "城市建设", ("城建", "市政")),
    Sector(SOCIAL, "社会民生", ("民生", "社会事业")),
    Sector(GREEN, "生态环保", ("环保", "生态")),
)


class Unit(NamedTuple):
    """A reporting unit before contacts are given: its sectors and how many entries it leads."""

    key: str
    name: str
    kind: str
    region: str
    sectors: tuple[str, ...]
    size: int
    aliases: tuple[str, ...]


def _bureau(key: str, name: str, sectors: tuple[str, ...], size: int, short: str) -> Unit:
    return Unit(key, CITY + name, "bureau", CITY_CODE, sectors, size, ("市" + name, short))


def _county(key: str, code: str, size: int, sectors: tuple[str, ...]) -> Unit:
    place = SHORT[code]
    aliases = (f"{place}发改局", f"{place[:2]}发改局")
    return Unit(key, f"{place}发展和改革局", "county", code, sectors, size, aliases)


def _park(key: str, code: str, size: int, sectors: tuple[str, ...]) -> Unit:
    name = next(region.name for region in REGIONS if region.code == code)
    return Unit(
        key, f"{name}管理委员会", "park", code, sectors, size, (f"{SHORT[code]}管委会", SHORT[code])
    )


def _company(key: str, name: str, sectors: tuple[str, ...], size: int, short: str) -> Unit:
    full = f"{CITY}{name}集团有限公司"
    return Unit(key, full, "company", CITY_CODE, sectors, size, (short, f"市{name}集团"))


def _line(key: str, code: str, bureau: str, sector: str, size: int, short: str) -> Unit:
    return Unit(key, SHORT[code] + bureau, "county", code, (sector,), size, (SHORT[code] + short,))


_COUNTY = (TRAFFIC, WATER, INDUSTRY, INDUSTRY, URBAN, SOCIAL, SERVICE, GREEN)
_PARK = (INDUSTRY, INDUSTRY, INDUSTRY, URBAN, TRAFFIC, SOCIAL, SERVICE)
UNITS: tuple[Unit, ...] = (
    _bureau("fgw", "发展和改革委员会", (SERVICE, INDUSTRY), 4, "市发改委"),
    _bureau("jtj", "交通运输局", (TRAFFIC,), 12, "市交通局"),
    _bureau("slj", "水利局", (WATER,), 10, "水利局"),
    _bureau("zjj", "住房和城乡建设局", (URBAN,), 11, "市住建局"),
    _bureau("gxj", "工业和信息化局", (INDUSTRY,), 9, "市工信局"),
    _bureau("nyj", "农业农村局", (WATER,), 8, "市农业局"),
    _bureau("wjw", "卫生健康委员会", (SOCIAL,), 7, "市卫健委"),
    _bureau("jyj", "教育局", (SOCIAL,), 7, "教育局"),
    _bureau("wlj", "文化广电和旅游局", (SERVICE,), 7, "市文旅局"),
    _bureau("hbj", "生态环境局", (GREEN,), 6, "市环保局"),
    _bureau("cgj", "城市管理局", (URBAN, GREEN), 6, "市城管局"),
    _bureau("swj", "商务局", (SERVICE,), 5, "商务局"),
    _bureau("nengyj", "能源局", (ENERGY,), 8, "能源局"),
    _bureau("zrj", "自然资源和规划局", (GREEN,), 4, "市资规局"),
    _bureau("mzj", "民政局", (SOCIAL,), 3, "民政局"),
    _county("ljfg", "990101", 14, _COUNTY),
    _county("wxfg", "990102", 12, _COUNTY),
    _county("slfg", "990103", 13, _COUNTY),
    _county("ydfg", "990121", 13, _COUNTY),
    _county("blfg", "990122", 11, _COUNTY),
    _county("tyfg", "990123", 10, _COUNTY),
    _county("fdfg", "990124", 10, _COUNTY),
    _county("xlfg", "990125", 9, _COUNTY),
    _park("jkq", "990171", 20, _PARK),
    _park("gxq", "990172", 15, _PARK),
    _park("chxq", "990173", 10, (URBAN, SERVICE, SOCIAL, TRAFFIC)),
    _company("jtjt", "交通投资", (TRAFFIC,), 10, "江源交投"),
    _company("swjt", "水务", (WATER, URBAN), 6, "江源水务"),
    _company("ctjt", "城市建设投资", (URBAN,), 9, "江源城投"),
    _company("ntjt", "能源投资", (ENERGY,), 7, "江源能投"),
    _company("wltjt", "文化旅游投资", (SERVICE,), 5, "江源文旅投"),
    _company("cyjt", "产业投资", (INDUSTRY,), 6, "江源产投"),
    _company("gdjt", "轨道交通", (TRAFFIC,), 4, "江源轨道"),
    _company("nfjt", "农业发展", (WATER,), 4, "江源农发"),
    _company("hjjt", "环境发展", (GREEN,), 4, "江源环境"),
    _line("ljzj", "990101", "住房和城乡建设局", URBAN, 5, "住建局"),
    _line("wxsl", "990102", "水务局", WATER, 4, "水利局"),
    _line("ydjt", "990121", "交通运输局", TRAFFIC, 5, "交通局"),
    _line("bljy", "990122", "教育局", SOCIAL, 3, "教体局"),
    _line("tywl", "990123", "文化和旅游局", SERVICE, 4, "文旅局"),
)

LEADERS = (
    "市长",
    "常务副市长",
    "副市长（甲）",
    "副市长（乙）",
    "副市长（丙）",
    "副市长（丁）",
    "市人大常委会副主任（甲）",
    "市政协副主席（甲）",
)
SITES = (
    "柳林", "石泉", "青石", "望江", "双塘", "长岭", "东湖", "凤栖", "竹溪", "梅山", "南坝", "北渡",
    "金沙", "银杏", "古渡", "新桥", "大坪", "河口", "龙潭", "鹤鸣", "荷塘", "云台", "玉泉", "翠屏",
    "花园", "红岩", "马鞍", "松林", "清水", "沙洲", "桃源", "石门", "芦花", "月亮湾", "三岔",
    "五里",
)  # fmt: skip
WORKS: dict[str, tuple[str, ...]] = {
    TRAFFIC: ("快速路改建工程", "大桥新建工程", "公路升级改造工程", "客运枢纽项目", "货运码头工程",
              "铁路专用线工程", "互通立交工程", "农村公路提质工程"),
    ENERGY: ("220千伏输变电工程", "集中式光伏发电项目", "风电场项目", "天然气储配站工程",
             "储能电站项目", "热电联产项目", "抽水蓄能配套工程"),
    WATER: ("河道综合治理工程", "水库除险加固工程", "灌区现代化改造项目", "城乡供水一体化工程",
            "高标准农田建设项目", "排涝泵站工程", "粮食仓储设施项目", "设施蔬菜基地项目"),
    INDUSTRY: ("智能装备制造项目", "新材料生产基地项目", "汽车零部件生产线项目",
               "电子元件产业园项目", "绿色建材生产线项目", "生物医药产业基地项目",
               "食品精深加工项目", "标准厂房建设项目", "动力电池回收利用项目", "纺织产业升级项目"),
    SERVICE: ("冷链物流园项目", "文化旅游综合体项目", "现代商贸城项目", "数据中心项目",
              "电商产业园项目", "康养度假区项目", "游客服务中心项目"),
    URBAN: ("老旧小区改造工程", "地下管网更新工程", "城市道路新建工程", "污水处理厂扩建工程",
            "保障性住房项目", "片区开发基础设施工程", "公共停车场项目", "城市公园建设工程"),
    SOCIAL: ("中学新建工程", "人民医院扩建工程", "职业教育实训基地项目", "养老服务中心项目",
             "妇幼保健院项目", "全民健身中心项目", "小学迁建工程", "疾控中心建设项目"),
    GREEN: ("湿地修复工程", "矿山生态修复工程", "生活垃圾处理项目", "固体废物综合利用项目",
            "黑臭水体治理工程", "流域水环境综合治理工程", "造林绿化工程"),
}  # fmt: skip
PROGRESS: tuple[tuple[str, ...], ...] = (
    ("正在办理用地和施工许可手续", "完成可研批复，正在开展初步设计", "施工图审查中，招标准备"),
    ("场地平整完成，临建搭设", "围挡完成，正在进行土方开挖", "桩基施工，已完成三成"),
    ("基础施工完成，主体结构施工", "主体施工至5层", "路基填筑完成过半，桥涵同步施工"),
    ("主体结构封顶，砌体施工", "管线敷设和设备基础施工", "水稳层施工，附属工程同步推进"),
    ("设备安装调试，室外工程施工", "装饰装修和机电安装", "沥青面层铺设，交安设施安装"),
    ("已完工，正在组织竣工验收", "试运行", "竣工验收资料整理"),
)
PROBLEMS: dict[str, tuple[str, ...]] = {
    "用地": ("用地报批未取得批复，影响约35亩施工", "林地使用手续未办结"),
    "征拆": ("红线内尚有6户未签订拆迁协议", "通信线路和燃气管道迁改滞后"),
    "资金": ("专项债资金尚未到位", "业主配套资金不足，拨付较慢"),
    "审批": ("环评批复未完成", "初步设计批复滞后，影响招标"),
    "施工组织": ("施工单位人员设备投入不足", "交叉作业多，工序衔接不畅"),
    "设计变更": ("地质条件变化，基础设计变更未批复", "线路调整，施工图修改中"),
    "市场": ("设备交货推迟", "市场需求变化，企业放缓投资节奏"),
}
