"""Searching names: kgtool's index beside FTS5's trigrams, Tantivy and a scan with RapidFuzz; time, size, what is found.

Run it by hand::

    python tests/benchmarks/bench_search.py [LABELS]

Tantivy and RapidFuzz (PyPI: tantivy, rapidfuzz) are left out where they are not installed. The labels are made up, the
same every time: parks, industries' clusters and places in Simplified and Traditional Chinese and English, with short
forms. Every searcher gets the same names and the same questions, in turn, three rounds; of each question the least
time counts. Times are the processor's, so that what else the machine does is left out as far as can be.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kgtool.search import Index, open_index, save_index
from kgtool.search.nearness import deletions, differ_by_one
from kgtool.search.pinyin import syllables_of
from kgtool.store import open_store
from kgtool.text.scripts import fold, to_traditional

_ROUNDS = 3
_QUESTIONS = 300
_BASE = "https://example.org/id/"
_IP = "https://w3id.org/industrial-park/ns#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"

_CHARACTERS = (
    "安宁昆明晋呈贡嵩石林禄劝寻甸东川宜良富民官渡盘龙五华西山曲靖玉溪保昭通丽江普洱临沧楚雄红河文版纳德宏怒迪庆武汉长沙成都重贵阳南海北京"
    "天津沈杭州波温绍嘉湖金衢舟台福厦泉漳莆田赣景萍新余鹰潭抚吉上饶济青岛淄博枣庄烟潍坊泰威日照沂聊滨菏泽郑开封洛平顶鹤壁焦作濮许漯三门商丘信周口驻马店"
)
_INDUSTRIES = {
    "生物医药": "Biomedicine",
    "装备制造": "Equipment Manufacturing",
    "新材料": "New Materials",
    "电子信息": "Electronic Information",
    "磷化工": "Phosphorus Chemicals",
    "绿色食品": "Green Food",
    "数字经济": "Digital Economy",
    "现代物流": "Modern Logistics",
    "新能源电池": "New Energy Batteries",
    "光电子": "Optoelectronics",
    "石油化工": "Petrochemicals",
    "节能环保": "Energy Conservation",
    "汽车零部件": "Automotive Parts",
    "航空": "Aviation",
    "半导体": "Semiconductor",
    "纺织服装": "Textiles and Garments",
    "冶金": "Metallurgy",
    "跨境电商": "Cross-border E-commerce",
    "珠宝玉石": "Jewellery and Jade",
}
_TYPES = {
    "产业园区": ("Industrial Park", "IndustrialPark"),
    "经济技术开发区": ("Economic and Technological Development Zone", "IndustrialPark"),
    "高新技术产业开发区": ("Hi-tech Industrial Development Zone", "IndustrialPark"),
    "工业园": ("Industrial Estate", "IndustrialPark"),
    "产业集群": ("Industrial Cluster", "IndustrialCluster"),
    "示范基地": ("Demonstration Base", "IndustrialCluster"),
    "科技城": ("Science City", "IndustrialPark"),
    "综合保税区": ("Comprehensive Bonded Zone", "IndustrialPark"),
    "县": ("County", "Place"),
    "镇": ("Town", "Place"),
    "物流港": ("Logistics Port", "Place"),
}


class Made(NamedTuple):
    """A made-up thing: its class, its names by language, its short form."""

    class_: str
    names: dict[str, str]
    short: str


class Question(NamedTuple):
    """A question, and the things that its answer should begin with one of."""

    text: str
    meant: frozenset[str]


def make_things(labels: int, seed: int = 2026) -> list[Made]:
    """Make things with so many labels, four each: a few characters and types are common, most are not."""
    dice = random.Random(seed)
    found: dict[str, Made] = {}
    while len(found) < labels // 4:
        place = "".join(dice.choices(_CHARACTERS, k=dice.choice((2, 2, 2, 3))))
        type_ = dice.choice(list(_TYPES))
        english, class_ = _TYPES[type_]
        industry = dice.choice(list(_INDUSTRIES)) if class_ != "Place" and dice.random() < 0.7 else ""
        name = place + industry + type_
        sound = "".join(syllables_of(place)[0]).capitalize()
        parts = [part for part in (sound, _INDUSTRIES.get(industry), english) if part]
        names = {"zh-Hans": name, "zh-Hant": to_traditional(name), "en": " ".join(parts)}
        found[name] = Made(class_, names, place + industry[:2] + type_[-1])
    return list(found.values())


def write_triples(things: list[Made], file: Path) -> None:
    """Write things as N-Triples."""
    with file.open("w", encoding="utf-8") as stream:
        for number, thing in enumerate(things):
            subject = f"<{_BASE}{number:06}>"
            stream.write(f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{_IP}{thing.class_}> .\n")
            for language, name in thing.names.items():
                stream.write(f'{subject} <{_SKOS}prefLabel> "{name}"@{language} .\n')
            stream.write(f'{subject} <{_SKOS}altLabel> "{thing.short}"@zh-Hans .\n')


# Questions -----------------------------------------------------------------------------------------------------------


def make_questions(things: list[Made], seed: int = 7) -> dict[str, list[Question]]:
    """Make questions by kind; those about a whole name are about one that a single thing has.

    A name with a wrong character may be one character away from several names: each of them is right.
    """
    dice = random.Random(seed)
    owners: dict[str, set[str]] = {}
    for number, thing in enumerate(things):
        for name in (*thing.names.values(), thing.short):
            owners.setdefault(fold(name), set()).add(f"{_BASE}{number:06}")

    near: defaultdict[str, set[str]] = defaultdict(set)
    for name in owners:
        for rest in (name, *deletions(name)):
            near[rest].add(name)

    def pick(language: str) -> str:
        while True:
            name = dice.choice(things).names[language]
            if len(owners[fold(name)]) == 1:
                return name

    def meant(name: str) -> frozenset[str]:
        return frozenset(owners[fold(name)])

    sounds = {name: "".join(syllables_of(name)[0]) for name in owners if not name.isascii()}
    starts = {name: "".join(one[0] for one in syllables_of(name)[0]) for name in sounds}

    def holding(text: str, *spelled: dict[str, str]) -> Question:
        """Ask for a part: right is whatever has it in a name, or in how that is spelled."""
        folded = fold(text)
        held = {name for name in owners if folded in name}
        held |= {name for spelling in spelled for name, letters in spelling.items() if folded in letters}
        return Question(text, frozenset(iri for name in held for iri in owners[name]))

    def part(length: int) -> Question:
        while True:
            name = dice.choice(things).names[dice.choice(("zh-Hans", "zh-Hant"))]
            if len(name) >= length:
                start = dice.randrange(len(name) - length + 1)
                return holding(name[start : start + length])

    def whole(language: str, change: Callable[[str, random.Random], str]) -> Question:
        while True:
            name = pick(language)
            text = change(name, dice)
            # A change may make another thing's name, or none at all.
            folded = fold(text)
            if folded not in owners:
                close = {one for rest in (folded, *deletions(folded)) for one in near.get(rest, ())}
                return Question(
                    text, frozenset(iri for one in close if differ_by_one(folded, one) for iri in owners[one])
                )

    def same(language: str) -> Question:
        name = pick(language)
        return Question(name, meant(name))

    def word() -> Question:
        return holding(dice.choice(pick("en").split())[: dice.randint(1, 6)], sounds)

    def spelled(spelling: dict[str, str], most: int) -> Question:
        return holding(spelling[fold(pick("zh-Hans"))][: dice.randint(2, most)], spelling)

    kinds: dict[str, Callable[[], Question]] = {
        **{f"{length} Chinese character{'s' * (length > 1)}": partial(part, length) for length in (1, 2, 3, 4)},
        "beginning of an English word": word,
        "beginning of an English name": lambda: holding(pick("en")[: dice.randint(6, 16)].strip()),
        "beginning of pinyin": lambda: spelled(sounds, 9),
        "initials of pinyin": lambda: spelled(starts, 6),
    }
    for language in ("zh-Hans", "zh-Hant", "en"):
        kinds[f"exact, {language}"] = partial(same, language)
        for what, change in _CHANGES.items():
            kinds[f"{what}, {language}"] = partial(whole, language, change)
    return {kind: [make() for _ in range(_QUESTIONS)] for kind, make in kinds.items()}


def _dropped(name: str, dice: random.Random) -> str:
    place = dice.randrange(len(name))
    return name[:place] + name[place + 1 :]


def _swapped(name: str, dice: random.Random) -> str:
    place = dice.randrange(len(name) - 1)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _replaced(name: str, dice: random.Random) -> str:
    place = dice.randrange(len(name))
    other = dice.choice("abcdefghijklmnopqrstuvwxyz" if name.isascii() else _CHARACTERS)
    return name[:place] + other + name[place + 1 :]


_CHANGES = {"one character dropped": _dropped, "two swapped": _swapped, "one replaced": _replaced}


# Searchers -----------------------------------------------------------------------------------------------------------


class Searcher(NamedTuple):
    """Something that finds things: from a text to IRIs, the best first."""

    name: str
    build_seconds: float
    size: int
    find: Callable[[str], list[str]]
    questions: int = _QUESTIONS


def kgtool_searcher(triples: Path, folder: Path) -> Searcher:
    """Build kgtool's index as a build does, and open it from disk."""
    store = open_store(triples)
    begun = time.process_time()
    save_index(store, folder / "store", prefixes={"ex": _BASE, "ip": _IP})
    seconds = time.process_time() - begun
    on_disk = open_store(triples)
    on_disk.folder = str(folder / "store")  # type: ignore[attr-defined]
    index: Index = open_index(on_disk)
    return Searcher(
        "kgtool", seconds, (folder / "store.names").stat().st_size, lambda text: [m.iri for m in index.search(text)]
    )


def trigram_searcher(names: list[tuple[str, str]], folder: Path) -> Searcher:
    """FTS5 with its own trigrams over folded names; LIKE where there are fewer than three characters."""
    file = folder / "trigrams"
    begun = time.process_time()
    base = sqlite3.connect(file)
    base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    base.execute("CREATE VIRTUAL TABLE t USING fts5 (name, iri UNINDEXED, tokenize='trigram')")
    base.executemany("INSERT INTO t VALUES (?, ?)", names)
    base.commit()
    seconds = time.process_time() - begun

    def find(text: str) -> list[str]:
        folded = fold(text).replace('"', "")
        if len(folded) < 3:
            rows = base.execute("SELECT iri FROM t WHERE name LIKE ? LIMIT 10", (f"%{folded}%",))
        else:
            rows = base.execute("SELECT iri FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (f'"{folded}"',))
        return [iri for (iri,) in rows]

    return Searcher("FTS5 trigram", seconds, file.stat().st_size, find)


def tantivy_searcher(names: list[tuple[str, str]], folder: Path) -> Searcher:
    """Tantivy over single characters and pairs of them, ranked by BM25."""
    import tantivy

    begun = time.process_time()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", tokenizer_name="pairs")
    builder.add_text_field("iri", stored=True, tokenizer_name="raw")
    schema = builder.build()
    (folder / "tantivy").mkdir()
    index = tantivy.Index(schema, path=str(folder / "tantivy"))
    pairs = tantivy.Tokenizer.ngram(min_gram=1, max_gram=2, prefix_only=False)
    index.register_tokenizer("pairs", tantivy.TextAnalyzerBuilder(pairs).build())
    writer = index.writer(100_000_000, 1)
    for name, iri in names:
        writer.add_document(tantivy.Document(name=name, iri=iri))
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.process_time() - begun
    index.reload()
    searcher = index.searcher()

    def find(text: str) -> list[str]:
        folded = fold(text)
        terms = [folded[at : at + 2] for at in range(len(folded) - 1)] or [folded]
        should = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "name", term)) for term in terms]
        hits = searcher.search(tantivy.Query.boolean_query(should), 10, count=False).hits
        return [searcher.doc(address)["iri"][0] for _, address in hits]

    size = sum(file.stat().st_size for file in (folder / "tantivy").iterdir())
    return Searcher("Tantivy", seconds, size, find)


def rapidfuzz_searcher(names: list[tuple[str, str]]) -> Searcher:
    """RapidFuzz over every name: no index at all."""
    from rapidfuzz import fuzz, process

    folded = [name for name, _ in names]

    def find(text: str) -> list[str]:
        return [names[place][1] for _, _, place in process.extract(fold(text), folded, scorer=fuzz.WRatio, limit=10)]

    return Searcher("RapidFuzz scan", 0.0, 0, find, questions=8)


def searchers(things: list[Made], triples: Path, folder: Path) -> Iterator[Searcher]:
    """Return the searchers that can be had here."""
    yield kgtool_searcher(triples, folder)
    names = sorted(
        {
            (fold(name), f"{_BASE}{number:06}")
            for number, thing in enumerate(things)
            for name in (*thing.names.values(), thing.short)
        }
    )
    yield trigram_searcher(names, folder)
    with suppress(ImportError):
        yield tantivy_searcher(names, folder)
    with suppress(ImportError):
        yield rapidfuzz_searcher(names)


# Measuring -----------------------------------------------------------------------------------------------------------


def measure(searcher: Searcher, questions: list[Question]) -> tuple[float, float, float, float]:
    """Ask everything three times: p50, p99 and the slowest in milliseconds, and the share that was answered right."""
    asked = questions[: searcher.questions]
    least = [float("inf")] * len(asked)
    right: Counter[bool] = Counter()
    for round_ in range(_ROUNDS):
        for place, question in enumerate(asked):
            begun = time.thread_time()
            found = searcher.find(question.text)
            least[place] = min(least[place], time.thread_time() - begun)
            if not round_:
                right[bool(found) and found[0] in question.meant] += 1
    least.sort()
    places = (len(least) // 2, int(0.99 * len(least)), len(least) - 1)
    p50, p99, slowest = (1000 * least[place] for place in places)
    return p50, p99, slowest, right[True] / len(asked)


def main(labels: int) -> None:
    """Print a table in Markdown."""
    things = make_things(labels)
    questions = make_questions(things)
    print(f"{labels:,} labels of {len(things):,} things; {_QUESTIONS} questions of each kind.\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        triples = folder / "things.nt"
        write_triples(things, triples)
        found = list(searchers(things, triples, folder))
        print(f"| question | {' | '.join(one.name for one in found)} |\n|---{'|---' * len(found)}|")
        for kind, asked in questions.items():
            cells = []
            for one in found:
                p50, p99, slowest, right = measure(one, asked)
                cells.append(f"{p50:.2f} / {p99:.2f} / {slowest:.2f}, {100 * right:.3g} %")
            print(f"| {kind} | {' | '.join(cells)} |", flush=True)
        print(f"| **built in, s of the processor** | {' | '.join(f'{one.build_seconds:.1f}' for one in found)} |")
        print(f"| **size, MB** | {' | '.join(f'{one.size / 1e6:.1f}' for one in found)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
