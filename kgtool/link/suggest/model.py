"""The model: which features are compared, and how much each outcome speaks for or against. It is a file of Splink's.

https://moj-analytical-services.github.io/splink/api_docs/settings_dict_guide.html
"""

from __future__ import annotations

import json
import math
from importlib.resources import files
from pathlib import Path
from typing import Any

from kgtool.errors import DataError

__all__ = ["labels_of", "read_model"]

_HINT = "start from kgtool/link/suggest/model.json"


def read_model(file: Path | None = None) -> dict[str, Any]:
    """Read a model: kgtool's own, or a file of settings for Splink.

    :raises DataError: if it cannot be read, or is none.
    """
    name: Any = file or files("kgtool.link.suggest") / "model.json"
    try:
        model = json.loads(name.read_text(encoding="utf-8"))
    except OSError as exc:
        raise DataError(f"cannot read it: {exc.strerror}", file=file, hint="give a file that is there") from exc
    except ValueError as exc:
        raise DataError(f"no JSON: {exc}", file=file, hint=_HINT) from exc
    if not isinstance(model, dict) or model.get("link_type") != "link_only":
        raise DataError("no model: its link_type is not 'link_only'", file=file, hint=_HINT)
    for column, needed in (("unique_id_column_name", "row"), ("source_dataset_column_name", "side")):
        if model.get(column) != needed:
            raise DataError(f"{column} is not '{needed}'", file=file, hint=_HINT)
    for comparison in model.get("comparisons") or [None]:
        if not isinstance(comparison, dict) or not comparison.get("output_column_name"):
            raise DataError("a comparison without output_column_name", file=file, hint=_HINT)
        for level in comparison.get("comparison_levels") or [None]:
            if not isinstance(level, dict) or not level.get("sql_condition"):
                raise DataError(
                    f"{comparison['output_column_name']} has a level without condition", file=file, hint=_HINT
                )
            for probability in () if level.get("is_null_level") else ("m_probability", "u_probability"):
                value = level.get(probability)
                if not isinstance(value, int | float) or not 0 < value <= 1 or math.isnan(value):
                    raise DataError(
                        f"{comparison['output_column_name']}: {probability} is {value}, no probability",
                        file=file,
                        hint=_HINT,
                    )
    if not model.get("blocking_rules_to_generate_predictions"):
        raise DataError("no blocking rules: everything would be compared with everything", file=file, hint=_HINT)
    return model


def labels_of(model: dict[str, Any]) -> dict[str, dict[int, str]]:
    """Return what the levels of each comparison are called, by the number that Splink gives them: the last is 0."""
    labels: dict[str, dict[int, str]] = {}
    for comparison in model["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        numbered = {len(levels) - 1 - place: level for place, level in enumerate(levels)}
        named = {
            number: str(level.get("label_for_charts") or level["sql_condition"]) for number, level in numbered.items()
        }
        labels[comparison["output_column_name"]] = {-1: "not known", **named}
    return labels
