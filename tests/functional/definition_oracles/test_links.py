# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations whose URL changes: the module follows the URLs that the vendor's SDK follows."""

from __future__ import annotations

from definition_oracles.automation import RESULTS, Jenkins
from definition_oracles.azure_google import AzureLocation
from definition_oracles.conftest import Begin
from definition_oracles.oracle import FAILED, RUNNING, SUCCEEDED
from scripted import RunModule

FAST = {"poll_min": 0.01, "poll_max": 0.01, "timeout": 20}


def test_a_queue_item_becomes_a_build(begin: Begin, run_module: RunModule) -> None:
    for result, state in RESULTS.items():
        oracle = begin(Jenkins)
        build = f"{oracle.url}/job/folder/job/name/7/"
        item = {"id": 25, "why": None, "executable": {"number": 7, "url": build}}
        oracle.api.others = [(200, {}, item), (200, {}, {"number": 7, "building": False, "result": result})]
        before = len(oracle.api.sent)
        assert oracle.verdict() == state
        asked = oracle.api.sent[before:]

        oracle.api.others = [(200, {}, item), (200, {}, {"building": False, "result": result})]
        waited = run_module("wait_for_operation", operations=oracle.references(), **oracle.options(), **FAST)

        sent = oracle.api.sent[before + len(asked) :]
        assert waited["succeeded"] == (state == SUCCEEDED)
        assert [each.path for each in sent] == [each.path for each in asked]


def test_a_location_that_moves(begin: Begin, run_module: RunModule) -> None:
    oracle = begin(AzureLocation)
    moved = f"{oracle.url}/subscriptions/s/results/2?api-version=2024-07-01"
    for status, state in ((204, SUCCEEDED), (409, FAILED)):
        script = [(202, {"Location": moved}, None), (202, {}, None), (status, {}, None if status == 204 else {})]
        oracle.api.others = list(script)
        before = len(oracle.api.sent)
        assert oracle.verdict() == RUNNING  # after its second request, which it sends to the new URL
        asked = oracle.api.sent[before:]

        oracle.api.others = list(script)
        waited = run_module("wait_for_operation", operations=oracle.references(), **oracle.options(), **FAST)

        sent = oracle.api.sent[before + len(asked) :]
        assert waited["succeeded"] == (state == SUCCEEDED)
        assert [each.target for each in sent[:2]] == [each.target for each in asked]
        assert sent[1].target == sent[2].target
