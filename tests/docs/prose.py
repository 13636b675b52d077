# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the prose of the repository with proselint and the project's vocabulary.

Usage: prose.py [FILE ...]    prints what to write instead, and ends with 1 if there is anything
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml
from proselint.checks import __register__ as own_checks
from proselint.config import Config
from proselint.registry import CheckRegistry
from proselint.registry.checks import Check, CheckFlags, Padding
from proselint.registry.checks.engine import Fancy, RegexOptions
from proselint.registry.checks.types import PreferredForms
from proselint.tools import LintFile, LintResult

COLLECTION = Path(__file__).resolve().parents[2]
VOCABULARY = Path(__file__).with_name("vocabulary.yml")
PATTERNS = (
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**/*.md", "roles/*/README.md"),
    *("roles/**/*.yml", "playbooks/**/*.yml", "extensions/**/*.yml", "changelogs/fragments/*.yml"),
    *("plugins/**/*.py", "extensions/**/*.py"),
    *(".github/**/*.yml", "conftest.py", "tests/**/*.md", "tests/**/*.yml", "tests/**/*.py", "tests/**/*.sh"),
)
# The words of others, or of a release; the checks of the prose quote what they forbid.
EXCLUDED = (
    "tests/docs",
    "tests/tools",
    "tests/functional/openstack/lab",
    "tests/functional/awx/release_1_0_0",
)
# The groups of proselint's own checks that fit a manual.
GROUPS = ("archaism", "cliches", "malapropisms", "mixed_metaphors", "needless_variants", "nonwords", "redundancy")
CONFIG = Config(max_errors=1000, checks={"vocabulary": True, **dict.fromkeys(GROUPS, True)})
_WORDS = 4  # a string of fewer is a name or a value
_STATEMENT_ENDS = ("NEWLINE", "INDENT", "DEDENT", "ENCODING")  # a string after one of these is a docstring

_NO_PROSE = re.compile(
    "|".join(
        (
            r"^(```.*?^```)$",
            r"<!-- begin of the table.*?<!-- end of the table",
            r"<!--.*?-->",
            r"``[^`]+``|`[^`\n]+`",
            r"\]\([^)\s]+\)",
            r"\{\{.*?\}\}",
            r"\b[A-Z]\([^)]*\)",  # Ansible's markup
        )
    ),
    re.MULTILINE | re.DOTALL,
)
_CODE_QUOTE = "x"  # stands for code in a sentence, so that the words around it do not meet


def _blank(text: str) -> str:
    """Replace code by blanks, of the same length and number of lines."""
    return re.sub(r"\S", " ", text)


def _without_code(text: str) -> str:
    return _NO_PROSE.sub(lambda match: _CODE_QUOTE + _blank(match.group())[1:], text)


def _prose(text: str, strings: bool) -> Iterator[tokenize.TokenInfo]:
    """Yield comments and docstrings, and with C(strings) also other strings of several words."""
    before = "NEWLINE"
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        is_sentence = kind in ("STRING", "FSTRING_MIDDLE") and strings and len(token.string.split()) >= _WORDS
        if is_sentence or kind == "COMMENT" or (kind == "STRING" and before in _STATEMENT_ENDS):
            yield token
        if kind not in ("NL", "COMMENT"):
            before = kind


def _of_python(text: str, strings: bool = True) -> str:
    """Return comments, docstrings and sentences at their lines, and nothing else."""
    lines = [""] * (text.count("\n") + 1)
    for token in _prose(text, strings):
        for number, line in enumerate(token.string.splitlines(), token.start[0] - 1):
            lines[number] += f" {line.strip('# ')}"
    return _without_code("\n".join(line.replace('"""', " ") for line in lines))


def _of_test(text: str) -> str:
    """Return comments and docstrings of a test at their lines. Its other strings are data."""
    return _of_python(text, strings=False)


def _of_shell(text: str) -> str:
    """Return the comments of a script at their lines."""
    return "\n".join(line.lstrip("# ") if line.lstrip().startswith("#") else "" for line in text.splitlines())


def _of_yaml(text: str) -> str:
    """Return comments and values; a bar in the place of a key ends the sentence before."""
    return _without_code(re.sub(r"^(\s*(?:- )?)(?:#|[\w.-]+:(?=\s))", r"\1|", text, flags=re.MULTILINE))


TEST = "test.py"
READERS: dict[str, Callable[[str], str]] = {
    ".md": _without_code,
    ".py": _of_python,
    TEST: _of_test,
    ".sh": _of_shell,
    ".yml": _of_yaml,
}


def _checks() -> Iterator[Check]:
    """Make proselint's checks of the vocabulary."""
    vocabulary = yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))
    begin = r'(?:^[ \t*"|>-]*|(?<=[.!?] )|(?<=[.!?]\n)\s*|(?<=: ))'
    for name, frame, any_case in (("words", r"\b{}\b", True), ("sentences", begin + "{}", False)):
        items = {frame.replace("{}", each.replace(" ", r"\s+")): instead for each, instead in vocabulary[name].items()}
        yield Check(
            check_type=PreferredForms(items=items, padding=Padding.RAW),
            engine=Fancy(RegexOptions(case_insensitive=any_case, multi_line=True)),
            path=f"vocabulary.{name}",
            message="'{1}': write {0}.",
            flags=CheckFlags(allow_quotes=True),
        )


def register() -> None:
    """Register proselint's own checks and the vocabulary, once in a process."""
    if not CheckRegistry().checks:
        CheckRegistry().register_many((*own_checks, *_checks()))


def findings(text: str, kind: str) -> list[LintResult]:
    """Return what is wrong in a text, in the order of its lines. kind: a key of READERS."""
    register()
    prose = READERS[kind](text)
    return LintFile("text", prose).lint(CONFIG) if prose.strip() else []


def files() -> list[Path]:
    """Return the files with our prose."""
    found = {each for one in PATTERNS for each in COLLECTION.glob(one)}
    excluded = [COLLECTION / name for name in EXCLUDED]
    return sorted(each for each in found if not any(folder in each.parents for folder in excluded))


def main(names: list[str]) -> int:
    """Check these files, or all."""
    found = 0
    for file in map(Path, names) if names else files():
        kind = TEST if file.suffix == ".py" and COLLECTION / "tests" in file.resolve().parents else file.suffix
        for each in findings(file.read_text(encoding="utf-8"), kind):
            name = file.relative_to(COLLECTION) if file.is_relative_to(COLLECTION) else file
            message = " ".join(each.check_result.message.split())
            print(f"{name}:{each.pos[0]}: {message} ({each.check_result.check_path})")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
