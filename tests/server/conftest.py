"""Real servers: ``kgtool serve`` in a process of its own, asked over HTTP."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kgtool.project import Project

#: What a test starts servers with: arguments of ``kgtool serve`` to a client of the server.
Serve = Callable[..., httpx.Client]

_OF_PARK = """\
#+ summary: "The industries of a park."
#+ question:
#+   en: "Which industries has a park?"
#+   zh-Hans: "某园区有哪些产业？"
#+ tags: [park]
#+ parameters:
#+   park:
#+     type: entity
#+     class: ip:IndustrialPark
#+     default: ex:harbour-park
#+     description: "The park."
#+   least:
#+     type: integer
PREFIX ip: <https://w3id.org/industrial-park/ns#>
SELECT ?industry WHERE { ?park ip:hasLeadingIndustry ?industry FILTER(!BOUND(?least) || ?least < 3) } ORDER BY ?industry
"""
_PARKS_GRAPH = """\
#+ summary: "Parks as a graph."
CONSTRUCT { ?s a ip:IndustrialPark } WHERE { ?s a ip:IndustrialPark }
"""

#: A server that is started for one module is stopped by this much later at the latest, in seconds.
_GRACE = 20


@contextmanager
def serving(project: Project, *options: str) -> Iterator[httpx.Client]:
    """Run a server on a free port until the block ends."""
    command = [sys.executable, "-m", "kgtool", "--project", str(project.root), "serve", "--port", "0", *options]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert server.stderr is not None
    try:
        lines = []
        for line in server.stderr:
            lines.append(line)
            if found := re.search(r"at (http://\S+:\d+)/", line):
                break
        else:
            pytest.fail(f"the server did not start: {''.join(lines)}")
        with httpx.Client(base_url=found[1], timeout=60) as client:
            yield client
    finally:
        server.terminate()
        server.communicate(timeout=_GRACE)
    assert server.returncode in (0, -15), f"the server ended with {server.returncode}"


@pytest.fixture(scope="session")
def served_project(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny project, with a query that has parameters and one that makes a graph."""
    root = tmp_path_factory.mktemp("served") / "tiny"
    # Tests of the command line write queries of their own into the shared project, before this or after it.
    shutil.copytree(built_project.root, root, ignore=shutil.ignore_patterns("parks.rq"))
    (root / "queries" / "of-park.rq").write_text(_OF_PARK, encoding="utf-8")
    (root / "queries" / "parks-graph.rq").write_text(_PARKS_GRAPH, encoding="utf-8")
    return Project(root)


@pytest.fixture
def serve(served_project: Project, request: pytest.FixtureRequest) -> Serve:
    """Start a server of the tiny project with some options, for one test."""

    def start(*options: str | Path) -> httpx.Client:
        context = serving(served_project, *map(str, options))
        client = context.__enter__()
        request.addfinalizer(lambda: context.__exit__(None, None, None))
        return client

    return start


@pytest.fixture(scope="session")
def client(served_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server of the tiny project as it is by default, for all tests that leave it as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        with serving(served_project) as client:
            yield client


def error_of(response: httpx.Response) -> tuple[int, str, str]:
    """Check that an answer is an error as all are, and return its status, code and message."""
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"error"}
    error = response.json()["error"]
    assert set(error) == {"code", "message", "where", "hint"}
    return response.status_code, error["code"], error["message"]
