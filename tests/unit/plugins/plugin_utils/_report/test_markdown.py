# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown: readable as text, and without markup from a cloud."""

from __future__ import annotations

import re
from typing import Any, List

from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.markdown import escape, markdown
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.model import report_from
from ansible_collections.cloudgate.operations.tests.unit.reported import AT, operation, retried, step, wait
from hypothesis import given
from hypothesis import strategies as st

UNESCAPED = r"(?<!\\)(?:\\\\)*"


def lines(value: Any) -> List[str]:
    return markdown(report_from(value, AT)).splitlines()


def test_a_report_can_be_read_as_it_is() -> None:
    operations = [retried(), operation("succeeded", 90, 78, type="reboot")]
    assert lines(wait(operations, failure={"message": "1 of 2 failed."})) == [
        "# Operations",
        "",
        "**Gate shut**: 1 of 2 failed.",
        "",
        "1 failed · 1 succeeded · waited 3 min 01 s · 43 polls · 61 requests · 2 errors retried",
        "",
        "| State     | Operation        | Resource        | Started                 | Took | Reason |",
        "|-----------|------------------|-----------------|-------------------------|------|---|",
        "| failed    | resize (1 retry) | server server-1 | 2026-11-21 16:08:20 UTC | 50 s | "
        "compute_finish_resize failed: No valid host was found. |",
        "| succeeded | reboot           | server server-1 | 2026-11-21 16:08:30 UTC | 12 s | it is succeeded |",
        "",
        "## resize req-1 of server server-1: failed",
        "",
        "| Step                        | State     | After | Took | Timeline             | Error |",
        "|-----------------------------|-----------|-------|------|----------------------|---|",
        "| compute_prep_resize         | failed    | +10 s | 10 s | ····████············ | No room on host one. |",
        "| compute_prep_resize (again) | succeeded | +25 s | 15 s | ··········██████···· |   |",
        "| compute_finish_resize       | failed    | +40 s | 10 s | ················████ | No valid host was found. |",
        "",
        "2026-11-21 16:10:00 UTC. Times are those of each cloud's own clock.",
    ]


def test_providers_are_named_where_there_are_several() -> None:
    one, other = operation("succeeded", 90, 80), operation("succeeded", 90, 80, provider="ecl_vna")

    assert not [line for line in lines([one]) if "Provider" in line]
    assert [line.split("|")[4].strip() for line in lines([one, other]) if line.startswith("| succ")] == [
        "openstack",
        "ecl_vna",
    ]


def test_only_the_steps_of_what_needs_attention_are_shown_and_not_of_too_many() -> None:
    good = operation("succeeded", 90, 80, steps=[step("one", "succeeded", 90, 80)])

    assert len([line for line in lines([good] * 3) if line.startswith("## ")]) == 3
    assert not [line for line in lines([good] * 4) if line.startswith("## ")]
    many = lines([retried()] * 25)
    assert len([line for line in many if line.startswith("## ")]) == 20
    assert "The steps of 5 more operations are left out." in many


def test_a_running_operation_is_drawn_as_open() -> None:
    running = operation("running", 100, steps=[step("one", "succeeded", 100, 50), step("two", "running", 50)])
    said = "\n".join(lines([running]))

    assert "██████████··········" in said and "··········▒▒▒▒▒▒▒▒▒▒" in said and "1 min 40 s so far" in said


@given(st.text(), st.sampled_from(["", "a", "_", "\\"]))
def test_every_mark_is_escaped_and_nothing_else_changes(text: str, before: str) -> None:
    said = before + escape(text)

    assert re.sub(r"\\(.)", r"\1", escape(text), flags=re.DOTALL) == text
    assert not re.search(UNESCAPED + r"[`*\[\]<>&|~@$#]", escape(text))
    assert not re.search(r"\w://|www\.", escape(text), re.IGNORECASE)
    assert said.endswith(escape(text))


def test_names_with_underlines_stay_readable() -> None:
    assert escape("compute__do_build_and_run_instance") == "compute__do_build_and_run_instance"
    assert escape("_so_ it is __so__") == r"\_so\_ it is \_\_so\_\_"
    assert escape("see https://evil.example") == r"see https\://evil.example"


@given(st.text())
def test_no_text_breaks_a_table(text: str) -> None:
    said = lines([operation("failed", type=text, resource_id=text, reason=text, provider=text,
                            steps=[step(text, "failed", 90, 80, error=text)])])  # fmt: skip

    tables = [line for line in said if line.startswith("|")]
    assert len(tables) == 6
    assert len({len(re.findall(UNESCAPED + r"\|", line)) for line in tables[:3]}) == 1
    assert len({len(re.findall(UNESCAPED + r"\|", line)) for line in tables[3:]}) == 1
