"""SHACL by pySHACL: the only door to rdflib and pyshacl.

https://www.w3.org/TR/shacl/ · https://github.com/RDFLib/pySHACL
"""

from __future__ import annotations

import logging
import re
from typing import Any

import rdflib
from pyshacl import validate as run_pyshacl
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.errors import ReportableRuntimeError
from pyshacl.shapes_graph import ShapesGraph
from rdflib.plugins.sparql import prepareQuery

from kgtool.errors import DataError
from kgtool.namespaces import SH
from kgtool.report import Bilingual, Finding, Severity
from kgtool.terms import IRI, BlankNode, Literal, Term
from kgtool.validate.shapes import PARAMETERS, Shapes
from kgtool.validate.triples import Triples, in_both_languages

__all__ = ["run_shapes"]

_SH = rdflib.Namespace(SH)
_SEVERITIES: dict[Any, Severity] = {_SH.Violation: "violation", _SH.Warning: "warning", _SH.Info: "info"}

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


def run_shapes(shapes: Shapes, data: Triples) -> list[Finding]:
    """Validate data with shapes; findings have messages in both languages and no place yet.

    :raises DataError: if a shape is not well formed.
    """
    # rdflib says on stderr what a datatype constraint then says in the report.
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    logging.getLogger("pyshacl-validate").setLevel(logging.CRITICAL)
    # This store keeps no contexts, and takes half the time; for data pySHACL insists on one that does.
    graph = _graph(shapes.triples, store="SimpleMemory")
    _check_well_formed(shapes, graph)
    try:
        conforms, results, _ = run_pyshacl(_graph(data), shacl_graph=graph, inference="none", inplace=True)
    except ReportableRuntimeError as exc:
        raise _refusal(shapes, str(exc)) from exc
    if not isinstance(results, rdflib.Graph):
        raise _refusal(shapes, str(results))
    if conforms:
        return []
    return [_finding(shapes, results, node) for node in results.objects(None, _SH.result)]


def _check_well_formed(shapes: Shapes, graph: rdflib.Graph) -> None:
    """Construct every constraint: pySHACL does so only where a shape has something to look at."""
    try:
        found = list(ShapesGraph(graph).shapes)
    except ReportableRuntimeError as exc:
        raise _refusal(shapes, str(exc)) from exc
    for shape in sorted(found, key=lambda shape: str(shape.node)):
        for predicate in sorted(set(graph.predicates(shape.node)), key=str):
            constraint = CONSTRAINT_PARAMETERS_MAP.get(predicate)
            if constraint is None:
                continue
            try:
                built = constraint(shape)
            except (ReportableRuntimeError, ValueError, TypeError, re.error) as exc:
                shapes.refuse(_first_line(exc), _term(shape.node), about=IRI(str(predicate)))
            for query in getattr(built, "sparql_constraints", ()):
                _check_query(shapes, query)


def _check_query(shapes: Shapes, query: Any) -> None:
    """Parse the query of a SPARQL constraint, as pySHACL would for each focus node."""
    try:
        _, text = query.pre_bind_variables(rdflib.URIRef("urn:focus"))
        prepareQuery(query.apply_prefixes(text))
    except Exception as exc:  # noqa: BLE001  rdflib raises a bare Exception for an unknown prefix
        shapes.refuse(_first_line(exc), _term(query.node), about=IRI(SH + "select"))


def _refusal(shapes: Shapes, message: str) -> DataError:
    files = shapes.files
    return DataError(
        f"pySHACL cannot use these shapes: {message.splitlines()[0]}",
        file=", ".join(files) or None,
        hint="mend the shape",
    )


def _first_line(exc: Exception) -> str:
    return f"not well-formed SHACL: {(str(exc) or type(exc).__name__).splitlines()[0]}"


def _finding(shapes: Shapes, results: rdflib.Graph, node: Any) -> Finding:
    def one(name: str) -> Term | None:
        value = results.value(node, _SH[name])
        return None if value is None else _term(value)

    shape, component = one("sourceShape"), one("sourceConstraintComponent")
    constraint, value, path = one("sourceConstraint"), one("value"), one("resultPath")
    assert shape is not None
    assert isinstance(component, IRI)
    given = [str(message) for message in results.objects(node, _SH.resultMessage)]
    return Finding(
        severity=_SEVERITIES.get(results.value(node, _SH.resultSeverity), "violation"),
        check=shapes.name(shape),
        message=_message(shapes, shape, constraint, component, given),
        repair=shapes.repair(shape),
        focus=one("focusNode"),
        path=path if isinstance(path, IRI) else shapes.path(shape),
        # The value of a node shape is the focus node itself: said once is enough.
        value=value if value != one("focusNode") else None,
        shape=shape if isinstance(shape, IRI) else None,
        component=component,
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


def _graph(triples: Triples, *, store: str = "default") -> rdflib.Graph:
    graph = rdflib.Graph(store=store, bind_namespaces="none")
    kept: dict[Term, Any] = {}

    def convert(term: Term) -> Any:
        found = kept.get(term)
        if found is None:
            found = kept[term] = _rdflib_term(term)
        return found

    graph.addN((convert(s), convert(p), convert(o), graph) for s, p, o in triples)
    return graph


def _rdflib_term(term: Term) -> Any:
    if isinstance(term, IRI):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype is None:
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype), normalize=False)


def _term(term: Any) -> Term:
    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype is None or term.language else str(term.datatype)
        return Literal(str(term), term.language, datatype)
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else IRI(str(term))
