"""What would let a validation pass by accident: shapes that look at nothing, data that nothing looks at."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable

from kgtool.namespaces import OWL, RDF, RDFS, SH, compress
from kgtool.report import Bilingual, Check, Finding
from kgtool.terms import IRI, BlankNode, Term
from kgtool.validate.shapes import Shapes
from kgtool.validate.triples import Triples

__all__ = ["VACUITY_CHECKS", "find_vacuous"]

#: The names of what is looked for here.
VACUITY_CHECKS = ("data-no-shape-looks-at", "path-used-nowhere", "shape-never-used", "shape-target-matches-nothing")

#: Namespaces whose classes describe vocabularies: their instances are no data.
_VOCABULARIES = (OWL, RDF, RDFS, SH)


def find_vacuous(
    shapes: Shapes,
    data: Triples,
    *,
    subjects: Iterable[Term],
    shipped: Collection[str] = (),
    prefixes: dict[str, str],
) -> tuple[list[Finding], list[Check]]:
    """Find shapes that look at nothing, and subjects that no shape looks at.

    :param subjects: the data that some shape must look at.
    :param shipped: names of shapes files that came with kgtool. A small project need not use all of them, and that they
        look at something is proved in their own project: of these nothing is said.
    """
    looked_at: set[Term] = set()
    findings: list[Finding] = []
    checks = [Check(name, "vacuity") for name in VACUITY_CHECKS]
    for shape in shapes.targeted():
        nodes = shapes.focus_nodes(shape, data)
        looked_at |= nodes
        checks.append(Check(shape.name, "shape", len(nodes)))
        checks += [Check(shapes.name(part), "shape", len(nodes)) for part in shapes.property_shapes(shape.node)]
        findings += [
            _idle_target(shapes, data, shape.node, target, prefixes)
            for target in shape.targets
            if not shapes.focus_nodes(shape._replace(targets=(target,)), data)
        ]
    for node in shapes.idle():
        file, line = shapes.place(node)
        findings.append(
            Finding(
                severity="violation",
                check="shape-never-used",
                message=Bilingual(
                    "the shape has no target and no other shape uses it", "该形状没有目标，也没有被其他形状使用"
                ),
                repair=Bilingual("give it a sh:targetClass, or delete it", "为它添加 sh:targetClass，或将其删除"),
                focus=node,
                file=file or None,
                line=line,
            )
        )
    findings += _unused_paths(shapes, data, prefixes)
    findings = [finding for finding in findings if finding.file not in shipped]
    if shapes.targeted():
        paths = {predicate for predicate, _ in shapes.path_predicates()}
        findings += _unseen(subjects, looked_at, paths, data, prefixes)
    return findings, checks


def _idle_target(
    shapes: Shapes,
    data: Triples,
    node: Term,
    target: tuple[str, Term],
    prefixes: dict[str, str],
) -> Finding:
    kind, value = target
    name = _short(value, prefixes)
    about = IRI(SH + kind) if kind != "class" else IRI(RDF + "type")
    file, line = shapes.place(node, about=about, value=value if kind != "class" else None)
    english, chinese = {
        "targetNode": (f"the data says nothing of {name}", f"数据中没有关于 {name} 的内容"),
        "targetSubjectsOf": (f"no triple has the property {name}", f"没有任何三元组使用属性 {name}"),
        "targetObjectsOf": (f"no triple has the property {name}", f"没有任何三元组使用属性 {name}"),
    }.get(kind, (f"nothing is an instance of {name}", f"没有 {name} 的实例"))
    known = {"targetNode": data.subjects(), "targetClass": data.classes()}.get(kind, data.predicates)
    near = _nearest(value, known)
    hint = f"; did you mean {_short(near, prefixes)}?" if near else ""
    hint_zh = f"；是否应为 {_short(near, prefixes)}？" if near else ""
    return Finding(
        severity="violation",
        check="shape-target-matches-nothing",
        message=Bilingual(
            f"{english}, so the shape checks nothing{hint}", f"{chinese}，因此该形状什么也没有检查{hint_zh}"
        ),
        repair=Bilingual("correct the target, or delete the shape", "更正目标，或删除该形状"),
        focus=node,
        path=about,
        value=value,
        file=file or None,
        line=line,
    )


def _unused_paths(shapes: Shapes, data: Triples, prefixes: dict[str, str]) -> Iterable[Finding]:
    """Find paths with a property that the data neither uses nor describes."""
    for predicate, node in shapes.path_predicates():
        if predicate in data.predicates or predicate in data or predicate.value.startswith(RDF):
            continue
        path = IRI(SH + "path")
        file, line = shapes.place(node, about=path)
        near = _nearest(predicate, data.predicates)
        name = _short(predicate, prefixes)
        hint = f"; did you mean {_short(near, prefixes)}?" if near else ""
        hint_zh = f"；是否应为 {_short(near, prefixes)}？" if near else ""
        yield Finding(
            # A property that data may have and this data has not is no fault; one that looks misspelt is.
            severity="violation" if near else "warning",
            check="path-used-nowhere",
            message=Bilingual(
                f"no triple has the property {name}, and no ontology describes it{hint}",
                f"没有任何三元组使用属性 {name}，本体中也没有它{hint_zh}",
            ),
            repair=Bilingual("correct the sh:path, or describe the property", "更正 sh:path，或在本体中描述该属性"),
            focus=node,
            path=path,
            value=predicate,
            file=file or None,
            line=line,
        )


def _unseen(
    subjects: Iterable[Term], looked_at: set[Term], paths: set[IRI], data: Triples, prefixes: dict[str, str]
) -> Iterable[Finding]:
    """Find data that no shape looks at: one finding for the things of one class.

    :param paths: the properties that shapes look at: a blank node that is the value of one is looked at from there.
    """
    inner = {
        value
        for _, predicate, value in data
        if isinstance(value, BlankNode) and (predicate in paths or not data.types(value))
    }
    groups: dict[tuple[Term, ...], list[Term]] = defaultdict(list)
    for subject in sorted(set(subjects) - looked_at - inner, key=lambda term: term.value):
        types = tuple(sorted(data.types(subject), key=lambda term: term.value))
        if not any(type_.value.startswith(_VOCABULARIES) for type_ in types):
            groups[types or (subject,)].append(subject)
    for types, things in groups.items():
        names = ", ".join(_short(type_, prefixes) for type_ in types)
        more = f" ({len(things)} things)" if len(things) > 1 else ""
        more_zh = f"（共 {len(things)} 个）" if len(things) > 1 else ""
        if types == (things[0],):
            message = Bilingual("it has no class, so no shape looks at it", "它没有类，因此没有形状检查它")
            repair = Bilingual("say what it is: add 'a ip:…'; or correct its IRI", "添加类型（a ip:…），或更正其 IRI")
        else:
            message = Bilingual(
                f"no shape looks at a thing of {names}{more}", f"没有形状检查 {names} 类的对象{more_zh}"
            )
            repair = Bilingual("correct the class, or add a shape for it", "更正其类，或为该类添加形状")
        yield Finding("violation", "data-no-shape-looks-at", message, repair, focus=things[0], path=IRI(RDF + "type"))


def _nearest(term: Term, known: Iterable[Term]) -> Term | None:
    """Return the known term that a term looks like a misspelling of."""
    names = {other.value: other for other in known if isinstance(other, IRI) and other != term}
    # A shared namespace makes any two alike: only what differs is compared.
    start = max(term.value.rfind("#"), term.value.rfind("/")) + 1
    close = {name[start:]: other for name, other in names.items() if name[:start] == term.value[:start]}
    near = difflib.get_close_matches(term.value[start:], sorted(close), n=1, cutoff=0.75)
    return close[near[0]] if near else None


def _short(term: Term, prefixes: dict[str, str]) -> str:
    return compress(term.value, prefixes) if isinstance(term, IRI) else term.value
