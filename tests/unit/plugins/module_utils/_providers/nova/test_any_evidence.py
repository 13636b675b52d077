# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of every verdict, whatever the evidence."""

from __future__ import annotations

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.actions import (
    ACTIONS,
    REST,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.evidence import (
    Evidence,
    Later,
    Server,
    latest_per_name,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.verdict import verdict
from ansible_collections.cloudgate.operations.tests.unit.nova_evidence import WORDS, at, step
from hypothesis import given
from hypothesis import strategies as st

names = st.sampled_from(sorted({end for rule in ACTIONS.values() for end in rule.ends}) + ["new_in_2030"])
seconds = st.one_of(st.none(), st.integers(0, 20))
any_step = st.builds(step, names, seconds, seconds, st.sampled_from(list(WORDS)))
any_server = st.one_of(
    st.none(),
    st.builds(
        Server,
        st.sampled_from(["read", "gone", "unreadable"]),
        st.one_of(st.none(), st.sampled_from(["ACTIVE", "ERROR", "BUILD", "VERIFY_RESIZE", "DELETED", "NEW"])),
        st.one_of(st.none(), st.sampled_from(["rebooting", "deleting"])),
        launched=st.sampled_from([None, True, False]),
        idle=st.sampled_from([None, 1.0, 999.0]),
    ),
)
any_later = st.builds(
    Later,
    st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.just(at(50))), max_size=2).map(tuple),
    st.booleans(),
)
any_evidence = st.builds(
    Evidence,
    st.sampled_from([*sorted(ACTIONS), "resetState", "teleport"]),
    st.one_of(st.none(), st.lists(any_step, max_size=6)),
    st.sampled_from([None, "Error"]),
    st.sampled_from([None, 1.0, 999.0]),
    any_server,
    st.one_of(st.none(), any_later),
    st.one_of(st.none(), st.builds(Server, st.just("gone"), launched=st.sampled_from([None, True, False]))),
    st.sampled_from([None, "active", "saving", "killed", "none", "gone", "rotated", "left", "NEW", "unreadable"]),
)


@given(any_evidence)
def test_a_verdict_asks_only_for_what_is_not_known_and_is_final_only_when_it_asks_for_nothing(evidence):
    found = verdict(evidence)
    assert found.state in (State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN)
    assert found.reason or found.ask
    if found.ask:
        assert getattr(evidence, found.ask) is None
        assert found.state not in State.TERMINAL


@given(any_evidence)
def test_never_terminal_while_something_runs(evidence):
    found, server = verdict(evidence), evidence.server
    if found.state not in State.TERMINAL or evidence.action == "resetState":
        return
    assert server is not None
    left_there = server.status == "ERROR" and (server.idle or 0) >= REST
    if server.busy and not server.launched and not left_there:
        assert evidence.later is not None, "only a later action can be what it works on"
        assert evidence.later.actions
    steps = latest_per_name(evidence.steps or [])
    ends = ACTIONS[evidence.action].ends if evidence.action in ACTIONS else ()
    running = [each for each in steps if each.state == State.RUNNING]
    done = [each for each in steps if each.name in ends and each.state == State.SUCCEEDED]
    if running and not done:
        assert (evidence.open_for or 0) >= REST
        assert server.view == "gone" or (server.idle or 0) >= REST


def _on_a_volume(evidence):
    return any(each.name == "api_snapshot_instance" for each in evidence.steps)


@given(any_evidence)
def test_no_image_and_no_deletion_under_it_is_ever_a_success(evidence):
    row = ACTIONS.get(evidence.action)
    if verdict(evidence).state == State.SUCCEEDED and row and row.makes_image and evidence.steps:
        assert evidence.image not in ("saving", "killed", "none", "gone", "left", "NEW") or _on_a_volume(evidence)


@given(st.lists(any_step, max_size=8))
def test_it_has_each_name_once_and_keeps_its_latest_word(steps):
    folded = latest_per_name(steps)
    assert sorted(each.name for each in folded) == sorted({each.name for each in steps})
    assert all(each in steps for each in folded)
