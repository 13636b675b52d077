# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages in the collection's source, and the messages that a page explains."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from docs.arguments import all_tasks

GAP = "…"  # as a page writes it in place of a name or a number
_LETTER = re.compile("[a-z]")
_QUOTED = re.compile("'([^']+)'")
_WORDS = 2  # a literal of fewer is no sentence, but a part of one, such as a conjunction


@dataclass(frozen=True)
class Sentence:
    """A sentence: its literal parts in order, and the class of the error that has it."""

    parts: tuple[str, ...]
    error: str
    place: str

    def is_in(self, said: str) -> bool:
        """Return whether a sentence of a page is this one."""
        return re.search(".*".join(map(re.escape, self.parts)), said) is not None

    def __str__(self) -> str:
        return f"{self.place}: {GAP.join(self.parts)}"


def literal_parts(node: ast.AST) -> tuple[str, ...]:
    """Return the fixed parts of a string, an f-string, or a sum of them; of a conditional, those of its first case."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (" ".join(node.value.split()),) if node.value.strip() else ()
    if isinstance(node, ast.JoinedStr):
        return tuple(part for each in node.values for part in literal_parts(each))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return literal_parts(node.left) + literal_parts(node.right)
    return literal_parts(node.body) if isinstance(node, ast.IfExp) else ()


def choices(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node, and every other branch of each conditional in it."""
    yield node
    for each in ast.walk(node):
        if isinstance(each, ast.BoolOp):
            yield from each.values
        if isinstance(each, ast.IfExp):
            yield each.orelse
            if each is not node:
                yield each.body


def _is_sentence(parts: tuple[str, ...]) -> bool:
    return sum(len(part.split()) for part in parts) >= _WORDS


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _target(node: ast.Assign | ast.AugAssign) -> ast.expr:
    return node.target if isinstance(node, ast.AugAssign) else node.targets[0]


def _assigned(function: ast.AST, names: set[str]) -> Iterator[ast.AST]:
    """Yield the values of these local names."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Assign, ast.AugAssign)) and getattr(_target(node), "id", None) in names:
            yield node.value


def _said_in(function: ast.AST, errors: set[str]) -> Iterator[tuple[ast.AST, str]]:
    """Yield the messages of errors, with the values of the local names in them, and what is appended later."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node) in errors and node.args:
            yield node.args[0], _name(node)
            names = {each.id for each in ast.walk(node.args[0]) if isinstance(each, ast.Name)}
            for value in _assigned(function, names):
                yield value, ""
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            target = _target(node)
            if getattr(target, "attr", getattr(target, "id", "")) in ("message", "last_error"):
                yield node.value, ""


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    alone = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    return {each for each in alone if isinstance(each, ast.Constant)}


def sentences(file: Path, errors: set[str]) -> list[Sentence]:
    """Return the messages of a file: those of its errors, and every other string that ends like a sentence."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = [pair for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for pair in _said_in(node, errors)]
    inside = {each for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for each in node.values}
    skipped = _docstrings(tree) | inside
    for node in ast.walk(tree):
        parts = literal_parts(node) if isinstance(node, (ast.Constant, ast.JoinedStr)) and node not in skipped else ()
        if parts and parts[-1].endswith("."):
            said.append((node, ""))
    found: dict[tuple[str, ...], Sentence] = {}
    for node, error in said:
        for way in choices(node):
            parts = literal_parts(way)
            if _is_sentence(parts) and not (parts in found and found[parts].error):
                found[parts] = Sentence(parts, error, f"{file.name}:{getattr(node, 'lineno', 0)}")
    return list(found.values())


def of_tasks(file: Path) -> list[Sentence]:
    """Return the sentences that a role's or a playbook's tasks fail with: those in quotes, else the literal message."""
    found = []
    for task in all_tasks(yaml.safe_load(file.read_text(encoding="utf-8"))):
        given = {**(task.get("ansible.builtin.assert") or {}), **(task.get("ansible.builtin.fail") or {})}
        message = str(given.get("fail_msg") or given.get("msg") or "")
        quoted = [text for text in _QUOTED.findall(message) if text.endswith(".")]
        ways = [(text,) for text in quoted] if "{{" in message and quoted else [_around_braces(message)]
        found += [Sentence(parts, "", file.name) for parts in ways if parts]
    return found


def _around_braces(message: str) -> tuple[str, ...]:
    """Return the parts of a message that Jinja does not fill in."""
    parts = re.split(r"\{\{.*?\}\}", message, flags=re.DOTALL)
    return tuple(part.strip() for part in parts if _LETTER.search(part))


def reasons(file: Path) -> list[Sentence]:
    """Return the reasons in a file: the second item of each pair with a state, of a Verdict, and of a finding."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        made = isinstance(node, ast.Call) and _name(node) in ("Verdict", "found")
        pair = node.args[:2] if made else getattr(node, "elts", [])  # type: ignore[attr-defined]
        if len(pair) == 2 and ast.unparse(pair[0]).startswith(("State.", "state")):
            state = ast.unparse(pair[0]).removeprefix("State.").lower()
            every = [tuple(filter(_LETTER.search, literal_parts(way))) for way in choices(pair[1])]
            found += [Sentence(parts, state, f"{file.name}:{node.lineno}") for parts in every if parts]
    return found
