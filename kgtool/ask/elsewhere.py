"""Names of places that questions are often about: where the graph says nothing of one, there is no answer to give.

A short list of China's provinces and large cities, and of countries and capitals, in Chinese and English. A place that
the graph has a label for is never one of these.
"""

from __future__ import annotations

from functools import cache

from kgtool.ask.words import Token, tokens

__all__ = ["places_elsewhere"]

_CHINESE = """
    北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆
    四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 石家庄 太原 呼和浩特 沈阳 大连 长春 哈尔滨 南京 苏州
    无锡 常州 南通 徐州 扬州 杭州 宁波 温州 绍兴 嘉兴 金华 义乌 合肥 芜湖 福州 厦门 泉州 南昌 赣州 济南 青岛 烟台 潍坊
    郑州 洛阳 武汉 宜昌 襄阳 长沙 株洲 湘潭 广州 深圳 珠海 佛山 东莞 中山市 惠州 汕头 南宁 柳州 桂林 海口 三亚 成都
    绵阳 德阳 宜宾 泸州 贵阳 遵义 昆明 曲靖 玉溪 大理 丽江 保山 昭通 普洱 临沧 楚雄 红河 文山 西双版纳 德宏 怒江 迪庆
    拉萨 西安 宝鸡 咸阳 兰州 西宁 银川 乌鲁木齐 雄安 浦东 美国 英国 法国 德国 日本 韩国 朝鲜 印度 俄罗斯 越南 老挝
    缅甸 泰国 柬埔寨 新加坡 马来西亚 印度尼西亚 菲律宾 澳大利亚 加拿大 巴西 意大利 西班牙 欧洲 非洲 美洲 东京 纽约
    伦敦 巴黎
"""
_ENGLISH = """
    Beijing;Tianjin;Hebei;Shanxi;Inner Mongolia;Liaoning;Jilin;Heilongjiang;Shanghai;Jiangsu;Zhejiang;Anhui;Fujian;
    Jiangxi;Shandong;Henan;Hubei;Hunan;Guangdong;Guangxi;Hainan;Chongqing;Sichuan;Guizhou;Yunnan;Tibet;Shaanxi;Gansu;
    Qinghai;Ningxia;Xinjiang;Hong Kong;Macau;Taiwan;Nanjing;Suzhou;Wuxi;Hangzhou;Ningbo;Wenzhou;Hefei;Fuzhou;Xiamen;
    Nanchang;Jinan;Qingdao;Zhengzhou;Wuhan;Changsha;Guangzhou;Shenzhen;Zhuhai;Foshan;Dongguan;Nanning;Chengdu;Guiyang;
    Kunming;Qujing;Yuxi;Dali;Lijiang;Lhasa;Xi'an;Lanzhou;Urumqi;Shenyang;Dalian;Harbin;Changchun;America;
    United States;USA;Britain;England;France;Germany;Japan;Korea;India;Russia;Vietnam;Laos;Myanmar;Burma;Thailand;
    Cambodia;Singapore;Malaysia;Indonesia;Philippines;Australia;Canada;Brazil;Italy;Spain;Europe;Africa;Asia;Tokyo;
    New York;London;Paris
"""


def places_elsewhere(text: list[Token]) -> list[tuple[int, int]]:
    """Find the places of the list in a text: the ranges of tokens that name one.

    >>> places_elsewhere(tokens("上海的园区"))
    [(0, 2)]
    """
    names = _names()
    found: list[tuple[int, int]] = []
    for at in range(len(text)):
        for size in range(min(6, len(text) - at), 0, -1):
            if tuple(token.text for token in text[at : at + size]) in names:
                found.append((at, at + size))
                break
    return found


@cache
def _names() -> frozenset[tuple[str, ...]]:
    names = [*_CHINESE.split(), *(name.strip() for name in _ENGLISH.split(";"))]
    return frozenset(tuple(token.text for token in tokens(name)) for name in names)
