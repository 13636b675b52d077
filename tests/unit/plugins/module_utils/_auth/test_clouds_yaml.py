# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds of the environment and of files, read by the real openstacksdk, when the task's environment interferes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, FrozenSet

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.clouds_yaml import fill_in
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import resolve
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

pytest.importorskip("openstack")  # not installed with the oldest versions of Python

_CLOUD = "clouds: {one: {region_name: r, auth: {auth_url: 'https://%s/v3', username: u, project_id: p,%s}}}\n"
_USER = {"OS_USERNAME": "u", "OS_USER_DOMAIN_ID": "d", "OS_PASSWORD": "hunter2", "OS_PROJECT_ID": "p"}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return a function that sets the whole environment."""

    def set_environ(**variables: str) -> dict[str, str]:
        known = {"HOME": str(tmp_path), "PATH": "/bin", **variables}
        monkeypatch.setattr("os.environ", known)
        monkeypatch.chdir(tmp_path)
        return known

    return set_environ


def _log_in(cloud: str, environ: dict[str, str], by_task: FrozenSet[str] = frozenset()) -> Any:
    return log_in(resolve({"cloud": cloud}, environ, False, (), by_task), lambda _secret: None)


@pytest.mark.parametrize(
    "variable",
    ["OS_COMPUTE_ENDPOINT_OVERRIDE", "OS_COMPUTE_ENDPOINT", "OS_ACCESS_TOKEN_ENDPOINT", "OS_IDENTITY_PROVIDER_URL"],
)
def test_no_variable_of_the_task_leads_the_environments_login_elsewhere(environ: Any, variable: str) -> None:
    known = environ(**_USER, OS_AUTH_URL="https://own.test/v3", **{variable: "https://evil.test/"})
    assert _log_in("envvars", known)
    with pytest.raises(InputError, match=r"not sent to evil\.test"):
        _log_in("envvars", known, frozenset([variable]))
    assert _log_in("envvars", {**known, "CLOUDGATE_TRUSTED_HOSTS": "evil.test"}, frozenset([variable]))


def test_a_file_of_the_task_gets_no_secrets_of_another_place(environ: Any, tmp_path: Path) -> None:
    for folder, host in (("own", "own.test"), ("task", "evil.test")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "clouds.yaml").write_text(_CLOUD % (host, ""))
    secure = tmp_path / "own" / "secure.yaml"
    secure.write_text("clouds: {one: {auth: {password: hunter2, user_domain_id: d}}}\n")
    clouds = tmp_path / "task" / "clouds.yaml"
    known = environ(OS_CLIENT_CONFIG_FILE=str(clouds), OS_CLIENT_SECURE_FILE=str(secure))
    assert _log_in("one", known)
    both = frozenset(["OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE"])
    assert _log_in("one", known, both)
    for variable in both:
        with pytest.raises(InputError, match=f"{variable} of the task's environment would send the secrets of"):
            _log_in("one", known, frozenset([variable]))
    known = environ(OS_CLIENT_CONFIG_FILE=str(secure.parent / "clouds.yaml"), OS_CLIENT_SECURE_FILE=str(secure))
    assert _log_in("one", known, frozenset(["OS_CLIENT_CONFIG_FILE"]))


def test_a_proxy_of_the_task_is_refused_before_anything_is_sent(environ: Any) -> None:
    known = environ(**_USER, OS_AUTH_URL="http://127.0.0.1:9/v3", http_proxy="http://127.0.0.1:8")
    login = _log_in("envvars", known, frozenset(["http_proxy"]))
    with pytest.raises(InputError, match="which a proxy in the task's environment names"):
        login.send("http://127.0.0.1:9/v3", {})


def test_a_password_in_an_endpoint_is_not_shown() -> None:
    with pytest.raises(InputError, match=r"%\(project_id\)s in the endpoint https://h\.test/%\(project_id\)s cannot"):
        fill_in("https://me:hush@h.test/%(project_id)s", lambda _name: None)
