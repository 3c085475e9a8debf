"""Numerals of a Chinese text, Arabic and Chinese, and what they are worth.

Numerals that state something are found (三大產業, 第5批, 4486.20億元, 1—11月); characters that are numerals only
inside a word (統一, 進一步, 千方百計) are not: :data:`NOT_NUMERALS` lists those words. Own code, because the libraries
that convert Chinese numerals give values without offsets, and read 一定 as a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from kgtool.errors import DataError
from kgtool.text.scripts import simplify_keeping_length

__all__ = [
    "NOT_NUMERALS",
    "DatePart",
    "Numeral",
    "find_numerals",
    "in_context",
    "is_arabic",
    "parse_amount",
    "parse_chinese",
]


class DatePart(NamedTuple):
    """The part of a date that a numeral says, with what the words before it say: 10日 after 2023年10月9日、."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


class Numeral(NamedTuple):
    """A numeral in a text.

    ``kind`` is ``arabic``, ``chinese``, ``ordinal`` or ``date``; ``text`` includes the unit or measure word; ``value``
    is ``None`` where the words have no single worth (十四五); ``date`` is given for kind ``date`` only.
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    kind: str
    date: DatePart | None = None


#: 一 as part of an adverb, a determiner or a verb, and years and things that are not counted.
_ADVERBS = """
    一定 一系列 一批 一些 一样 一直 一般 一旦 一起 一同 一致 一体 一切 一边 一面 一方面 一向 一贯 一律 一度
    一流 一线 一手 一举 一路 一味 一经 一再 一时 一如 一并 一道 一齐 一概 一派 一跃 一环 一大批 一大步 一带
    一席之地 统一 进一步 万一 唯一 单一 同一 之一 合一 专一 逐一 第一时间 新一轮 新一批 新一代 新一年 更进一步
    下一步 下一年 上一年 的一年 过去一年 的一个 的一天 的一项 的一种 的一次 的一条 的一环 这一 那一 每一 某一
    另一 任一
"""

#: Other words that hold a numeral's character.
_OTHER_WORDS = """
    十分 十足 千万别 千万不 万分 万物 万千 万能 百姓 百货 百科 百分比 百分点 零售 零件 零部件 零碳 零距离 零星
    零食 五金 五谷 四周 四处 四季如春 四季常青 四肢 三角 三轮 三文鱼 八卦 亿万 两侧 两旁 两岸 二手 二氧化碳
"""

#: Idioms.
_IDIOMS = """
    一心一意 一如既往 一马当先 一帆风顺 一鼓作气 一以贯之 一举多得 一举两得 一目了然 一丝不苟 一脉相承
    一蹴而就 独一无二 三番五次 三心二意 举一反三 四面八方 四通八达 五湖四海 五光十色 五彩缤纷 七上八下
    八仙过海 九牛二虎 十全十美 十万火急 百花齐放 百尺竿头 百年大计 百折不挠 千方百计 千家万户 千载难逢
    千军万马 千锤百炼 千头万绪 千变万化 万众一心 万无一失 万象更新
"""

#: Places.
_PLACES = """
    四川 三亚 三明 三峡 九江 六盘水 六安 百色 十堰 万州 万宁 五华 千岛湖 三沙 三门峡 七台河 两广 二连浩特
"""

#: Words, in Simplified characters, in which a numeral's character counts nothing. A word that names a stated number
#: (三农, 两会, 百强) does not belong here: a fact or a name decides it.
NOT_NUMERALS = frozenset(f"{_ADVERBS} {_OTHER_WORDS} {_IDIOMS} {_PLACES}".split())

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"亿": 10**8, "万": 10**4}
_MULTIPLIERS = {**_SMALL, **_LARGE}
_CHINESE = "零〇一二两三四五六七八九十百千万亿"

#: What a numeral may count, longer words before their beginnings.
_MEASURES = """
    %|％|‰ 个百分点 平方公里 平方千米 个年头 立方米 平方米 千瓦时 个月 公里 千米 公顷 公斤 千克 美元 欧元 小时
    分钟 年度 年头 季度 吨级 兆瓦 千瓦 千伏 个 亩 吨 米 元 年 月 日 天 周 期 批 次 届 户 家 名 位 人 项 条 件
    座 处 所 只 台 套 辆 栋 间 片 块 份 种 类 级 倍 大 度 员 支 场 轮 班 号 路 岁 成 瓦
"""
_UNIT = "(?:" + "|".join(_MEASURES.split()) + r"|[kKMGTmμc]?(?:Wh|W|V|A|Hz|m²|m|g|t|L|B)(?![A-Za-z]))"
_RANGE = "[—–―~～至到-]{1,2}"

#: An Arabic number; a sign only where no number or letter stands before it (2022-2023 is a range).
_ARABIC = re.compile(r"(?<![\w.—–-])[-−](?=\d)[\d.]+|\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
_AFTER_ARABIC = re.compile(rf"[余多]?(?P<multiplier>[十百千万亿]*)[余多]?(?:{_UNIT})?")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?!\d)")
_DATE_SUFFIX = re.compile(r"年度?|月份?|[日号]")
_RANGE_ONLY = re.compile(_RANGE)
_JOINED = re.compile(f"{_RANGE}|[、和及与]")
_LATER_UNIT = re.compile(rf"(?:(?:{_RANGE}|[、和及与])\d{{1,4}})+(年|月|[日号])")
_SECOND_YEAR = re.compile(rf"{_RANGE}(?:19|20)\d\d(?!\d)")
_HALF_YEAR = re.compile("[上下]半年")
_CHINESE_YEAR = re.compile("[零〇一二三四五六七八九]{4}年")
_RUN = re.compile(f"[{_CHINESE}]+(?:点[零〇一二三四五六七八九]+)?")
_FRACTION = re.compile(f"([{_CHINESE}]+)分之([{_CHINESE}]+(?:点[零〇一二三四五六七八九]+)?)")
_AFTER_CHINESE = re.compile(f"[余多]?(?:{_UNIT})")
_UNTIL_MARK = re.compile(r"[^\s，。；、：！？,;:!?()（）《》“”「」]{0,3}")
_WORD = re.compile("|".join(sorted(map(re.escape, NOT_NUMERALS), key=len, reverse=True)))


def find_numerals(text: str) -> list[Numeral]:
    """Find the numerals that carry a fact, in their order; none overlaps another.

    >>> [(n.text, n.kind, n.value) for n in find_numerals("第5批共三大产业,产值4486.20亿元,进一步增长3.7%")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('第5批', 'ordinal', Decimal('5')), ('三大', 'chinese', Decimal('3')),
     ('4486.20亿元', 'arabic', Decimal('448620000000.00')), ('3.7%', 'arabic', Decimal('3.7'))]
    >>> [(n.text, n.date) for n in find_numerals("2023年1—11月")]  # doctest: +NORMALIZE_WHITESPACE
    [('2023年', DatePart(year=2023, month=None, day=None)), ('1', DatePart(year=2023, month=1, day=None)),
     ('11月', DatePart(year=2023, month=11, day=None))]
    """
    plain = _plain(text)
    found: list[Numeral] = []
    taken = [False] * len(text)
    for find in (_iso_dates, _arabic, _chinese):
        for numeral in find(plain):
            if not any(taken[numeral.start : numeral.end]):
                taken[numeral.start : numeral.end] = [True] * (numeral.end - numeral.start)
                found.append(numeral._replace(text=text[numeral.start : numeral.end]))
    return sorted(found)


def is_arabic(numeral: Numeral) -> bool:
    """Tell whether a numeral is written in digits."""
    return any(c in "0123456789" or ord(c) in _FULLWIDTH for c in numeral.text)


def in_context(numeral: Numeral, text: str) -> str:
    """Return a numeral as a reader knows it again in a list: a Chinese one with the two or three characters after it.

    >>> [in_context(n, "三进园区的一企一策, 4亿元") for n in find_numerals("三进园区的一企一策, 4亿元")]
    ['三进园区', '一企一策', '一策', '4亿元']
    """
    after = None if is_arabic(numeral) else _UNTIL_MARK.match(text, numeral.end)
    return numeral.text + (after.group() if after else "")


def parse_amount(text: str) -> Decimal:
    """Return what the one amount in some words is worth; a percentage counts in hundredths, its sign left out.

    >>> parse_amount("4486.20億元"), parse_amount("約80%"), parse_amount("1800萬噸以上"), parse_amount("三萬億元")
    (Decimal('448620000000.00'), Decimal('80'), Decimal('18000000'), Decimal('3000000000000'))

    :raises DataError: if there is no amount in the words, or more than one.
    """
    amounts = [n for n in find_numerals(text) if n.value is not None]
    if len(amounts) != 1:
        count = "no amount" if not amounts else f"{len(amounts)} amounts"
        raise DataError(f"'{text}' holds {count}", hint="write one amount as the article does, such as 4486.20億元")
    assert amounts[0].value is not None
    return amounts[0].value


def parse_chinese(numeral: str) -> Decimal | None:
    """Return the worth of a Chinese numeral, ``None`` if it is not a well-formed one.

    >>> [parse_chinese(n) for n in ("三万亿", "一百零五", "二十", "二〇二三", "三点五", "一萬五", "十四五")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [Decimal('3000000000000'), Decimal('105'), Decimal('20'), Decimal('2023'), Decimal('3.5'), Decimal('15000'), None]
    """
    whole, point, decimals = _plain(numeral).partition("点")
    if not whole or set(whole) - set(_CHINESE) or set(decimals) - _DIGITS.keys() or (point and not decimals):
        return None
    value = _positional(whole) if not set(whole) & _MULTIPLIERS.keys() else _integer(whole)
    if value is None or not point:
        return None if value is None else Decimal(value)
    return Decimal(f"{value}.{''.join(str(_DIGITS[c]) for c in decimals)}")


def _plain(text: str) -> str:
    """Fold to Simplified characters, and fullwidth digits and points to ASCII, every character at its offset."""
    return simplify_keeping_length(text).translate(_FULLWIDTH)


_FULLWIDTH = {ord("０") + n: ord("0") + n for n in range(10)} | {ord("．"): ord(".")}


def _positional(digits: str) -> int | None:
    """Read digits without multipliers: a single one, or a year or number written digit by digit (二〇二三)."""
    if len(digits) == 1 or len(digits) >= 4 or set(digits) & set("零〇"):
        return int("".join(str(_DIGITS[c]) for c in digits))
    return None  # 二三: two or three


def _integer(numeral: str) -> int | None:
    """Read a numeral with multipliers: 一万零五 is 10005, and 一万五, for short, 15000."""
    for character, multiplier in _LARGE.items():
        if character in numeral:
            before, _, after = numeral.rpartition(character)
            high = _integer(before) if before else 1
            low = _DIGITS[after] * multiplier // 10 if after in _DIGITS else _integer(after)
            if high is None or low is None or max(high, low) >= multiplier:
                return None
            return high * multiplier + low
    return _below_ten_thousand(numeral)


def _below_ten_thousand(numeral: str) -> int | None:
    total, unit, digit, after_zero = 0, 10**4, None, False
    for character in numeral:
        if character in _SMALL:
            if _SMALL[character] >= unit:
                return None
            unit = _SMALL[character]
            total += (1 if digit is None else digit) * unit
            digit, after_zero = None, False
        elif digit is not None:
            return None
        elif _DIGITS[character]:
            digit = _DIGITS[character]
        else:
            after_zero = True
    short = not after_zero and 10 < unit < 10**4  # 一百五: one hundred and fifty
    return total + (digit or 0) * (unit // 10 if short else 1)


def _iso_dates(text: str) -> Iterator[Numeral]:
    """Find the years, months and days of dates such as 2024-01-08."""
    for match in _ISO_DATE.finditer(text):
        year, month, day = (int(match[group]) for group in (1, 3, 4))
        if 1 <= month <= 12 and 1 <= day <= 31:
            for group, date in ((1, DatePart(year)), (3, DatePart(year, month)), (4, DatePart(year, month, day))):
                yield Numeral(match.start(group), match.end(group), "", Decimal(match[group]), "date", date)


def _arabic(text: str) -> Iterator[Numeral]:
    """Find Arabic numerals: dates with what their neighbours say, ordinals, amounts with multiplier and unit."""
    known = DatePart()
    end_of_last = -1
    for match in _ARABIC.finditer(text):
        start, end = match.span()
        between = text[end_of_last:start] if end_of_last >= 0 else ""
        if between and not _JOINED.fullmatch(between):
            known = DatePart()
        suffix, date = _date_part(text, match, known, follows_range=bool(_RANGE_ONLY.fullmatch(between)))
        if date is not None:
            end += len(suffix)
            yield Numeral(start, end, "", Decimal(match.group()), "date", date)
            half = _HALF_YEAR.match(text, end)
            if half:
                month = 6 if half.group().startswith("上") else 12
                yield Numeral(half.start(), half.end(), "", None, "date", DatePart(date.year, month))
            known, end_of_last = date, end
            continue
        known, end_of_last = DatePart(), -1
        tail = _AFTER_ARABIC.match(text, end)
        assert tail is not None
        value = Decimal(re.sub("[,，]", "", match.group()).replace("−", "-").rstrip("."))
        for character in tail["multiplier"]:
            value *= _MULTIPLIERS[character]
        ordinal = start > 0 and text[start - 1] == "第"
        yield Numeral(start - ordinal, tail.end(), "", value, "ordinal" if ordinal else "arabic")


def _date_part(text: str, match: re.Match[str], known: DatePart, *, follows_range: bool) -> tuple[str, DatePart | None]:
    """Read an Arabic number as part of a date: return what to add to it (年, 月, 日), and the date so far."""
    number, end = match.group(), match.end()
    if not number.isdigit() or (match.start() and text[match.start() - 1] == "第"):
        return "", None
    value = int(number)
    suffix = _DATE_SUFFIX.match(text, end)
    unit, written = (suffix.group()[0], suffix.group()) if suffix else ("", "")
    if not suffix:
        # The first of a range or list has its unit from the last: 1—11月, 9、10日, 2022—2023中國….
        ahead = _LATER_UNIT.match(text, end)
        if len(number) == 4 and _SECOND_YEAR.match(text, end):
            unit = "年"
        elif ahead:
            unit = ahead[1]
        elif follows_range and known.year is not None and known.month is None and len(number) == 4:
            unit = "年"
    if unit == "年" and len(number) == 4 and 1000 <= value <= 2999:
        return written, DatePart(value)
    if unit == "月" and 1 <= value <= 12:
        return written, DatePart(known.year, value)
    if unit in ("日", "号") and 1 <= value <= 31 and (unit == "日" or known.month is not None):
        return written, DatePart(known.year, known.month, value)
    return "", None


def _chinese(text: str) -> Iterator[Numeral]:
    """Find Chinese numerals that stand in no word of the stop list."""
    words = [False] * len(text)
    for word in _WORD.finditer(text):
        words[word.start() : word.end()] = [True] * len(word.group())
    for match in _CHINESE_YEAR.finditer(text):
        year = _positional(match.group()[:-1])
        assert year is not None
        yield Numeral(*match.span(), "", Decimal(year), "date", DatePart(year))
    for match in _HALF_YEAR.finditer(text):
        yield Numeral(*match.span(), "", None, "date", DatePart(None, 6 if match.group()[0] == "上" else 12))
    for match in _FRACTION.finditer(text):
        whole, part = parse_chinese(match[1]), parse_chinese(match[2])
        value = None if part is None or not whole else part if match[1] == "百" else part / whole
        yield Numeral(*match.span(), "", value, "chinese")
    for match in _RUN.finditer(text):
        start, end = match.span()
        ordinal = start > 0 and text[start - 1] == "第"
        if all(words[start - ordinal : end]):
            continue
        tail = _AFTER_CHINESE.match(text, end)
        kind = "ordinal" if ordinal else "chinese"
        value = parse_chinese(match.group())
        yield Numeral(start - ordinal, tail.end() if tail else end, "", value, kind)
