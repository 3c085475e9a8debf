"""Findings where there is nothing to find anything in: no shapes, no checks, files without triples or unreadable."""

from __future__ import annotations

from kgtool.errors import KgError
from kgtool.report import Bilingual, Check, Finding

__all__ = ["emptiness_checks", "empty", "no_checks", "no_shapes", "unreadable"]


def emptiness_checks(*, queries: bool) -> list[Check]:
    """Name what is looked for here.

    :param queries: whether there should be checks besides shapes.
    """
    names = ["data-empty", "data-unreadable", *(["no-checks"] if queries else []), "no-shapes"]
    return [Check(name, "vacuity") for name in names]


def unreadable(error: KgError, file: str) -> Finding:
    """Make a finding of a file that cannot be read; nothing else is known of the graph then."""
    return Finding(
        severity="violation",
        check="data-unreadable",
        message=Bilingual(error.message, f"无法读取：{error.message}"),
        repair=None if error.hint is None else Bilingual(error.hint, error.hint),
        file=file,
        line=error.line,
    )


def empty(file: str) -> Finding:
    """Make a finding of a file without a triple."""
    return Finding(
        severity="violation",
        check="data-empty",
        message=Bilingual("the file has no triple", "文件中没有任何三元组"),
        repair=Bilingual("write what it should say, or delete it", "补充内容，或删除该文件"),
        file=file,
    )


def no_shapes(where: str) -> Finding:
    """Make a finding of shapes that are none."""
    return Finding(
        severity="violation",
        check="no-shapes",
        message=Bilingual("no shape has a target, so nothing is checked", "没有带目标的形状，因此什么也没有检查"),
        repair=Bilingual("write a sh:NodeShape with a sh:targetClass", "编写带 sh:targetClass 的 sh:NodeShape"),
        file=where or None,
    )


def no_checks(where: str) -> Finding:
    """Make a finding of checks that are none."""
    return Finding(
        severity="violation",
        check="no-checks",
        message=Bilingual("there is no check, so no rule of the whole graph holds", "没有任何检查，全图规则均未检查"),
        repair=Bilingual(
            "write one: a SELECT of ?focus with a message", "编写一个：选出 ?focus 并带 message 的 SELECT"
        ),
        file=where,
    )
