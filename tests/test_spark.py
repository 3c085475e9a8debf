"""How Spark is started: nothing listens to others on this machine alone; a cluster is left to its own configuration."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kgtool.errors import ProjectError
from kgtool.spark import first_line, open_session, settings

_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR", "SPARK_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_on_this_machine_alone_nothing_listens_to_others() -> None:
    assert settings(None) == {**_QUIET, "spark.master": "local[*]", **_LOOPBACK}
    assert settings("local[2]") == {**_QUIET, "spark.master": "local[2]", **_LOOPBACK}


def test_a_cluster_answers_to_the_address_of_sparks_own_configuration() -> None:
    assert settings("spark://host:7077") == {**_QUIET, "spark.master": "spark://host:7077"}


def test_a_master_in_sparks_own_configuration_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "spark-defaults.conf").write_text("# spark.master local\nspark.executor.memory 1g\n", encoding="utf-8")
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    assert settings(None)["spark.master"] == "local[*]"
    (tmp_path / "spark-defaults.conf").write_text("spark.master   spark://host:7077\n", encoding="utf-8")
    assert settings(None) == _QUIET
    monkeypatch.delenv("SPARK_CONF_DIR")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--master yarn pyspark-shell")
    assert settings(None) == _QUIET


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with (
        pytest.raises(ProjectError, match=r"pip install 'kgtool\[link,spark\]'"),
        open_session("x", extra="link,spark"),
    ):
        pass


def test_the_first_line_is_the_engines_own() -> None:
    outer = RuntimeError("long SQL")
    outer.__cause__ = ValueError("\n  no such column: x  \nat …")
    assert first_line(outer) == "no such column: x"
    assert first_line(ValueError()) == "ValueError"
