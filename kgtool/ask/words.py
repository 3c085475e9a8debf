"""What two ways of asking share: English words without their endings, and pairs of Chinese characters.

No model and no dictionary of words: a text in Traditional characters, in another case or with another ending gives the
same features, and every feature can be shown to the person as the words it came from.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from kgtool.ask.synonyms import make_synonyms
from kgtool.text.scripts import fold, to_simplified

__all__ = ["NOT", "WHETHER", "Token", "features", "language_of", "tokens", "unsaid"]

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[㐀-鿿]|[^\s]", re.IGNORECASE)
_HAN = re.compile("[㐀-鿿]")

#: Words that any question may hold and that say nothing of what is asked. Only words: "by whom" and "when" do say it.
_ENGLISH = """
    a about all also am an and any are as at be been but by can could did do does each every find for from gave get
    give given had has have he her his i if in into is it its just know let list me more my of on or our out per
    please question s say shall she should show so some tell than that the their them then there these they this
    those to up us want was we were what where which while who whom whose will with would you your article text
    how i'd i'm many much want time times
"""
_CHINESE = """
    请问 请 告诉我 告诉 帮我 列出 列一下 一下 给我 看看 我想知道 想知道 有没有 有哪些 有哪几个 有哪几家 有什么
    是什么 是哪些 都有 都是 哪些 哪几个 哪几家 哪个 哪家 哪里 哪 什么 啥 谁 多少 几个 几家 几 怎么样 怎么 如何 怎样
    分别 各自 各有 每个 每 某个 某 是否 是不是 有(?!关|效|限|色) 是 的 了 吗 呢 吧 啊 和 跟 在 由 被 把 都 个 文章
    文中 一个 里面 它们 它 我 你 所有 全部 目前 现在 名单 情况 关于 对于
"""
#: The feature of everything that denies: what has no figure is not what has one.
NOT = "not"
_NEGATION = re.compile("没有|没|未|尚无|并无|毫无|不(?![同一少错良仅止])")
#: 做不做, 有没有: it asks whether, and denies nothing. What stands behind its first character says nothing more.
WHETHER = re.compile(r"(?<=([㐀-鿿]))[不没]\1|(?<=是)否")
_UNSAID = re.compile("|".join(("没有|尚无|并无|毫无", *sorted(_CHINESE.split(), key=len, reverse=True), "[没未]")))


class Token(NamedTuple):
    """A word or a Chinese character, folded, with its place in the folded text."""

    text: str
    start: int
    end: int

    @property
    def is_han(self) -> bool:
        return bool(_HAN.match(self.text))


def language_of(text: str) -> str:
    """Say which language a question is in, and for Chinese in which script.

    >>> [language_of(text) for text in ("主导产业", "主導產業", "Hi-tech Zone 的主导产业", "parks")]
    ['zh-Hans', 'zh-Hant', 'zh-Hans', 'en']
    """
    if not _HAN.search(text):
        return "en"
    return "zh-Hans" if to_simplified(text) == text else "zh-Hant"


def tokens(text: str) -> list[Token]:
    """Split a text into words without their endings, numbers and single Chinese characters.

    >>> [token.text for token in tokens("高新區's industries")]
    ['高', '新', '区', 's', 'industry']
    """
    folded = fold(text)
    return [Token(_stem(match.group()), *match.span()) for match in _TOKEN.finditer(folded)]


def features(text: list[Token]) -> list[tuple[str, int, int]]:
    """Return the features of a text, each with the range of the folded text it came from.

    A feature is a word's stem, or two Chinese characters that stand side by side in a run that no word without
    meaning interrupts; a character that stands alone is a feature by itself.

    >>> [feature for feature, _, _ in features(tokens("请问哪些园区有数字？ which parks"))]
    ['园区', '数字', 'park']
    """
    found: list[tuple[str, int, int]] = []
    run: list[Token] = []
    same = _synonyms()
    for token in [*text, Token("\n", -1, -1)]:
        if token.is_han and (not run or run[-1].end == token.start):
            run.append(token)
            continue
        found += _pairs(run)
        run = [token] if token.is_han else []
        if token.text[0].isalnum() and not token.is_han and token.text not in _unsaid_stems():
            found.append(token)
    return [(same.get(feature, feature), start, end) for feature, start, end in found]


@cache
def _synonyms() -> dict[str, str]:
    return make_synonyms(_stem)


def unsaid(token: str) -> bool:
    """Say whether an English word says nothing of what is asked."""
    return token in _unsaid_stems()


@cache
def _unsaid_stems() -> frozenset[str]:
    return frozenset(_stem(word) for word in _ENGLISH.split())


def _pairs(run: list[Token]) -> list[tuple[str, int, int]]:
    """Return the pairs of characters of a run, without the words that say nothing."""
    found: list[tuple[str, int, int]] = []
    text = "".join(token.text for token in run)
    at = 0
    asking = [match.span() for match in WHETHER.finditer(text)]
    denying = [match.span() for match in _NEGATION.finditer(text)]
    denying = [span for span in denying if not any(start <= span[0] < end for start, end in asking)]
    found += [(NOT, run[start].start, run[end - 1].end) for start, end in denying]
    for match in [*_unsaid_parts(text, asking), None]:
        part = run[at : match[0] if match else len(run)]
        found += [(one.text + two.text, one.start, two.end) for one, two in pairwise(part)] or [
            (one.text, one.start, one.end) for one in part
        ]
        at = match[1] if match else at
    return found


def _unsaid_parts(text: str, asking: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the parts of a run of characters that say nothing of what is asked, none within another."""
    parts = sorted([*asking, *(match.span() for match in _UNSAID.finditer(text))])
    kept: list[tuple[int, int]] = []
    for start, end in parts:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


@cache
def _stem(word: str) -> str:
    """Take an English word's ending off: enough to make park and parks one, not to be linguistics.

    >>> [_stem(word) for word in ("industries", "planned", "recognized", "recognised", "stated", "states", "using")]
    ['industry', 'plan', 'recognis', 'recognis', 'stat', 'stat', 'us']
    """
    if not word.isascii() or not word[0].isalpha():
        return word
    word = _IRREGULAR.get(word, word.removesuffix("'s"))
    if len(word) > 5:
        word = re.sub(r"iz(?=e|a|i)", "is", word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ation", "ing", "ed", "ion", "ment", "ly"):
        kept = word.removesuffix(ending)
        if kept != word and len(kept) > 2 and re.search("[aeiouy]", kept):
            word = kept[:-1] if kept[-1] == kept[-2] and kept[-1] not in "ls" else kept
            break
    return word[:-1] if len(word) > 2 and word.endswith("e") else word


_IRREGULAR = {
    "said": "say",
    "told": "tell",
    "held": "hold",
    "met": "meet",
    "took": "take",
    "made": "make",
    "sought": "seek",
    "wrote": "write",
    "written": "write",
    "cut": "truncate",
    "led": "lead",
    "came": "come",
    "no": NOT,
    "never": NOT,
    "zero": NOT,
    "none": NOT,
    "nobody": NOT,
    "without": NOT,
    "using": "use",
    "used": "use",
    "uses": "use",
}
