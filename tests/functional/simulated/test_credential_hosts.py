# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials are sent to their own hosts only: each source with each way to name another host."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.trust import host_of, seen_by_module
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._module.connection import Connection
from simulated.credential_hosts import (
    ECS,
    KEYSTONE,
    MIXED,
    NO_CASE,
    NOVA,
    REFUSED,
    SENT,
    SOURCES,
    TARGETS,
    TRUSTED,
    Mixed,
    Options,
    Source,
    Target,
    options_of,
)
from simulated.network import Network

OWN_TOKEN = "planted-own-token"


@pytest.fixture
def ask(network: Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Connect as a module does, and send one request to the API."""

    def ask(source: Source, options: Options, environ: dict[str, str], set_by_task: frozenset[str]) -> None:
        if source.cloud:
            file = tmp_path / "clouds.yaml"
            file.write_text(json.dumps({"clouds": {"production": source.cloud}}), encoding="utf-8")
            monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
        for name, value in environ.items():  # openstacksdk reads the real environment
            monkeypatch.setenv(name, value)
        seen, by_task = seen_by_module(environ, {"set_by_task": sorted(set_by_task)})
        connection = Connection(options, seen, lambda _secret: None, set_by_task=by_task)
        connection.provider().client.get(("operations",))

    return ask


def secrets_in(texts: list[str]) -> list[str]:
    return [each for each in texts if "planted" in each or "Authorization" in each]


def check(network: Network, label: str, host: str, result: str, ask: Any) -> None:
    if result == REFUSED:
        with pytest.raises(InputError) as caught:
            ask()
        assert network.to(host) == []
        assert set(network.sent) <= {str(host_of(KEYSTONE)), str(host_of(ECS))}
        if "region_name" not in caught.value.message:
            for part in (label, str(host_of(host)), TRUSTED):
                assert part in caught.value.message
        return
    ask()
    seen = network.to(host)
    assert seen
    if result == SENT:
        assert secrets_in(seen)
    else:
        assert not any("planted" in each.replace(OWN_TOKEN, "") or "AKIA" in each for each in seen)


CASES = [
    pytest.param(source, target, result, id=f"{source.name}: {target.name}")
    for target in TARGETS
    for source, result in zip(SOURCES, target.results, strict=True)
    if result != NO_CASE
]


@pytest.mark.parametrize(("source", "target", "result"), CASES)
def test_each_source_with_each_host(network: Network, ask: Any, source: Source, target: Target, result: str) -> None:
    if source.key:
        pytest.importorskip("huaweicloudsdkcore")
    host = target.host or (ECS if source.key else NOVA)
    environ = {**source.environ, **target.environ}
    check(
        network,
        source.label,
        host,
        result,
        lambda: ask(source, options_of(source, target.options), environ, target.set_by_task),
    )


@pytest.mark.parametrize("case", MIXED, ids=lambda case: case.name)
def test_a_login_of_two_parts(network: Network, ask: Any, case: Mixed) -> None:
    source = case.source
    if source.key:
        pytest.importorskip("huaweicloudsdkcore")
    check(
        network,
        source.label,
        case.host,
        case.result,
        lambda: ask(source, options_of(source, {}), source.environ, case.set_by_task),
    )
