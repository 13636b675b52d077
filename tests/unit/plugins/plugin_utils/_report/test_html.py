# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a report: well-formed, complete, and without markup from a cloud."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, Dict, List, Optional, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import printable
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.html import html
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.model import report_from
from ansible_collections.cloudgate.operations.tests.unit.reported import AT, operation, retried, step, wait
from hypothesis import given
from hypothesis import strategies as st

VOID = {"meta", "line", "rect", "circle", "path", "use"}
NASTY = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "' style='background:url(https://evil.example)",
    "--></svg><iframe src=//evil.example>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#60;",
    "javascript:alert(1)",
    "]]><!DOCTYPE html>",
    "STYLE STYLE_HASH",
)


class Page(HTMLParser):
    """A page as a browser reads it: its tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: List[Tuple[str, List[Tuple[str, Optional[str]]]]] = []
        self.ends: List[str] = []
        self.text = ""
        self.opened: List[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, attrs))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(value: Any, title: str = "Operations") -> Page:
    made = Page(html(report_from(value, AT, title)))
    assert made.opened == []
    return made


def said_everywhere(text: str) -> Dict[str, Any]:
    """Return a failed wait with this text wherever a cloud or a user can say something."""
    steps = [step(text, "failed", 90, 80, error=text, host=text, result=text), step(text, "running", 70)]
    names = ("provider", "operation_id", "resource_id", "resource_type", "type", "reason", "raw_status", "warning")
    said = operation("failed", 100, 50, steps=steps, **dict.fromkeys(names, text))
    return wait([said], failure={"kind": "failed", "message": text}, last_error=text)


@given(st.text(st.characters(codec=None), min_size=1).filter(lambda text: printable(text).strip()))
def test_no_text_becomes_a_tag_or_an_attribute(text: str) -> None:
    made, plain = page(said_everywhere(text), text), page(said_everywhere("x"), "x")

    assert made.tags == plain.tags
    assert made.text.count(printable(text).strip()) >= 14


@pytest.mark.parametrize("text", NASTY)
def test_no_known_trick_becomes_a_tag_or_an_attribute(text: str) -> None:
    made = page(said_everywhere(text), text)

    assert made.tags == page(said_everywhere("x"), "x").tags
    assert made.text.count(text) >= 14


@pytest.mark.parametrize("field", ["started_at", "finished_at", "updated_at", "state", "retries", "duration"])
@pytest.mark.parametrize("text", NASTY)
def test_times_numbers_and_states_are_no_way_in_either(field: str, text: str) -> None:
    part, whole = step("one", "failed", 9, 8), operation("failed")
    made = page([{**whole, "steps": [{**part, field: text}], field: text}])

    allowed = set("0123456789.%") | set("succeeded failed running pending unknown open")
    for tag, attributes in made.tags:
        assert tag != "script"
        assert all(set(value or "") <= allowed for name, value in attributes if tag == "rect" and name != "fill")
    assert text not in made.text


def test_nothing_is_loaded_and_nothing_can_be() -> None:
    made = page(wait([retried()]))

    (policy,) = [dict(each)["content"] for tag, each in made.tags if dict(each).get("http-equiv")]
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/]+='", str(policy))
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & {tag for tag, _each in made.tags}
    names = {name for _tag, each in made.tags for name, _value in each}
    assert not {"src", "style", "srcset", "action"} & names and not [each for each in names if each.startswith("on")]
    assert all(str(dict(each)["href"]).startswith("#") for _tag, each in made.tags if "href" in dict(each))
    assert "url(" not in made.text.replace("url(#stripes)", "") and "@import" not in made.text


def test_the_page_says_what_is_to_be_known() -> None:
    made = page(wait([retried(), operation("running", 30)], failure={"message": "1 of 2 failed."}))
    text = " ".join(made.text.split())

    for said in (
        "Gate shut",
        "1 of 2 failed.",
        "1 failed",
        "1 running",
        "waited 3 min 01 s · 43 polls",
        "1 retry",
        "server server-1 · openstack",
        "No room on host one.",
        "again",
        "on two",
        "+25 s",
        "so far",
    ):
        assert said in text


def test_a_step_is_a_row_of_a_table_with_heads() -> None:
    made = page([retried()])

    scopes = [dict(each).get("scope") for tag, each in made.tags if tag == "th"]
    assert scopes == ["col"] * 5
    assert len([tag for tag, _each in made.tags if tag == "tr"]) == 1 + 3
    assert all(dict(each).get("aria-hidden") == "true" for tag, each in made.tags if tag == "svg")


def test_among_many_operations_only_those_that_need_attention_are_open() -> None:
    many = [{**retried(), "state": state} for state in ["succeeded"] * 900 + ["failed"] * 60 + ["running"] * 40]
    made = html(report_from(wait(many), AT))

    shown = made.split("<section>")[1:]
    assert [part.count("<details open>") for part in shown] == [10, 10, 0]
    assert [part.count('<details class="rest">') for part in shown] == [1, 0, 1]
    assert "850 more" in made and made.count('class="steps"') == 1000
    assert len(made.encode()) < 3_000_000


def test_few_operations_are_all_open() -> None:
    assert html(report_from(wait([operation("succeeded"), retried()]), AT)).count("<details open>") == 2
