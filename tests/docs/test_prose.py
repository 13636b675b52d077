# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the prose reports planted sentences, where they are, and leaves code alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from docs.prose import COLLECTION, TEST, VOCABULARY, files, findings, main

PLANTED = (
    "Operations that are each looked at as often as if they were alone.",
    "A failed last look is the last.",
    "Not yet told to the caller.",
    "Each leaf of the login overrides its variable.",
    "One by one, where the list was in vain.",
    "A single look goes ahead.",
    "A poll that is under way.",
    "It waits until the operation is over.",
    "Errors that heal do not end the wait.",
    "The task sits out 429 and 5xx.",
    "What is watched with one login.",
    "Give an ID.\nWhat heals is retried.",
    "Who gives one of them means that kind.",
    "Refused are the other hosts.",
    "Without a page, as a rule.",
    "A delete that was seen is.",
    "Alternatives: who gives one in the task ignores the other.",
    "It has every last state on a time-out.",
    "The wait goes on.",
    "It doesn't wait.",
    "The colour of a failed operation.",
)
BAD = "The server is looked at."
GOOD = "The module polls the server until the operation is finished. What to wait for? Who may do that?"


@pytest.mark.parametrize("sentence", PLANTED)
def test_a_planted_sentence_is_reported(sentence: str) -> None:
    assert findings(f"Read this first.\n\n{sentence}\n", ".md")


def test_plain_sentences_are_not_reported() -> None:
    assert findings(f"## What is tested\n\n{GOOD}\n", ".md") == []


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".md", f"# Title\n\n{BAD}\n"),
        (".md", "# Title\n\nA server that is looked\nat twice.\n"),
        (".py", f'"""Title."""\n\n# {BAD}\n'),
        (".py", f'def read():\n    """Return it.\n    {BAD}"""\n'),
        (".py", f'name = "x"\n\nraise ValueError("{BAD}")\n'),
        (".py", f'name = "x"\n\nraise ValueError(f"{BAD} {{name}}")\n'),
        (".yml", f"---\noptions:\n  - {BAD}\n"),
        (".yml", f"---\noptions:\n# {BAD}\n"),
        (".sh", f"#!/bin/bash\n\n# {BAD}\n"),
        (TEST, f'"""Title."""\n\n# {BAD}\n'),
        (TEST, f'def read():\n    """Return it.\n    {BAD}"""\n'),
    ],
)
def test_prose_is_found_at_its_line(suffix: str, text: str) -> None:
    (found,) = findings(text, suffix)

    assert found.pos[0] == 3


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".md", "```yaml\n# it was looked at\n```\n"),
        (".md", "The sentence `it was looked at` is shown.\n"),
        (".md", "[A page](told/glance.md)\n"),
        (".md", "<!-- begin of the table x -->\n| looked at |\n<!-- end of the table x -->\n"),
        (".py", 'told = {"looked at": 1}\n'),
        (".sh", f'echo "{BAD}"\n'),
        (TEST, f'"""Title."""\n\nanswer = "{BAD}"\nassert f"{{answer}} {BAD}", (\n    "{BAD}"\n)\n'),
        (".yml", "options:\n  - O(looked at) and ``looked at`` and {{ looked at }}\n"),
    ],
)
def test_code_is_not_prose(suffix: str, text: str) -> None:
    assert findings(text, suffix) == []


@pytest.mark.parametrize(
    "name", ["README.md", "conftest.py", "plugins/modules/operation_info.py", "tests/unit/replay.py"]
)
def test_the_prose_of_the_whole_repository_is_checked(name: str) -> None:
    assert COLLECTION / name in files()
    assert COLLECTION / "tests/docs/test_prose.py" not in files()


@pytest.mark.parametrize(("text", "code"), [(BAD, 1), (GOOD, 0)])
def test_the_command_prints_where_and_what_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n\n{text}\n", encoding="utf-8")

    assert main([str(page)]) == code
    assert capsys.readouterr().out == ("" if code == 0 else f"{page}:3: {EXPECTED}\n")


EXPECTED = "'looked at': write polled, read or checked. (vocabulary.words)"


def test_suggestions_are_plain_english() -> None:
    vocabulary = yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))
    suggestions = [instead for group in vocabulary.values() for instead in group.values()]

    assert suggestions and findings("\n\n".join(f"Write {each}." for each in suggestions), ".md") == []
