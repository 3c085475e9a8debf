"""The graph against its source: ranges, quotes and numbers; with the text at hand, word by word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kgtool.articles import Article, Sentence, article_of_text
from kgtool.errors import DataError
from kgtool.namespaces import DCTERMS, IP, OA, RDFS, SCHEMA, SKOS
from kgtool.report import Bilingual, Check, Finding
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term
from kgtool.text.scripts import simplify_keeping_length
from kgtool.text.segments import digest, segment
from kgtool.validate.triples import Triples

__all__ = ["RECORD_CHECKS", "Text", "check_records", "check_texts"]

#: What is looked for without the text, and with it.
RECORD_CHECKS = ("number-not-in-quote", "quote-misplaced", "quote-too-long", "sentence-numbers", "sentence-ranges")
_TEXT_CHECKS = ("another-text", "article-words", "quote-not-in-sentence", "segmentation-differs")

#: So many characters in a row are the newspaper's words, not ours.
_OWN_WORDS = 32

#: The longest phrase that is still a short quotation.
_SHORT_QUOTE = 48

#: Properties whose texts are the article's or the world's: quotes have a rule of their own, and names are names.
_NOT_OURS = frozenset(
    IRI(iri)
    for iri in (
        *(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")),
        RDFS + "label",
        *(SCHEMA + name for name in ("name", "headline")),
        DCTERMS + "title",
        IP + "quote",
        IP + "wording",
    )
)

_QUOTE, _WRITTEN = IRI(IP + "quote"), IRI(IP + "valueAsWritten")


class Text(NamedTuple):
    """The text of an article, and where it comes from."""

    file: Path
    text: str


class _Statement(NamedTuple):
    """A literal that a sentence's block has of a node."""

    graph: IRI
    node: Term
    value: Literal


def check_records(
    articles: Sequence[Article], store: Store, *, name: Callable[[Path], str]
) -> tuple[list[Finding], list[Check]]:
    """Check what can be checked without the text.

    :param name: what to call a file in findings.
    """
    findings: list[Finding] = []
    sentences = {sentence.iri: sentence for article in articles for sentence in article.sentences}
    for article in articles:
        findings += _check_numbers(article, name(article.file))
        findings += _check_ranges(article, name(article.file))
    quotes = _statements(store, _QUOTE)
    findings += _check_quotes(quotes, sentences, store)
    written = _statements(store, _WRITTEN)
    findings += _check_written(written, quotes)
    examined = {"sentence": len(sentences), "quote": len(quotes), "number": len(written)}
    return findings, [Check(check, "source", examined[check.split("-")[0]]) for check in RECORD_CHECKS]


def check_texts(
    articles: Sequence[Article], texts: Sequence[Text], store: Store, data: Triples, *, name: Callable[[Path], str]
) -> tuple[list[Finding], list[Check]]:
    """Check articles against their texts, as published or folded to Simplified.

    A text that is no article's is a finding, and nothing is compared with it.
    """
    findings: list[Finding] = []
    quotes = _statements(store, _QUOTE)
    examined = dict.fromkeys(_TEXT_CHECKS, 0) | {"another-text": len(texts)}
    for given in texts:
        try:
            article = article_of_text(list(articles), given.text, file=given.file)
        except DataError as exc:
            message = Bilingual(exc.message, f"这不是任何一篇文章的原文（共 {len(given.text)} 个字符）")
            repair = Bilingual(exc.hint or "", "请提供发表时的原文或其简体转换，不得增删改动") if exc.hint else None
            findings.append(Finding("violation", "another-text", message, repair, file=str(given.file)))
            continue
        simplified = digest(given.text) != article.sha256
        mine = [quote for quote in quotes if quote.graph.value.startswith(f"{article.iri}/")]
        findings += _check_segmentation(article, given.text, name(article.file))
        findings += _check_in_sentence(article, given.text, mine, simplified=simplified)
        findings += _check_own_words(given.text, data)
        examined["segmentation-differs"] += len(article.sentences)
        examined["quote-not-in-sentence"] += len(mine)
        examined["article-words"] += len(data)
    return findings, [Check(check, "source", examined[check]) for check in _TEXT_CHECKS]


def _statements(store: Store, predicate: IRI) -> list[_Statement]:
    query = f"SELECT ?graph ?node ?value {{ GRAPH ?graph {{ ?node <{predicate.value}> ?value }} }}"
    return [
        _Statement(graph, node, value)
        for graph, node, value in store.query(query).rows()
        if isinstance(graph, IRI) and node is not None and isinstance(value, Literal)
    ]


# Without the text ----------------------------------------------------------------------------------------------------


def _check_numbers(article: Article, file: str) -> Iterator[Finding]:
    for expected, sentence in enumerate(article.sentences, start=1):
        if sentence.number != expected:
            yield _of_sentence(
                sentence,
                file,
                "sentence-numbers",
                IP + "number",
                Bilingual(
                    f"sentence {sentence.number} comes where sentence {expected} should",
                    f"此处应为第 {expected} 句，却是第 {sentence.number} 句",
                ),
                Bilingual("number the sentences 1, 2, 3 … without gaps", "句子应从 1 起连续编号"),
            )
            return
        if not sentence.iri.endswith(f"/s{expected}"):
            yield _of_sentence(
                sentence,
                file,
                "sentence-numbers",
                IP + "number",
                Bilingual(f"sentence {expected} is not called s{expected}", f"第 {expected} 句的 IRI 不是 s{expected}"),
                Bilingual(f"call it {article.iri}/s{expected}", f"将其命名为 {article.iri}/s{expected}"),
            )


def _check_ranges(article: Article, file: str) -> Iterator[Finding]:
    end = paragraph = 0
    for sentence in article.sentences:
        fault: Bilingual | None = None
        if sentence.start >= sentence.end:
            fault = Bilingual("the range ends before it begins", "范围的终点不在起点之后")
        elif sentence.start < end:
            fault = Bilingual(
                f"the range overlaps the one before, which ends at {end}", f"范围与前一句（止于 {end}）重叠"
            )
        elif article.length is not None and sentence.end > article.length:
            fault = Bilingual(
                f"the range ends at {sentence.end}, the text at {article.length}",
                f"范围止于 {sentence.end}，超出全文长度 {article.length}",
            )
        elif sentence.paragraph < paragraph:
            fault = Bilingual("its paragraph is before that of the sentence before", "段落号小于前一句的段落号")
        if fault:
            repair = Bilingual("take the ranges that 'kgtool article add' prints", "采用 kgtool article add 给出的范围")
            yield _of_sentence(sentence, file, "sentence-ranges", OA + "start", fault, repair)
        end, paragraph = max(end, sentence.end), max(paragraph, sentence.paragraph)


def _check_quotes(quotes: Sequence[_Statement], sentences: dict[str, Sentence], store: Store) -> Iterator[Finding]:
    quoted: dict[Term, set[IRI]] = defaultdict(set)
    for quote in quotes:
        quoted[quote.node].add(quote.graph)
        sentence = sentences.get(quote.graph.value)
        if sentence is None:
            message = Bilingual("the quote stands in no sentence's block", "引文不在任何句子的图中")
            repair = Bilingual("move it into the block of the sentence it is from", "将其移到所引句子的 GRAPH 块中")
            yield _of_statement(quote, "quote-misplaced", message, repair)
            continue
        length = len(quote.value.value)
        most = min(_SHORT_QUOTE, sentence.end - sentence.start)
        if length > most:
            message = Bilingual(
                f"the quote has {length} characters; here it may have {most}",
                f"引文有 {length} 个字符，此处至多 {most} 个",
            )
            repair = Bilingual("quote the shortest phrase that proves the statement", "引用足以证明该陈述的最短片段")
            yield _of_statement(quote, "quote-too-long", message, repair)
    described = "SELECT DISTINCT ?graph ?node { GRAPH ?graph { ?node a ?class } }"
    for graph, node in store.query(described).rows():
        if isinstance(graph, IRI) and graph.value in sentences and node in quoted and graph not in quoted[node]:
            yield Finding(
                severity="violation",
                check="quote-misplaced",
                message=Bilingual(
                    "this block describes it without quoting its sentence", "此句的图描述了它，却没有引文"
                ),
                repair=Bilingual("add an ip:quote from this sentence", "添加取自该句的 ip:quote"),
                focus=node,
                path=_QUOTE,
                sentence=graph,
            )


def _check_written(written: Sequence[_Statement], quotes: Sequence[_Statement]) -> Iterator[Finding]:
    texts: dict[Term, list[str]] = defaultdict(list)
    for quote in quotes:
        texts[quote.node].append(quote.value.value)
    for statement in written:
        if not any(_occurs(statement.value.value, text) for text in texts[statement.node]):
            yield _of_statement(
                statement,
                "number-not-in-quote",
                Bilingual(f"no quote of it has {statement.value.value}", f"它的引文中没有 {statement.value.value}"),
                Bilingual("write the number as its quote does, or lengthen the quote", "按引文书写数字，或扩展引文"),
            )


# With the text -------------------------------------------------------------------------------------------------------


def _check_segmentation(article: Article, text: str, file: str) -> Iterator[Finding]:
    found = segment(text)
    repair = Bilingual("take the ranges that 'kgtool article add' prints", "采用 kgtool article add 给出的范围")
    for sentence, expected in zip(article.sentences, found, strict=False):
        stated = (sentence.start, sentence.end, sentence.paragraph)
        if stated != (expected.start, expected.end, expected.paragraph):
            message = Bilingual(
                f"characters {sentence.start}–{sentence.end} of paragraph {sentence.paragraph}; the text has sentence "
                f"{expected.number} at {expected.start}–{expected.end} of paragraph {expected.paragraph}",
                f"记为第 {sentence.paragraph} 段 {sentence.start}–{sentence.end}；原文第 {expected.number} 句在"
                f"第 {expected.paragraph} 段 {expected.start}–{expected.end}",
            )
            yield _of_sentence(sentence, file, "segmentation-differs", OA + "start", message, repair)
    if len(found) != len(article.sentences):
        message = Bilingual(
            f"the text has {len(found)} sentences, the article {len(article.sentences)}",
            f"原文有 {len(found)} 句，文章记录了 {len(article.sentences)} 句",
        )
        yield Finding("violation", "segmentation-differs", message, repair, focus=IRI(article.iri), file=file)
    if article.length is not None and article.length != len(text):
        message = Bilingual(
            f"the text has {len(text)} characters, ip:length is {article.length}",
            f"原文有 {len(text)} 个字符，ip:length 为 {article.length}",
        )
        correct = Bilingual(f"write ip:length {len(text)}", f"改为 ip:length {len(text)}")
        yield Finding("violation", "segmentation-differs", message, correct, IRI(article.iri), path=IRI(IP + "length"))


def _check_in_sentence(
    article: Article, text: str, quotes: Sequence[_Statement], *, simplified: bool
) -> Iterator[Finding]:
    sentences = {sentence.iri: sentence for sentence in article.sentences}
    for quote in quotes:
        sentence = sentences.get(quote.graph.value)
        if sentence is None:
            continue
        words = simplify_keeping_length(quote.value.value) if simplified else quote.value.value
        if _occurs(words, text[sentence.start : sentence.end]):
            continue
        elsewhere = [s.number for s in article.sentences if _occurs(words, text[s.start : s.end])]
        hint = f"; sentence {elsewhere[0]} has it" if elsewhere else ""
        hint_zh = f"；它在第 {elsewhere[0]} 句中" if elsewhere else ""
        yield _of_statement(
            quote,
            "quote-not-in-sentence",
            Bilingual(
                f"sentence {sentence.number} does not have these words{hint}",
                f"第 {sentence.number} 句中没有这些文字{hint_zh}",
            ),
            Bilingual(
                "quote the sentence verbatim, or move the statement to its block", "逐字引用原句，或移到相应句子的图中"
            ),
        )


def _check_own_words(text: str, data: Triples) -> Iterator[Finding]:
    """Find literals that have a long passage of the text in them, in either script."""
    folded = simplify_keeping_length(text)
    passages = {folded[at : at + _OWN_WORDS] for at in range(len(folded) - _OWN_WORDS + 1)}
    for subject, predicate, value in data:
        if predicate in _NOT_OURS or not isinstance(value, Literal) or len(value.value) < _OWN_WORDS:
            continue
        words = simplify_keeping_length(value.value)
        if any(words[at : at + _OWN_WORDS] in passages for at in range(len(words) - _OWN_WORDS + 1)):
            yield Finding(
                severity="violation",
                check="article-words",
                message=Bilingual(
                    f"{_OWN_WORDS} characters or more are the article's own",
                    f"有 {_OWN_WORDS} 个以上连续字符与原文相同",
                ),
                repair=Bilingual("say it in other words, or quote less", "换用自己的话，或缩短引文"),
                focus=subject,
                path=predicate,
                value=value,
            )


def _occurs(words: str, text: str) -> bool:
    """Say whether some words stand in a text, without cutting a number in two.

    >>> _occurs("12.5", "產值12.5億元"), _occurs("2.5", "產值12.5億元"), _occurs("12", "產值12.5億元")
    (True, False, False)
    """
    before = r"(?<![0-9.])" if words[:1].isdecimal() else ""
    after = r"(?![0-9]|\.[0-9])" if words[-1:].isdecimal() else ""
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None


# Findings ------------------------------------------------------------------------------------------------------------


def _of_sentence(
    sentence: Sentence, file: str, check: str, path: str, message: Bilingual, repair: Bilingual
) -> Finding:
    return Finding(
        "violation", check, message, repair, focus=IRI(sentence.iri), path=IRI(path), file=file, line=sentence.line
    )


def _of_statement(statement: _Statement, check: str, message: Bilingual, repair: Bilingual) -> Finding:
    path = _WRITTEN if check.startswith("number") else _QUOTE
    return Finding(
        severity="violation",
        check=check,
        message=message,
        repair=repair,
        focus=statement.node,
        path=path,
        value=statement.value,
        sentence=statement.graph,
    )
