"""Words that ask for the same: a short list of those that questions about parks and figures are asked with.

The first word of a group stands for all of them. Chinese words have two characters, as the features they become.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["make_synonyms"]

_ENGLISH = """
    figure number statistic data datum numeral
    industry sector
    title award honour honor accolade
    enterprise company firm business
    plan intend intention scheme
    share proportion percentage fraction
    growth rise increase grow
    source origin
    target goal aim objective
    demand request require requirement instruct instruction
    leader official
    event happen occur occurrence
    difference differ distinction contrast
    repeat duplicate twice
    assume presume infer guess
    missing lack absent
    mention cite
    involve engage pursue
    base hub
"""
_CHINESE = """
    数字 数据 数值 指标 统计
    产业 行业
    称号 荣誉 头衔 牌子 奖项
    计划 打算 规划 准备 拟定
    来源 出处 出自 来自 源自
    要求 指示 部署 嘱咐
    比重 占比 份额 比例
    增长 增速 增幅 增加
    目标 指望
    领导 干部
    区别 差别 差异 不同
    相同 一样 共同
    推断 推测 推算 假定 假设
    提到 提及 说到 写明 写到 给出 交代
    涉及 从事 发展 主攻
    主导 主打 支柱 龙头
    企业 公司
"""


def make_synonyms(stem: Callable[[str], str]) -> dict[str, str]:
    """Return the word that stands for each word of a group.

    :param stem: makes a feature of an English word.
    """
    groups = [[stem(word) for word in line.split()] for line in _ENGLISH.strip().splitlines()]
    groups += [line.split() for line in _CHINESE.strip().splitlines()]
    return {word: group[0] for group in groups for word in group[1:]}
