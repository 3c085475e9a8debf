"""What ``kgtool link check`` looks for: the name of every rule, what it says, and how to mend what it finds."""

from __future__ import annotations

from typing import NamedTuple

from kgtool.linksets.model import Link, Linkset
from kgtool.report import Bilingual, Finding, Severity
from kgtool.sparql import is_iri
from kgtool.terms import IRI

__all__ = ["RULES", "Rule", "found"]


class Rule(NamedTuple):
    """A rule; names in braces are filled in."""

    message: Bilingual
    repair: Bilingual
    severity: Severity = "violation"


#: Every rule by its name.
RULES = {
    "linkset-unreadable": Rule(
        Bilingual("{problem}", "无法读取：{problem}"),
        Bilingual("{hint}", "{hint}"),
    ),
    "linkset-target": Rule(
        Bilingual("'{name}' is no target that kgtool knows", "kgtool 不认识链接目标“{name}”"),
        Bilingual(
            "name the file after one: see docs/linking.md; identifiers are not checked otherwise",
            "以已知目标命名文件（见 docs/linking.md），否则不检查标识符",
        ),
        "warning",
    ),
    "linkset-metadata": Rule(
        Bilingual("the set does not say its {slot}", "未写明 {slot}"),
        Bilingual("add a line '#{slot}: …'", "添加一行 “#{slot}: …”"),
    ),
    "linkset-id": Rule(
        Bilingual("the set calls itself {given}, and {other}", "{given}：{other_zh}"),
        Bilingual("write '#mapping_set_id: {expected}'", "改为 “#mapping_set_id: {expected}”"),
    ),
    "linkset-unknown-slot": Rule(
        Bilingual("SSSOM has no slot '{slot}', so nobody reads it", "SSSOM 没有“{slot}”这一项，无人会读取"),
        Bilingual(
            "correct its name, or declare it in extension_definitions", "改正名称，或在 extension_definitions 中声明"
        ),
        "warning",
    ),
    "link-prefix": Rule(
        Bilingual("prefix '{prefix}' {problem}", "前缀“{prefix}”{problem_zh}"),
        Bilingual("write '#  {prefix}: {expected}' in curie_map", "在 curie_map 中写 “#  {prefix}: {expected}”"),
    ),
    "link-incomplete": Rule(
        Bilingual("the row has no {slot}", "此行缺少 {slot}"),
        Bilingual("fill it in: {why}", "请补全：{why_zh}"),
    ),
    "link-value": Rule(
        Bilingual("{slot} is '{given}'", "{slot} 的值为“{given}”"),
        Bilingual("write {expected}", "应为 {expected}"),
    ),
    "link-confidence": Rule(
        Bilingual("confidence {given} is no number from 0 to 1", "置信度 {given} 不是 0 到 1 之间的数"),
        Bilingual("write 0.95, 0.8 or 0.5 for high, medium or low", "高、中、低分别写 0.95、0.8、0.5"),
    ),
    "link-predicate": Rule(
        Bilingual("{given} links nothing", "{given} 不是链接谓词"),
        Bilingual("use one of {expected}", "使用 {expected} 之一"),
    ),
    "link-identifier": Rule(
        Bilingual("{given} is no identifier of {target}", "{given} 不是 {target} 的标识符"),
        Bilingual("write it as {expected}", "写作 {expected}"),
    ),
    "link-subject-unknown": Rule(
        Bilingual("the graph has no {given}", "图中没有 {given}"),
        Bilingual("correct the subject, describe the thing, or drop the row", "改正主体、描述该事物，或删除此行"),
    ),
    "link-label-stale": Rule(
        Bilingual("{given} is called '{now}' in the graph", "{given} 在图中的名称是“{now}”"),
        Bilingual("write subject_label '{now}'", "将 subject_label 改为“{now}”"),
    ),
    "link-type-clash": Rule(
        Bilingual(
            "{group} is not linked by {predicate} to what is {kind}", "{group_zh}不能以 {predicate} 链接到 {kind}"
        ),
        Bilingual("use {expected}, or drop the row", "改用 {expected}，或删除此行"),
    ),
    "link-same-as": Rule(
        Bilingual(
            "owl:sameAs is for the same administrative area only: {problem}",
            "owl:sameAs 只用于同一行政区域：{problem_zh}",
        ),
        Bilingual("use skos:exactMatch, or a weaker match", "改用 skos:exactMatch 或更弱的匹配"),
    ),
    "link-classification-exact": Rule(
        Bilingual("an industry is never the same as a code of {target}", "产业不等同于 {target} 的代码"),
        Bilingual("use skos:closeMatch, and say what the code leaves out", "改用 skos:closeMatch，并说明差别"),
    ),
    "link-nothing-found": Rule(
        Bilingual("sssom:NoTermFound {problem}", "sssom:NoTermFound {problem_zh}"),
        Bilingual(
            "as object_id with skos:exactMatch it says that nothing was found",
            "仅作 object_id 且谓词为 skos:exactMatch",
        ),
    ),
    "link-duplicate": Rule(
        Bilingual("the same link stands at {first}", "与 {first} 重复"),
        Bilingual("keep one of them", "只保留一行"),
    ),
    "link-unsorted": Rule(
        Bilingual("the row comes before those above it", "此行应排在前面的行之前"),
        Bilingual("run: kgtool link format {file}", "运行：kgtool link format {file}"),
    ),
    "link-two-exact": Rule(
        Bilingual(
            "{target} has two that are {given}: {first} at {place}",
            "{given} 在 {target} 中有两个等同者：另一个是 {place} 的 {first}",
        ),
        Bilingual(
            "at most one of them is the same; make the other close or broad", "至多一个等同，另一个改为近似或上位"
        ),
    ),
    "link-shared-object": Rule(
        Bilingual("{object} is the same as {first} already, at {place}", "{object} 已在 {place} 与 {first} 等同"),
        Bilingual("two things are not one: keep the row that is right", "两个事物不会是同一个：保留正确的一行"),
    ),
    "link-target-gone": Rule(
        Bilingual("{target} has no {object} any more", "{target} 中已没有 {object}"),
        Bilingual("look for the thing there again, or drop the row", "重新查找，或删除此行"),
    ),
    "link-target-moved": Rule(
        Bilingual("{object} is {now} now", "{object} 现为 {now}"),
        Bilingual("link to that, if it is still the thing", "若仍是该事物，改链接到新标识符"),
    ),
    "link-code-differs": Rule(
        Bilingual(
            "{target} says that {object} is {theirs} in {scheme}; here it is {ours}",
            "{target} 称 {object} 在 {scheme} 中为 {theirs}，此处为 {ours}",
        ),
        Bilingual(
            "find out which one is right; one of the links may be to another thing",
            "核实何者正确；其中一个链接可能指错了",
        ),
        "warning",
    ),
    "link-contradiction": Rule(
        Bilingual("it contradicts {place}: {problem}", "与 {place} 矛盾：{problem_zh}"),
        Bilingual("keep what the evidence supports", "保留有证据支持的一方"),
    ),
}


def found(
    rule: str, linkset: Linkset, link: Link | None = None, *, line: int | None = None, **words: object
) -> Finding:
    """Make a finding of a rule, at a row or at a line of the set's own account.

    :param words: what the rule's texts have in braces.
    """
    this = RULES[rule]
    filled = {name: str(word) for name, word in words.items()}

    def text(template: str) -> str:
        for name, word in filled.items():
            template = template.replace("{" + name + "}", word)
        return template

    def term(curie: str) -> IRI | None:
        iri = linkset.expand(curie)
        return IRI(iri) if iri and is_iri(iri) else None

    return Finding(
        severity=this.severity,
        check=rule,
        message=Bilingual(*map(text, this.message)),
        repair=Bilingual(*map(text, this.repair)),
        focus=term(link.subject) if link else None,
        path=term(link.predicate) if link else None,
        value=term(link.object) if link else None,
        file=linkset.file,
        line=line if line is not None else link.line if link else None,
    )
