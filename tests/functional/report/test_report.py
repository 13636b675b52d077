# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as people see it: real operations on simulated clouds, in a real browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.html import html
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.markdown import markdown
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.model import report_from
from ansible_collections.cloudgate.operations.tests.unit.reported import operation, retried, wait
from markdown_it import MarkdownIt
from report.browser import Browser
from simulated.playbook_runs import run_playbook
from tools.with_simulator import running_simulator

HERE = Path(__file__).parent
LOOKS = (HERE / "looks.js").read_text(encoding="utf-8")
NOW = datetime.now(timezone.utc)
SECRETS = ("password", "secret_key", "application_credential_secret")
LISTENED = ("Network.requestWillBeSent", "Log.entryAdded", "Runtime.consoleAPICalled")
HOSTILE = (
    "</style></svg></title><script>document.title = 'in'</script><img src=x onerror=\"document.title = 'in'\">"
    '" onclick="document.title = \'in\'" | [a](javascript:b) `c` https://evil.example <https://evil.example> ![d](e)'
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that `make report-demo` writes, without the picture."""
    made = tmp_path_factory.mktemp("reports")
    with running_simulator() as simulator:
        run = run_playbook(HERE / "demo.yml", {"simulator_file": str(simulator), "report_folder": str(made)})
        clouds = json.loads(simulator.read_text(encoding="utf-8"))["clouds"]
    assert run.returncode == 0, run.stdout + run.stderr
    texts = [file.read_text(encoding="utf-8") for file in made.iterdir()]
    secrets = [account[name] for account in clouds.values() for name in SECRETS if name in account]
    assert len(texts) == 2 and len(secrets) > 4
    assert not [secret for secret in secrets for text in texts if secret in text]
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as started:
        yield started


def shown(browser: Browser, folder: Path, value: Any) -> None:
    """Open the page of this report."""
    file = folder / "page.html"
    file.write_text(html(report_from(value, NOW, "A title")), encoding="utf-8")
    browser.open(file)


def test_the_reports_show_each_operation(folder: Path) -> None:
    text, page = (folder.joinpath(f"report.{kind}").read_text(encoding="utf-8") for kind in ("md", "html"))

    rows = re.findall(r"^\| (failed|running|succeeded) +\| (\S+)", text, re.MULTILINE)
    assert [state for state, _name in rows] == ["failed"] * 2 + ["running"] + ["succeeded"] * 4
    assert {name for _state, name in rows} == {
        "resize",
        "live-migration",
        "Update",
        "Action::apply-configurations",
        "batchCreateVolume",
        "node_attach_volume",
    }
    assert "2 of 7 operations failed" in text and "2 of 7 operations failed" in page
    assert all(f">{name}<" in page for _state, name in rows)
    assert "retries</span>" in page and "STUCK" in page


def test_the_browser_asks_for_nothing_else_and_complains_of_nothing(browser: Browser, folder: Path) -> None:
    browser.open(folder / "report.html")

    seen = {name: [event["params"] for event in browser.events if event["method"] == name] for name in LISTENED}
    assert [each["request"]["url"] for each in seen.pop(LISTENED[0])] == [(folder / "report.html").as_uri()]
    assert list(seen.values()) == [[], []]
    assert browser.value("document.compatMode") == "CSS1Compat"
    assert browser.value("document.title") == "Gate shut: Maintenance of the web tier"


@pytest.mark.parametrize(
    ("scheme", "media", "bright"),
    [
        ("light", "screen", True),
        ("dark", "screen", False),
        ("dark", "print", True),
    ],
)
@pytest.mark.parametrize("width", [320, 760, 1800])
def test_each_text_can_be_read(
    browser: Browser, folder: Path, scheme: str, media: str, bright: bool, width: int
) -> None:
    browser.open(folder / "report.html")
    browser.resize(width=width, scheme=scheme, media=media)
    browser.value("document.querySelectorAll('details').forEach((each) => { each.open = true })")

    looks = browser.value(LOOKS)

    assert looks["overflow"] <= 0
    assert looks["background"] > 0.85 if bright else looks["background"] < 0.05
    assert looks["texts"] > 100
    assert looks["faint"] == []


def test_bars_have_the_lengths_of_the_durations(browser: Browser, tmp_path: Path) -> None:
    operations = [operation("succeeded", 100, 50), operation("succeeded", 100, 75), operation("succeeded", 100, 0)]
    shown(browser, tmp_path, wait(operations))
    browser.resize()

    drawn = "[...document.querySelectorAll('summary .bar rect')].map((each) => each.getBoundingClientRect().width)"
    half, quarter, whole = browser.value(drawn)
    assert whole > 200
    assert (half / whole, quarter / whole) == (pytest.approx(0.5, abs=0.01), pytest.approx(0.25, abs=0.01))


def test_it_prints_on_a_few_sheets(browser: Browser, folder: Path) -> None:
    browser.open(folder / "report.html")
    paper = browser.paper()

    assert paper.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 5


def test_it_can_be_heard(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, wait([retried()], failure={"message": "1 of 1 operation failed."}))
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    heard = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    assert ("heading", "Gate shut") in heard
    assert [name for role, name in heard if role == "columnheader"] == ["Step", "Timeline", "After", "Took", "State"]
    assert Counter(role for role, _name in heard)["row"] == 4
    assert next(name for role, name in heard if role == "DisclosureTriangle").startswith("failed: resize 1 retry")
    assert ("list", "Operations by state") in heard


def test_nothing_that_a_cloud_says_becomes_part_of_the_page(browser: Browser, tmp_path: Path) -> None:
    def tags(text: str) -> dict[str, int]:
        step = {**retried()["steps"][0], "name": text, "error": text, "host": text, "result": text}
        names = ("provider", "operation_id", "resource_id", "resource_type", "type", "reason", "raw_status", "warning")
        said = operation("failed", 100, 50, steps=[step], **dict.fromkeys(names, text))
        shown(browser, tmp_path, wait([said], failure={"message": text}))
        listed = browser.value("[...document.querySelectorAll('*')].map((each) => each.outerHTML.match(/^<[^>]*>/)[0])")
        browser.value("document.querySelectorAll('summary, span, p').forEach((each) => each.click())")
        return Counter(listed)

    assert tags(HOSTILE) == tags("plain")
    tags(HOSTILE)
    assert browser.value("document.title") == "Gate shut: A title"
    assert browser.value("document.body.textContent.split('onerror=').length - 1") >= 10


def test_a_thousand_operations_stay_a_page(browser: Browser, tmp_path: Path) -> None:
    many = [{**retried(), "state": state} for state in ["succeeded"] * 900 + ["failed"] * 60 + ["running"] * 40]
    shown(browser, tmp_path, wait(many, failure={"message": "60 of 1000 operations failed."}))
    browser.resize()

    looks = browser.value(LOOKS)
    assert browser.value("document.querySelectorAll('details:not(.rest)').length") == 1000
    assert looks["height"] < 20000 and looks["overflow"] <= 0


def test_markdown_is_what_it_says_and_nothing_else() -> None:
    def made(text: str) -> tuple[list[str], str]:
        step = {**retried()["steps"][0], "name": text, "error": text}
        said = operation("failed", 100, 50, steps=[step], type=text, resource_id=text, reason=text, warning=text)
        failed = wait([said], failure={"message": text})
        tokens = MarkdownIt("commonmark").enable("table").parse(markdown(report_from(failed, NOW, text)))
        inner = [child for token in tokens for child in token.children or []]
        kinds = [token.type for token in [*tokens, *inner] if token.type not in ("text", "text_special")]
        return kinds, "".join(child.content for child in inner)

    kinds, text = made(HOSTILE)
    assert kinds == made("plain")[0]
    assert kinds.count("table_open") == 2
    assert text.count(HOSTILE) == 10
