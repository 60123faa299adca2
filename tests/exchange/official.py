"""360Giving's own rules, read from its published schemas and code lists: what a file of ours is held against.

flatten-tool, the official conversion of sheets, is used where it is installed: two of its parts are published as source
only, so that it is not among what every set-up installs.
"""

import csv
import importlib.util
import json
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

FLATTEN = importlib.util.find_spec("flattentool") is not None


def faults_of(package: dict[str, Any], standard: Path) -> list[str]:
    """What the official rules find wrong: the schema as draft 4 with its formats, then the closed code lists."""
    found = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:120]}"
        for error in _validator(standard).iter_errors(package)
    ]
    ids = Counter(grant.get("id") for grant in package["grants"])
    found += [f"{id_}: twice" for id_, count in ids.items() if count > 1]
    schema = json.loads((standard / "360-giving-schema.json").read_text(encoding="utf-8"))
    for number, grant in enumerate(package["grants"]):
        for path, word, codes in _coded(grant, schema, schema, standard):
            if word not in codes:
                found.append(f"grants/{number}/{path}: {word}")
    return found


@cache
def _validator(standard: Path) -> Draft4Validator:
    package = json.loads((standard / "360-giving-package-schema.json").read_text(encoding="utf-8"))
    grant = json.loads((standard / "360-giving-schema.json").read_text(encoding="utf-8"))
    package["$defs"] = grant.pop("$defs")
    grant.pop("$id"), grant.pop("$schema"), package.pop("$id"), package.pop("$schema")
    package["properties"]["grants"]["items"] = grant
    del package["properties"]["grants"]["uniqueItems"]  # the official checker reads it as "no two with one id"
    return Draft4Validator(package, format_checker=Draft4Validator.FORMAT_CHECKER)


def _coded(value: Any, schema: dict[str, Any], root: dict[str, Any], standard: Path, path: str = "") -> Iterator[Any]:
    """Every value under a closed code list, with its path and the codes."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "codelist" in schema and value is not None:
        yield path, value, _codes(standard / "codelists" / schema["codelist"])
    if isinstance(value, dict):
        for name, part in value.items():
            if name in schema.get("properties", {}):
                yield from _coded(part, schema["properties"][name], root, standard, f"{path}/{name}")
    elif isinstance(value, list):
        for part in value:
            yield from _coded(part, schema.get("items", {}), root, standard, path)


@cache
def _codes(path: Path) -> frozenset[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["Code"] for row in csv.DictReader(file))


def converted(path: Path, standard: Path, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """A sheet of ours as the official conversion makes a package of it, and what it warned of."""
    import flattentool

    target = folder / f"{path.name}.converted.json"
    about = json.loads((standard / "360-giving-package-schema.json").read_text(encoding="utf-8"))
    del about["properties"]["grants"]  # it names the other schema by an address
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    meta: dict[str, Any] = {
        "metatab_name": "Meta",
        "metatab_schema": str(folder / "about.json"),
        "metatab_vertical_orientation": True,
    }
    source = path
    if path.suffix == ".csv":  # it takes a folder of them
        source = folder / f"{path.stem}-csv"
        source.mkdir(exist_ok=True)
        (source / "grants.csv").write_bytes(path.read_bytes())
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        flattentool.unflatten(
            str(source),
            input_format=path.suffix[1:],
            output_name=str(target),
            schema=str(standard / "360-giving-schema.json"),
            root_list_path="grants",
            root_id="",
            convert_titles=True,
            encoding="utf-8-sig" if path.suffix == ".csv" else "utf-8",
            **(meta if path.suffix == ".xlsx" else {}),
        )
    said = [str(one.message) for one in heard if "flattentool" in str(one.category) or one.category is UserWarning]
    return json.loads(target.read_text(encoding="utf-8")), said
