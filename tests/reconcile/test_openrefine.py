"""OpenRefine itself, run without a browser: a table of Chinese names is reconciled with our server, extended, exported.

Opt-in: ``KGTOOL_OPENREFINE=1``; on in CI. It takes Java and Debian's ``openrefine``, and starts in 20 s.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from kgtool.project import Project
from tests.server.conftest import served_project, serving

__all__ = ["served_project"]

_WANTED = os.environ.get("KGTOOL_OPENREFINE") or os.environ.get("CI")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not _WANTED, reason="set KGTOOL_OPENREFINE=1 to start OpenRefine"),
]

#: Seconds that OpenRefine may take to start, and to finish something.
_START, _PATIENCE = 180, 60

_TABLE = "park,note\n臨港園區,exact\n临港,alias\n临港园,less\n火星基地,none\n"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


class Refine:
    """OpenRefine, by its HTTP commands."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.project = ""

    def get(self, command: str, **parameters: str) -> Any:
        response = self._client.get(f"/command/core/{command}", params=parameters)
        response.raise_for_status()
        return response.json()

    def post(self, command: str, files: Any = None, **fields: Any) -> httpx.Response:
        token = self.get("get-csrf-token")["token"]
        written = {name: one if isinstance(one, str) else json.dumps(one) for name, one in fields.items()}
        parameters = {"csrf_token": token, **({"project": self.project} if self.project else {})}
        response = self._client.post(f"/command/core/{command}", params=parameters, data=written, files=files)
        assert response.status_code < 400, response.text
        return response

    def wait(self) -> None:
        """Wait until nothing runs any more."""
        end = time.monotonic() + _PATIENCE
        while self.get("get-processes", project=self.project)["processes"]:
            assert time.monotonic() < end, "OpenRefine is still at it"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def refine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refine]:
    program = shutil.which("openrefine")
    assert program is not None, "no openrefine: apt-get install openrefine"
    port, folder = _free_port(), tmp_path_factory.mktemp("refine")
    command = [program, "-i", "127.0.0.1", "-p", str(port), "-d", str(folder / "data"), "-x", "refine.headless=true"]
    log = Path(folder / "log").open("w+", encoding="utf-8")  # noqa: SIM115 - closed below
    environment = {**os.environ, "HOME": str(folder)}
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE) as client:
            end = time.monotonic() + _START
            while True:
                with suppress(httpx.TransportError):
                    if client.get("/command/core/get-version").status_code == 200:
                        break
                log.seek(0)
                assert server.poll() is None, f"OpenRefine ended: {log.read()}"
                assert time.monotonic() < end, f"OpenRefine does not start: {log.read()}"
                time.sleep(0.5)
            yield Refine(client)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        log.close()


@pytest.fixture(scope="module")
def service(served_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        with serving(served_project) as client:
            yield f"{str(client.base_url).rstrip('/')}/reconcile"


def test_a_table_is_reconciled_extended_and_exported(refine: Refine, service: str) -> None:
    options = json.dumps({"encoding": "UTF-8", "separator": ",", "headerLines": 1})
    fields = {"project-name": "parks", "format": "text/line-based/*sv", "options": options}
    created = refine.post("create-project-from-upload", files={"project-file": ("parks.csv", _TABLE)}, **fields)
    refine.project = httpx.URL(created.headers["location"]).params["project"]

    guessed = refine.post("guess-types-of-column", columnName="park", service=service).json()
    assert guessed["code"] == "ok"
    assert guessed["types"][0]["id"] == "ip:IndustrialPark"

    manifest = httpx.get(service).json()
    config = {
        "mode": "standard-service",
        "service": service,
        "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"],
        "type": {"id": guessed["types"][0]["id"], "name": guessed["types"][0]["name"]},
        "autoMatch": True,
        "columnDetails": [],
        "limit": 0,
    }
    engine = {"facets": [], "mode": "row-based"}
    refine.post("reconcile", columnName="park", config=config, engine=engine)
    refine.wait()

    properties = [{"id": "ip:hasLeadingIndustry", "name": "industry"}, {"id": "skos:prefLabel", "name": "label"}]
    properties[1]["settings"] = {"language": "en"}  # type: ignore[assignment]
    extension = {
        "baseColumnName": "park",
        "endpoint": service,
        "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"],
        "extension": {"properties": properties},
        "columnInsertIndex": 1,
        "engine": engine,
    }
    refine.post("extend-data", **extension)
    refine.wait()
    for name, expression in (("id", "cell.recon.match.id"), ("best", "cell.recon.best.name")):
        refine.post(
            "add-column",
            baseColumnName="park",
            newColumnName=name,
            expression=f"grel:{expression}",
            columnInsertIndex="1",
            onError="set-to-blank",
            engine=engine,
        )
    exported = refine.post("export-rows", format="csv", engine=engine).text
    # A thing with several values has several rows; a cell that is matched is exported by the name of its match.
    rows = {row["note"]: row for row in csv.DictReader(io.StringIO(exported)) if row["note"]}
    park = ("临港园区", "id/harbour-park", "临港园区")
    assert {note: (row["park"], row["id"], row["best"]) for note, row in rows.items()} == {
        "exact": ("臨港園區", "id/harbour-park", "臨港園區"),
        "alias": park,
        "less": ("临港园", "", "临港园区"),
        "none": ("火星基地", "", ""),
    }
    extended = [value for name, value in rows["exact"].items() if name not in ("park", "note", "id", "best")]
    assert extended == ["光学", "Harbour Park"]
