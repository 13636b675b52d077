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
        files = [str(tmp_path / "clouds.yaml"), str(tmp_path / "clouds.json"), "/etc/openstack/clouds.yaml"]
        # Made when it was imported; older ones put the files of the variables in, and keep them for the next test.
        monkeypatch.setattr("openstack.config.loader.CONFIG_FILES", files)
        monkeypatch.setattr("openstack.config.loader.SECURE_FILES", [str(tmp_path / "secure.yaml")])
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
        with pytest.raises(InputError, match=f"{variable} in the task's environment would send the secrets of"):
            _log_in("one", known, frozenset([variable]))
    known = environ(OS_CLIENT_CONFIG_FILE=str(secure.parent / "clouds.yaml"), OS_CLIENT_SECURE_FILE=str(secure))
    assert _log_in("one", known, frozenset(["OS_CLIENT_CONFIG_FILE"]))


def test_a_proxy_of_the_task_is_refused_before_anything_is_sent(environ: Any) -> None:
    known = environ(**_USER, OS_AUTH_URL="http://127.0.0.1:9/v3", http_proxy="http://127.0.0.1:8")
    login = _log_in("envvars", known, frozenset(["http_proxy"]))
    with pytest.raises(InputError, match="which a proxy in the task's environment names"):
        login.send("http://127.0.0.1:9/v3", {})


def test_a_password_in_an_endpoint_is_not_shown() -> None:
    with pytest.raises(
        InputError, match=r"%\(project_id\)s in the endpoint https://h\.test/%\(project_id\)s has no value"
    ):
        fill_in("https://me:hush@h.test/%(project_id)s", lambda _name: None)


def _said(environ: Any, cloud: str, **variables: str) -> str:
    with pytest.raises(InputError) as caught:
        _log_in(cloud, environ(**variables))
    return str(caught.value)


def test_without_any_file_the_searched_places_are_named(environ: Any, tmp_path: Path) -> None:
    said = _said(environ, "one")
    assert said.startswith("clouds.yaml: There is no clouds.yaml, so cloud one was not found. The module searches ")
    assert str(tmp_path) in said and "/etc/openstack" in said and "OS_CLIENT_CONFIG_FILE" in said


def test_a_variable_that_names_no_file_is_named(environ: Any) -> None:
    said = _said(environ, "one", OS_CLIENT_CONFIG_FILE="/nowhere/c.yaml")
    assert said == (
        "clouds.yaml: OS_CLIENT_CONFIG_FILE names /nowhere/c.yaml, which does not exist. So cloud one was not found."
    )


def test_a_missing_cloud_is_named_with_the_existing_ones(environ: Any, tmp_path: Path) -> None:
    path = tmp_path / "clouds.yaml"
    path.write_text("clouds: {two: {}, three: {}}\n", encoding="utf-8")
    assert _said(environ, "one") == f"clouds.yaml: {path} has no cloud one; it has three, two."


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("clouds.yaml", "clouds:\n  one:\n    auth:\n\tpassword: hunter2\n", "is not YAML: see line 4, column 1."),
        ("clouds.yaml", "clouds:\n  one: {auth: {password: *hunter2}}\n", "is not YAML: see line 2, column 26."),
        ("clouds.yaml", "clouds: {one: {auth: {password: !hunter2 x}}}\n", "is not YAML: see line 1, column 33."),
        ("clouds.yaml", f"clouds: {'[' * 3000}hunter2{']' * 3000}\n", "is nested too deep."),
        (
            "clouds.yaml",
            "clouds: {one: {auth: {password: hunter2\x07}}}\n",
            "contains characters that YAML does not allow.",
        ),
        ("clouds.json", '{"clouds":\n {"one": hunter2}}', "is not JSON: see line 2."),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_not_quoted(
    environ: Any, tmp_path: Path, name: str, content: str, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert _said(environ, "one") == f"clouds.yaml: {tmp_path / name} {where} So cloud one was not found."
    assert "hunter2" not in caplog.text


def test_a_missing_value_of_a_cloud_belongs_into_its_file(environ: Any, tmp_path: Path) -> None:
    """The environment does not change a named cloud."""
    (tmp_path / "clouds.yaml").write_text(_CLOUD % ("own.test", " user_domain_id: d"), encoding="utf-8")
    assert _said(environ, "one", OS_PASSWORD="ignored") == (
        "clouds.yaml: auth.password is missing for auth_type password: "
        "set it for cloud one in clouds.yaml or secure.yaml, or in the task."
    )


def test_a_missing_value_of_the_cloud_envvars_belongs_into_the_environment(environ: Any) -> None:
    known = {name: value for name, value in _USER.items() if name != "OS_PASSWORD"}
    said = _said(environ, "envvars", **known, OS_AUTH_URL="https://own.test/v3")
    assert said.endswith("auth.password is missing for auth_type password: give it, or set OS_PASSWORD.")
