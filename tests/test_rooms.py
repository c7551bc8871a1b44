"""Rooms import one way only, and Prefect has one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {"schemas": {"parsers", "pipeline"}, "parsers": {"pipeline"}}


def imports(path: Path) -> Iterator[str]:
    """The top package of every import, late ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("room", FORBIDDEN)
def test_no_room_imports_from_one_further_down(room: str) -> None:
    wrong = {
        str(path): found for path in (ROOT / room).rglob("*.py") if (found := FORBIDDEN[room] & set(imports(path)))
    }
    assert wrong == {}


def test_only_the_flows_import_prefect() -> None:
    rooms = (path for room in ("schemas", "parsers", "pipeline") for path in (ROOT / room).rglob("*.py"))
    assert {path.parent.name for path in rooms if "prefect" in imports(path)} == {"flows"}


def test_interpreters_know_no_format() -> None:
    readers = {"pdfplumber", "pypdfium2", "docx", "lxml"}
    assert [path for path in (ROOT / "parsers/interpret").rglob("*.py") if readers & set(imports(path))] == []


def test_the_rooms_of_the_pipeline_are_few_and_import_each_other_in_no_circle() -> None:
    rooms = {path.name for path in (ROOT / "pipeline").iterdir() if (path / "__init__.py").is_file()}
    needs: dict[str, set[str]] = {room: set() for room in rooms}
    for room in rooms:
        for path in (ROOT / "pipeline" / room).rglob("*.py"):
            needs[room] |= (neighbours(path) & rooms) - {room}
    TopologicalSorter(needs).prepare()  # raises CycleError, which names the circle
    assert len(rooms) < 15


def neighbours(path: Path) -> set[str]:
    """The parts of the pipeline that a module imports from, late imports included."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    modules = (node.module.split(".") for node in tree if isinstance(node, ast.ImportFrom) and node.module)
    return {module[1] for module in modules if module[0] == "pipeline" and len(module) > 1}
