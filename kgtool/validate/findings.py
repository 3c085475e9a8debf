"""The results of shapes as findings: both languages, the shape's own words, what the data's author can do."""

from __future__ import annotations

import re

from kgtool.namespaces import SH
from kgtool.report import Bilingual, Finding, Severity
from kgtool.shacl.run import Result
from kgtool.terms import IRI, Term
from kgtool.validate.shapes import PARAMETERS, Shapes
from kgtool.validate.triples import in_both_languages

__all__ = ["finding_of"]

_SEVERITIES: dict[Term, Severity] = {
    IRI(SH + "Violation"): "violation",
    IRI(SH + "Warning"): "warning",
    IRI(SH + "Info"): "info",
}

#: What a constraint asks for, where its shape has no message; ``{}`` is the constraint's parameter.
_ASKS = {
    "And": ("conform to all of the shapes", "符合全部形状"),
    "Class": ("be an instance of {}", "是 {} 的实例"),
    "Closed": ("have no other properties than the shape's", "没有形状之外的属性"),
    "Datatype": ("have the datatype {}", "数据类型为 {}"),
    "Disjoint": ("differ from the values of {}", "与 {} 的值不同"),
    "Equals": ("equal the values of {}", "与 {} 的值相同"),
    "HasValue": ("include {}", "包含 {}"),
    "In": ("be one of {}", "是 {} 之一"),
    "LanguageIn": ("be in one of the languages {}", "语言为 {} 之一"),
    "LessThan": ("be less than {}", "小于 {}"),
    "LessThanOrEquals": ("be at most {}", "不大于 {}"),
    "MaxCount": ("be at most {} in number", "最多有 {} 个"),
    "MaxExclusive": ("be less than {}", "小于 {}"),
    "MaxInclusive": ("be at most {}", "不大于 {}"),
    "MaxLength": ("have at most {} characters", "最多有 {} 个字符"),
    "MinCount": ("be at least {} in number", "至少有 {} 个"),
    "MinExclusive": ("be greater than {}", "大于 {}"),
    "MinInclusive": ("be at least {}", "不小于 {}"),
    "MinLength": ("have at least {} characters", "至少有 {} 个字符"),
    "Node": ("conform to {}", "符合 {}"),
    "NodeKind": ("be of the kind {}", "类别为 {}"),
    "Not": ("not conform to the shape", "不符合该形状"),
    "Or": ("conform to one of the shapes", "符合其中一个形状"),
    "Pattern": ("match {}", "匹配 {}"),
    "UniqueLang": ("have one text in a language", "每种语言只有一个文本"),
    "Xone": ("conform to exactly one of the shapes", "恰好符合其中一个形状"),
}


def finding_of(shapes: Shapes, result: Result) -> Finding:
    """Make a finding of a validation result; it has no place yet."""
    given = [message.value for message in result.messages]
    return Finding(
        severity=_SEVERITIES.get(result.severity, "violation"),
        check=shapes.name(result.shape),
        message=_message(shapes, result.shape, result.constraint, result.component, given),
        repair=shapes.repair(result.shape),
        focus=result.focus,
        path=result.path if isinstance(result.path, IRI) else shapes.path(result.shape),
        # The value of a node shape is the focus node itself: said once is enough.
        value=result.value if result.value != result.focus else None,
        shape=result.shape if isinstance(result.shape, IRI) else None,
        component=result.component,
    )


def _message(shapes: Shapes, shape: Term, constraint: Term | None, component: IRI, given: list[str]) -> Bilingual:
    """Choose the message: the shapes' own texts keep the language tags that pySHACL's results have lost."""
    texts = (shapes.messages(constraint) if constraint is not None else []) or shapes.messages(shape)
    if texts:
        return in_both_languages([text._replace(value=_filled(text.value, given)) for text in texts])
    name = component.value[len(SH) :].removesuffix("ConstraintComponent")
    if name not in _ASKS:
        return Bilingual(given[0], given[0]) if given else Bilingual(name, name)
    asked = _parameter(shapes, shape, name)
    english, chinese = _ASKS[name]
    path = shapes.path(shape)
    what = ("the thing", "该对象") if path is None else (f"the values of {_short(path)}", f"{_short(path)} 的值")
    return Bilingual(f"{what[0]} must {english.format(asked)}", f"{what[1]}必须{chinese.format(asked)}")


def _filled(template: str, given: list[str]) -> str:
    """Find the message that pySHACL made of a template with variables of a query."""
    if not re.search(r"\{[?$]\w+\}", template):
        return template
    pattern = "".join(
        "(?:.|\n)*" if re.fullmatch(r"\{[?$]\w+\}", part) else re.escape(part)
        for part in re.split(r"(\{[?$]\w+\})", template)
    )
    return next((message for message in given if re.fullmatch(pattern, message)), template)


def _parameter(shapes: Shapes, shape: Term, name: str) -> str:
    """Write what a constraint is told."""
    parameter = name[0].lower() + name[1:]
    if parameter not in PARAMETERS:
        return ""
    values = shapes.triples.values(shape, IRI(SH + parameter))
    items = [item for value in values for item in shapes.triples.items(value)] or values
    return ", ".join(_short(item) for item in items)


def _short(term: Term | str) -> str:
    """Write a term by its local name: enough in a message beside the finding's own path."""
    text = term if isinstance(term, str) else term.value
    return re.sub(r"<?\b[a-z][a-z0-9+.-]*:[^>\s|]*[/#]([^>\s|]+)>?", r"\1", text)
