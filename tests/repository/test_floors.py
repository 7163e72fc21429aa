"""The house as it is drawn: imports and foreign keys go down, and no migration is missing."""

from __future__ import annotations

import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from support.house import House

ROOT = Path(__file__).parents[2]


def floors() -> list[str]:
    """The contexts from the top of the house to its ground, as pyproject.toml has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["name"] == "Floors")
    return [layer.strip("()") for layer in layers]


def rooms() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["name"] == "Foundation")
    return list(layers)


def height(module: str) -> tuple[int, int]:
    """How high a module stands: its floor, and inside the foundation its room."""
    words = module.split(".")[1:]
    floor = len(floors()) - floors().index(words[0])
    return floor, len(rooms()) - rooms().index(words[1]) if words[0] == "foundation" else 0


def test_imports_go_down_and_never_up() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_every_folder_has_its_floor() -> None:
    folders = {place.name for place in (ROOT / "src/salur").iterdir() if (place / "__init__.py").is_file()}
    assert folders <= set(floors())
    assert {
        place.name for place in (ROOT / "src/salur/foundation").iterdir() if (place / "__init__.py").is_file()
    } == set(rooms())


def models(house: House) -> list[Any]:
    from django.apps import apps

    return [model for model in apps.get_models() if model.__module__.startswith("salur.")]


def test_foreign_keys_point_down_and_tell_nothing_back_across_contexts(house: House) -> None:
    wrong = []
    for model in models(house):
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created:
                continue
            target = field.related_model
            if not target.__module__.startswith("salur."):
                wrong.append(f"{model.__name__}.{field.name} points out of the house")
            elif target.__module__ != model.__module__:
                if height(target.__module__) >= height(model.__module__):
                    wrong.append(f"{model.__name__}.{field.name} points up, to {target.__name__}")
                if field.remote_field.related_name != "+":
                    wrong.append(f"{model.__name__}.{field.name} can be seen from {target.__name__}")
    assert wrong == []


def test_foreign_keys_name_the_class(house: House) -> None:
    """The import linter cannot see a string."""
    for model in models(house):
        for line in Path(ROOT / "src" / (model.__module__.replace(".", "/") + ".py")).read_text().splitlines():
            for word in ("ForeignKey(", "OneToOneField(", "ManyToManyField("):
                if word in line:
                    assert not line.split(word)[1].startswith(('"', "'")) or '("self"' in line, line


def test_no_migration_is_missing(house: House) -> None:
    script = runpy.run_path(str(ROOT / "scripts/missing_migrations.py"))
    assert script["missing"]() == []


def test_sql_begins_with_the_reason_for_it() -> None:
    files = list((ROOT / "src").rglob("*.sql"))
    assert files
    assert [
        file for file in files if not file.read_text().startswith("-- ") or len(file.read_text().splitlines()[0]) < 20
    ] == []


def test_files_are_about_one_thing() -> None:
    """A file of 350 lines has a second noun."""
    files = [file for file in (ROOT / "src").rglob("*.py") if "migrations" not in file.parts]
    assert {file.name: lines for file in files if (lines := len(file.read_text().splitlines())) > 350} == {}
