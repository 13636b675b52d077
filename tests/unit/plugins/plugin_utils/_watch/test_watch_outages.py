# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source while a cloud is down or throttles, in simulated time."""

from __future__ import annotations

import logging

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    ForbiddenError,
    ThrottledError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.watch import SourceError
from ansible_collections.cloudgate.operations.tests.unit.watching import (
    FAILED,
    GIVEN,
    RUNNING,
    SERVER,
    SUCCEEDED,
    Watching,
    given,
)


def test_a_cloud_that_is_down_is_not_polled_for_each_resource() -> None:
    servers = [f"server-{number}" for number in range(50)]
    source = Watching({}, resources=servers)
    source.cloud.faults = [(100, 1000, TransportError("503"))]
    source.run(until=2000)
    assert len([second for second in source.cloud.lists if 100 <= second < 1000]) <= 900 / 30 + 20
    assert len([second for second in source.cloud.lists if 1000 <= second < 2000]) >= 50 * 30


def test_a_failed_list_does_not_delay_polls() -> None:
    source = Watching({"op-1": (700, FAILED)}, operations=GIVEN, resources=[SERVER], resources_interval=3600)
    source.cloud.faults = [(0, 5, TransportError("503"))]
    source.run(until=2000)
    assert source.ages[-1] <= 700 + 62


def test_a_retry_after_of_a_list_is_obeyed() -> None:
    source = Watching({}, resources=[SERVER], resources_interval=5)
    source.cloud.faults = [(100, 110, ThrottledError("slow down", retry_after=300))]
    source.run(until=1000)
    refused = [second for second in source.cloud.lists if 100 <= second < 110]
    assert len(refused) == 1
    assert min(second for second in source.cloud.lists if second > refused[0]) >= refused[0] + 300


def test_a_cloud_that_takes_longer_than_a_run_is_heard() -> None:
    source = Watching({"op-1": (3000, FAILED)}, operations=GIVEN)
    source.latency = 70.0  # seconds; a poll may take 90
    source.run(until=6000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


@pytest.mark.parametrize("error", [TransportError("No answer."), ThrottledError("Too many.", retry_after=200)])
def test_an_outage_is_tolerated(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cloudgate.operations")
    source = Watching({"op-1": (150, FAILED), "new": (160, FAILED)}, operations=GIVEN, resources=[SERVER])
    source.cloud.starts = {"new": 120}
    source.cloud.faults = [(50, 500, error)]
    source.run(until=2000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, FAILED)]
    assert source.reported("new") == [(None, FAILED)]
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert warnings == [f"The watch continues after an error: {error}", "The cloud answers again."]


@pytest.mark.parametrize("error", [AuthError("The login failed: no."), ForbiddenError("GET answered 403.")])
@pytest.mark.parametrize("what", [{"operations": GIVEN}, {"resources": [SERVER]}])
def test_a_permanent_error_ends_the_source(error: Exception, what: dict) -> None:
    source = Watching({"op-1": (100, FAILED)}, **what)
    source.cloud.faults = [(20, 1e9, error)]
    with pytest.raises(SourceError, match=str(error)):
        source.run(until=1000)


@pytest.mark.parametrize("resources", [[], [SERVER]])
def test_no_request_is_sent_before_a_retry_after_ends(resources: list) -> None:
    source = Watching({"op-1": (3000, SUCCEEDED)}, operations=GIVEN, resources=resources)
    source.cloud.faults = [(100, 160, ThrottledError("slow down", retry_after=600))]
    source.run(until=2000)
    asked = sorted([*source.cloud.asked, *source.cloud.lists])
    refused = [second for second in asked if 100 <= second < 160]
    assert len(refused) == 1
    assert min(second for second in asked if second > refused[0]) >= refused[0] + 600


def test_a_cloud_that_is_down_is_polled_at_the_rate_of_one_operation() -> None:
    names = [f"op-{number}" for number in range(30)]
    source = Watching(dict.fromkeys(names, (9000, SUCCEEDED)), operations=given(*names))
    source.cloud.faults = [(1000, 2800, TransportError("503"))]
    source.run(until=3500)
    assert len([second for second in source.cloud.asked if 1000 <= second < 2800]) <= 1800 / 60 + 20
