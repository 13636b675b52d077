# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide to troubleshooting explains every message of the collection, and no other."""

from __future__ import annotations

import functools
import re

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http import error_body
from ansible_collections.cloudgate.operations.plugins.module_utils._model import errors
from docs.pages import COLLECTION, page, section, tables
from docs.sentences import GAP, Sentence, of_tasks, reasons, sentences

GUIDE = page("docs/guides/troubleshooting.md")
CLASSES = {name: each for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, Exception)}
PLUGINS = [
    file
    for part in ("module_utils", "plugin_utils", "action", "filter")
    for file in sorted(COLLECTION.glob(f"plugins/{part}/**/*.py"))
]
TASKS = [
    *COLLECTION.glob("roles/*/tasks/*.yml"),
    *COLLECTION.glob("playbooks/*.yml"),
    *COLLECTION.glob("extensions/awx/project/*.yml"),
]
SAID = [
    *(each for file in PLUGINS for each in sentences(file, {*CLASSES, "AnsibleError"})),
    *(each for file in TASKS for each in of_tasks(file)),
]
KINDS = sorted({each.kind for each in CLASSES.values()} | {"failed", "timeout"})
NOVA = COLLECTION / "plugins/module_utils/_providers/nova"
VERDICTS = [NOVA / f"{name}.py" for name in ("verdict", "server_verdict", "image_verdict", "evidence", "provider")]
REASONS = [each for file in VERDICTS for each in reasons(file) if each.parts != ("was not read",)]  # never shown
MEANINGS = tables(section(page("docs/guides/verdicts.md"), "What the reasons mean"))[0][1:]
NO_SENTENCES = {  # parts of a sentence that the page shows in full
    ", or set",
    ": give it, or",
    "must be",
    "an object",
    "a list of objects",
    "in region",
    "in auth",
    "the file that OS_CLIENT_CONFIG_FILE names",
    ", or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK.",
    "provider, operations, connection",
}
CONTENTS = {  # sentences of reports and logs about success
    "a dictionary with",
    "of … unfinished.",
    "The task ended without a result.",
    "The cloud answers again.",
    ". Times are those of each cloud's own clock.",
    "The steps of … more operations are left out.",
    "earlier steps are left out.",
}
_STATUS = re.compile(r"answered (\d{3}): …")


@functools.cache
def explained(kind: str | None = None) -> list[str]:
    """Return the sentences of a section of the guide, or of all of them but Ansible's own."""
    text = section(GUIDE, kind) if kind else GUIDE.split("## What Ansible says itself")[0]
    cells = [row[0] for table in tables(text) if table[0][0] == "sentence" for row in table[1:]]
    return [cell.strip("`") for cell in cells]


def is_explained(sentence: Sentence) -> bool:
    kind = getattr(CLASSES.get(sentence.error), "kind", None)
    return any(sentence.is_in(each) for each in explained(kind))


def test_the_source_was_read() -> None:
    assert {each.error for each in SAID} > {"InputError", "ProtocolError", "TransportError", "MissingError"}
    assert len(SAID) > 100
    assert {each.place for each in SAID} >= {"main.yml", "status.yml"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_section(kind: str) -> None:
    assert explained(kind)


@pytest.mark.parametrize("sentence", [each for each in SAID if " … ".join(each.parts) not in CONTENTS], ids=str)
def test_each_sentence_of_the_collection_is_explained(sentence: Sentence) -> None:
    text = " … ".join(sentence.parts)
    a_part = text in NO_SENTENCES and text in GUIDE

    assert a_part or is_explained(sentence), f"docs/guides/troubleshooting.md lacks: {text}"


def unexplained_words(text: str) -> list[str]:
    """Return the words of an explained sentence that no sentence of the collection has."""
    parts = {part for sentence in SAID if sentence.is_in(text) for part in sentence.parts}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, GAP)
    return [word for word in text.split() if word.isalpha()]


@pytest.mark.parametrize("text", explained())
def test_each_explained_sentence_is_in_the_collection(text: str) -> None:
    assert _STATUS.search(text) or len(unexplained_words(text)) <= 2  # such as an option that replaces others


def test_a_sentence_that_is_gone_from_the_collection_is_found() -> None:
    assert unexplained_words("The login failed: nobody says this any more.") != []
    assert len(unexplained_words("The login failed: Keystone answered with something else than JSON.")) > 2


@pytest.mark.parametrize("status", [400, *error_body._ERRORS, 503])
def test_each_status_is_explained_where_its_kind_is(status: int) -> None:
    kind = error_body.error_from(status, {}, '{"message": "no"}', "https://cloud.example.com/v1").kind

    assert any(f"answered {status}: …" in each for each in explained(kind))


def test_the_reasons_were_read() -> None:
    assert {each.error for each in REASONS} >= {"succeeded", "failed", "unknown", "pending", "running"}


@pytest.mark.parametrize("reason", REASONS, ids=str)
def test_each_reason_has_a_meaning(reason: Sentence) -> None:
    states = {state for row in MEANINGS if reason.is_in(row[0]) for state in re.findall(r"`(\w+)`|(in any)", row[1])}
    states = {one or other for one, other in states}

    assert {reason.error, "in any"} & states or (reason.error == "state" and {"pending", "running"} & states)


@pytest.mark.parametrize("meaning", [row[0].strip("`") for row in MEANINGS])
def test_each_meaning_has_a_reason(meaning: str) -> None:
    parts = [part.strip(" ,;()`") for part in re.split("…|[;:,] (?:and |but )?|the server ", meaning)]

    source = "".join(file.read_text(encoding="utf-8") for file in VERDICTS)
    assert all(part in source for part in parts)
