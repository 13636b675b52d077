# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No floor imports a higher one, no files import each other in a circle, and no file is too long."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Set, Tuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ansible_collections.cloudgate.operations."
# The lowest first. Parts in one line are on the same floor, and none of them imports another.
FLOORS = (
    ("plugins.module_utils._model",),
    ("plugins.module_utils._http",),
    ("plugins.module_utils._auth",),
    ("plugins.module_utils._polling",),
    ("plugins.module_utils._providers",),
    ("plugins.module_utils._module",),
    ("plugins.plugin_utils",),
    ("plugins.modules", "plugins.action", "plugins.filter", "plugins.doc_fragments"),
    ("extensions.eda",),
)
LEVELS = {part: level for level, parts in enumerate(FLOORS) for part in parts}
LONGEST = 300  # lines
LONGER = {
    "plugins/modules/operation_info.py": "most of it is the documentation of its options and results",
    "plugins/modules/wait_for_operation.py": "most of it is the documentation of its options and results",
}


def files() -> Dict[str, Path]:
    """Return every file of ours that is shipped and imported, by its dotted name."""
    found = [*ROOT.glob("plugins/**/*.py"), *ROOT.glob("extensions/**/*.py")]
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(found)}
    return {name[: -len(".__init__")] if name.endswith(".__init__") else name: path for path, name in names.items()}


FILES = files()


def part_of(name: str) -> str:
    """Return the floor of a module."""
    found = [part for part in LEVELS if name == part or name.startswith(part + ".")]
    assert found, f"{name} is on no floor"
    return found[0]


def named(node: ast.AST, importer: str) -> Iterator[Tuple[str, str]]:
    """Yield the modules that a statement imports, and the names from them."""
    if isinstance(node, ast.Import):
        for each in node.names:
            if each.name.startswith(PACKAGE):
                yield each.name[len(PACKAGE) :], ""
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if node.level:
            module = ".".join([*importer.split(".")[: -node.level], *filter(None, [module])])
        elif module.startswith(PACKAGE):
            module = module[len(PACKAGE) :]
        else:
            return
        for each in node.names:
            yield module, each.name


def imports(source: str, importer: str, known: Set[str]) -> Set[str]:
    """Return the modules of ours that a source imports, also inside of functions and for types only."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        for module, name in named(node, importer):
            found.add(f"{module}.{name}" if f"{module}.{name}" in known else module)
    return found


def upward(importer: str, imported: Set[str]) -> List[str]:
    """Return those that are on a higher floor, or on the same one in another part."""
    mine = part_of(importer)
    return sorted(each for each in imported if part_of(each) != mine and LEVELS[part_of(each)] >= LEVELS[mine])


def circle(graph: Mapping[str, Set[str]]) -> List[str]:
    """Modules that import each other in a circle, if there are any."""
    done: Set[str] = set()

    def visit(name: str, path: List[str]) -> List[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for each in sorted(graph.get(name, ())):
            found = visit(each, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for found in (visit(name, []) for name in sorted(graph)) if found), [])


GRAPH = {name: imports(path.read_text(encoding="utf-8"), name, set(FILES)) for name, path in FILES.items()}


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_imports_upward(name: str) -> None:
    assert upward(name, GRAPH[name]) == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_each_imported_module_exists(name: str) -> None:
    assert GRAPH[name] <= set(FILES)


def test_no_circle() -> None:
    assert circle(GRAPH) == []


def test_each_package_of_the_modules_is_a_floor() -> None:
    beginnings = {".".join(name.split(".")[:3]) for name in FILES if name.startswith("plugins.module_utils.")}
    assert beginnings == {part for part in LEVELS if part.startswith("plugins.module_utils.")}


def test_no_file_is_too_long() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for name, path in FILES.items()
        if name.startswith("plugins.")
    }
    assert {name for name, lines in lengths.items() if lines > LONGEST} == set(LONGER)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from .._auth.login import Login", ["plugins.module_utils._auth.login"]),
        ("from .._auth import login", ["plugins.module_utils._auth.login"]),
        ("def f():\n    from .._polling import engine", ["plugins.module_utils._polling.engine"]),
        ("if TYPE_CHECKING:\n    from .._module.base import GateModule", ["plugins.module_utils._module.base"]),
        (f"from {PACKAGE}plugins.plugin_utils._watch.watch import Watch", ["plugins.plugin_utils._watch.watch"]),
        (f"import {PACKAGE}plugins.module_utils._auth.login", ["plugins.module_utils._auth.login"]),
        ("import json\nfrom .json import parse\nfrom .._model.errors import GateError", []),
    ],
)
def test_an_import_upward_is_found(source: str, found: List[str]) -> None:
    name = "plugins.module_utils._http.client"
    assert upward(name, imports(source, name, set(FILES))) == found


def test_a_module_does_not_import_another() -> None:
    source = f"from {PACKAGE}plugins.action import wait_for_operation"
    name = "plugins.modules.operation_info"
    assert upward(name, imports(source, name, set(FILES))) == ["plugins.action.wait_for_operation"]


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
