# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit of requests per second. Nothing here sleeps."""

from __future__ import annotations

from typing import List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.rate_limiter import RateLimiter
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.threads import Threads
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import Clock
from hypothesis import given
from hypothesis import strategies as st

SOON = 30.0  # seconds until a thread that hangs fails the test


BLINK = 1e-6  # seconds within which sums of floats are equal


class Requests:
    """Calls a RateLimiter at these moments and records when each request is sent; waiting ones do not block others."""

    def __init__(self, per_second: float, gaps: List[float], recent: int = 0) -> None:
        clock = Clock()
        self.asked: List[float] = []
        self.went: List[float] = []
        waits: List[float] = []
        rate_limit = RateLimiter(per_second, clock, waits.append, recent)
        for gap in gaps:
            clock.now += gap
            waits.clear()
            rate_limit()
            self.asked.append(clock.now)
            self.went.append(clock.now + sum(waits))


rates = st.one_of(st.floats(0.05, 60), st.sampled_from([0.5, 1.0, 1.5, 2.5, 10.0, 50.0]))


gaps = st.lists(st.one_of(st.just(0.0), st.floats(0, 3)), min_size=1, max_size=200)


@given(rates, gaps)
def test_no_second_has_more_requests_than_allowed(per_second: float, between: List[float]) -> None:
    requests = Requests(per_second, between)
    allowed = max(1, int(per_second))
    span = max(1.0, 1 / per_second)
    for first, beyond in zip(requests.went, requests.went[allowed:]):
        assert beyond - first > span


@given(rates, gaps)
def test_requests_keep_their_order_and_none_is_sent_early(per_second: float, between: List[float]) -> None:
    requests = Requests(per_second, between)
    assert requests.went == sorted(requests.went)
    assert all(went >= asked for asked, went in zip(requests.asked, requests.went))


@given(rates, gaps)
def test_no_request_waits_longer_than_the_cap_asks_for(per_second: float, between: List[float]) -> None:
    """Each request waits at most for the time spans that the requests before it fill, and a margin."""
    requests = Requests(per_second, between)
    allowed = max(1, int(per_second))
    span = 1.05 * max(1.0, 1 / per_second)
    for number, (asked, went) in enumerate(zip(requests.asked, requests.went)):
        assert went - asked <= (number // allowed) * span + BLINK


@pytest.mark.parametrize(("recent", "first", "fourth"), [(0, 0, 0), (1, 0, 1.05), (3, 0, 1.05), (9, 1.05, 1.05)])
def test_requests_of_an_earlier_process_count(recent: int, first: float, fourth: float) -> None:
    requests = Requests(4, [0.0] * 4, recent)
    assert requests.went[0] - requests.asked[0] == pytest.approx(first)
    assert requests.went[3] - requests.asked[3] == pytest.approx(fourth)


def test_it_is_known_how_many_requests_still_count() -> None:
    clock = Clock()
    rate_limit = RateLimiter(10, clock, clock.sleep)
    assert rate_limit.recent == 0
    for _each in range(3):
        rate_limit()
    assert rate_limit.recent == 3
    clock.now += 1.1
    assert rate_limit.recent == 0


class Work:
    """A tag that counts how long its requests wait."""

    rate_limited = 0.0


def test_the_work_knows_how_long_the_rate_limit_delays_it() -> None:
    clock = Clock()
    rate_limit = RateLimiter(1, clock, lambda _seconds: None)
    threads, works = Threads(), [Work() for _each in range(3)]
    for work in works:
        threads.start(work, lambda: (rate_limit(), rate_limit()))
        assert threads.finished(SOON)
    assert [work.rate_limited for work in works] == pytest.approx([1.05, 2.1 + 3.15, 4.2 + 5.25])


def test_threads_share_one_limit() -> None:
    clock = Clock()
    waits: List[float] = []
    rate_limit = RateLimiter(5, clock, waits.append)
    threads = Threads()
    for number in range(20):
        threads.start(number, rate_limit)
    assert all(threads.finished(SOON) for _each in range(20))
    assert sorted(round(each, 2) for each in waits) == [1.05] * 5 + [2.1] * 5 + [3.15] * 5
