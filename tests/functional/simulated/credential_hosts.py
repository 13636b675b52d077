# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials are sent to which host. Data, and the tables that docs/reliability.md shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Options = dict[str, Any]
SENT, REFUSED, NOT_SENT, NO_CASE = "sent", "refused", "not sent", "-"

KEYSTONE, NOVA, ELSEWHERE = "https://keystone.example.com:5000", "https://nova.example.com:8774", "https://other.test"
IAM, ECS = "https://iam.eu-de.otc.t-systems.com", "https://ecs.eu-de.otc.t-systems.com"
TRUSTED = "CLOUDGATE_TRUSTED_HOSTS"

SCOPE = {"username": "alice", "user_domain_name": "Default", "project_name": "demo"}
USER = {"auth_url": f"{KEYSTONE}/v3", "password": "planted-password", **SCOPE}
USER_ENVIRONMENT = {
    "OS_AUTH_URL": USER["auth_url"], "OS_PASSWORD": USER["password"], "OS_USERNAME": "alice",
    "OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_NAME": "demo",
}  # fmt: skip
TOKEN_ENVIRONMENT = {
    "OS_AUTH_URL": USER["auth_url"], "OS_TOKEN": "planted-token", "OS_PROJECT_NAME": "demo",
    "OS_PROJECT_DOMAIN_NAME": "Default",
}  # fmt: skip
KEY = {"access_key": "AKIA", "secret_key": "planted-key", "security_token": "planted-security-token"}
KEY_ENVIRONMENT = {
    "HUAWEICLOUD_SDK_AK": "AKIA", "HUAWEICLOUD_SDK_SK": KEY["secret_key"],
    "HUAWEICLOUD_SDK_SECURITY_TOKEN": KEY["security_token"], "OS_REGION_NAME": "eu-de",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """The place that credentials come from. cloud: an entry of clouds.yaml. label: how an error names the source."""

    name: str
    options: Options = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    cloud: Options | None = None
    label: str = "the environment"
    key: bool = False

    @property
    def provider(self) -> str:
        return "otc_ecs" if self.key else "openstack"


TASK = Source("options of the task", {"auth": USER})
TASK_KEY = Source("access key in the task", {"auth": KEY, "region_name": "eu-de"}, key=True)
ENVIRONMENT = Source("login in the environment", environ=USER_ENVIRONMENT)
ENVIRONMENT_TOKEN = Source("token in the environment", environ=TOKEN_ENVIRONMENT)
ENVIRONMENT_KEY = Source("access key in the environment", environ=KEY_ENVIRONMENT, key=True)
CLOUD = Source("cloud of clouds.yaml", {"cloud": "production"}, cloud={"auth": USER}, label="cloud production")
SOURCES = (TASK, TASK_KEY, ENVIRONMENT, ENVIRONMENT_TOKEN, ENVIRONMENT_KEY, CLOUD)


@dataclass(frozen=True)
class Target:
    """How a task names a host, and the result for each source in SOURCES. host: None for that of the source.

    set_by_task: variables of C(environ) that the task's own C(environment) sets.
    """

    name: str
    host: str | None
    results: tuple[str, ...]
    options: Options = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    set_by_task: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mixed:
    """A login whose parts come from two sources."""

    name: str
    source: Source
    host: str
    result: str
    set_by_task: frozenset[str] = frozenset()


def _endpoint(url: str) -> Options:
    return {"endpoint": f"{url}/v2.1"}


_ALL = (SENT,) * len(SOURCES)
_TASKS_ONLY = (SENT, SENT, REFUSED, REFUSED, REFUSED, REFUSED)
_IN_CATALOG = (SENT, SENT, SENT, SENT, REFUSED, SENT)  # an access key has no catalog
_KEYSTONE_ONLY = (SENT, NO_CASE, REFUSED, REFUSED, NO_CASE, REFUSED)

TARGETS = (
    Target("nothing: the host that the source names", None, _ALL),
    Target("`endpoint` on a host of the catalog", NOVA, _IN_CATALOG, _endpoint(NOVA)),
    Target("`endpoint` on another port of such a host", f"{NOVA[:-1]}9", _TASKS_ONLY, _endpoint(f"{NOVA[:-1]}9")),
    Target(
        "`endpoint` on such a host, `http` instead of `https`",
        "http://nova.example.com:8774",
        _TASKS_ONLY,
        _endpoint("http://nova.example.com:8774"),
    ),
    Target("`endpoint` on another host", ELSEWHERE, _TASKS_ONLY, _endpoint(ELSEWHERE)),
    Target(
        "the same, and the environment lists the host",
        ELSEWHERE,
        _ALL,
        _endpoint(ELSEWHERE),
        {TRUSTED: "nova.example.com, other.test"},
    ),
    Target(
        "the same, and the environment lists another port of it",
        ELSEWHERE,
        _TASKS_ONLY,
        _endpoint(ELSEWHERE),
        {TRUSTED: "other.test:8774"},
    ),
    Target(
        "the same, and the environment lists `*` or `*.test`",
        ELSEWHERE,
        _TASKS_ONLY,
        _endpoint(ELSEWHERE),
        {TRUSTED: "* *.test"},
    ),
    Target(
        "the same, and the task's `environment:` lists the host",
        ELSEWHERE,
        _TASKS_ONLY,
        _endpoint(ELSEWHERE),
        {TRUSTED: "other.test"},
        frozenset([TRUSTED]),
    ),
    Target(
        "`endpoint` on another host, over plain `http`, and the environment lists the host",
        "http://other.test",
        (SENT, SENT, REFUSED, REFUSED, SENT, REFUSED),
        _endpoint("http://other.test"),
        {TRUSTED: "other.test"},
    ),
    Target(
        "`endpoint` of provider `custom` on another host",
        ELSEWHERE,
        _TASKS_ONLY,
        {"provider": "custom", **_endpoint(ELSEWHERE)},
    ),
    Target(
        "`endpoint` on a documented host of the provider",
        "https://evs.eu-de.otc.t-systems.com",
        (NO_CASE, SENT, NO_CASE, NO_CASE, SENT, NO_CASE),
        _endpoint("https://evs.eu-de.otc.t-systems.com"),
    ),
    Target(
        "`endpoint` on a documented host of another provider",
        ECS,
        (SENT, NO_CASE, REFUSED, REFUSED, NO_CASE, REFUSED),
        _endpoint(ECS),
    ),
    Target(
        "`endpoint` on a host whose name only looks like one",
        f"{ECS}.example.net",
        _TASKS_ONLY,
        _endpoint(f"{ECS}.example.net"),
    ),
    Target(
        "`auth.auth_url` on the host that the source names",
        KEYSTONE,
        (SENT, NO_CASE, SENT, SENT, NO_CASE, SENT),
        {"auth": {"auth_url": f"{KEYSTONE}/identity/v3"}},
    ),
    Target("`auth.auth_url` on another host", ELSEWHERE, _KEYSTONE_ONLY, {"auth": {"auth_url": f"{ELSEWHERE}/v3"}}),
    Target(
        "`auth.iam_endpoint` on another host",
        ELSEWHERE,
        (NO_CASE, SENT, NO_CASE, NO_CASE, REFUSED, NO_CASE),
        {"auth": {"iam_endpoint": ELSEWHERE}},
    ),
    Target(
        "`region_name` that would lead to another host",
        ELSEWHERE,
        (NO_CASE, REFUSED, NO_CASE, NO_CASE, REFUSED, NO_CASE),
        {"region_name": "other.test/"},
    ),
)

_ELSEWHERE_URL = {"auth_url": f"{ELSEWHERE}/v3"}
_TASKS_URL = {**USER_ENVIRONMENT, "OS_AUTH_URL": f"{ELSEWHERE}/v3"}
_NO_PASSWORD = {name: value for name, value in USER_ENVIRONMENT.items() if name != "OS_PASSWORD"}
_OWN_PASSWORD = {"auth": {"password": "planted-own-password"}}
_DEFINITION = {
    "show": "/operations/{operation_id}", "state": "state", "states": {"succeeded": ["DONE"]},
}  # fmt: skip
MIXED = (
    Mixed("`auth.auth_url` in the task, the password in the environment",
          Source("", {"auth": _ELSEWHERE_URL}, USER_ENVIRONMENT), ELSEWHERE, REFUSED),
    Mixed("the password in the task, `OS_AUTH_URL` in the environment, `endpoint` on another host",
          Source("", {**_OWN_PASSWORD, **_endpoint(ELSEWHERE)}, _NO_PASSWORD), ELSEWHERE, SENT),
    Mixed("`OS_AUTH_URL` in the task's `environment:`, the password in the environment",
          Source("", environ=_TASKS_URL), ELSEWHERE, REFUSED, frozenset(["OS_AUTH_URL"])),
    Mixed("both in the task's `environment:`", Source("", environ=USER_ENVIRONMENT), KEYSTONE, SENT,
          frozenset(USER_ENVIRONMENT)),
    Mixed("both in the task's `environment:`, `endpoint` on another host",
          Source("", _endpoint(ELSEWHERE), USER_ENVIRONMENT), ELSEWHERE, REFUSED, frozenset(USER_ENVIRONMENT)),
    Mixed("the access key in the task, its secret key in the environment, `endpoint` on another host",
          Source("", {"auth": {"access_key": "AKIA"}, **_endpoint(ELSEWHERE)}, KEY_ENVIRONMENT, key=True), ELSEWHERE,
          REFUSED),
    Mixed("`cloud` and `auth.auth_url` on another host, the password in clouds.yaml",
          Source("", {"cloud": "production", "auth": _ELSEWHERE_URL}, cloud={"auth": USER}, label="cloud production"),
          ELSEWHERE, REFUSED),
    Mixed("`cloud`, and in the task `auth.password` and `endpoint` on another host",
          Source("", {"cloud": "production", **_OWN_PASSWORD, **_endpoint(ELSEWHERE)}, cloud={"auth": USER}),
          ELSEWHERE, SENT),
    Mixed(
        "`cloud: envvars`, all of its login in the task's `environment:`",
        Source("", {"cloud": "envvars"}, {**USER_ENVIRONMENT, "OS_IDENTITY_API_VERSION": "3"}),
        KEYSTONE,
        SENT,
        frozenset(USER_ENVIRONMENT),
    ),
    Mixed(
        "`cloud: envvars`, `OS_AUTH_URL` in the task's `environment:`, the password in the environment",
        Source("", {"cloud": "envvars"}, _TASKS_URL),
        ELSEWHERE,
        REFUSED,
        frozenset(["OS_AUTH_URL"]),
    ),
    Mixed("`cloud: envvars`, `endpoint` on another host",
          Source("", {"cloud": "envvars", **_endpoint(ELSEWHERE)}, USER_ENVIRONMENT), ELSEWHERE, REFUSED),
    Mixed("provider `custom` with `auth_type: none`, a token in the environment",
          Source("", {"provider": "custom", "auth_type": "none", **_endpoint(ELSEWHERE)}, TOKEN_ENVIRONMENT),
          ELSEWHERE, NOT_SENT),
    Mixed("provider `custom` with `auth_type: bearer`, an access key in the environment",
          Source("", {"provider": "custom", "auth_type": "bearer", "auth": {"token": "planted-own-token"},
                      **_endpoint(ELSEWHERE)}, KEY_ENVIRONMENT), ELSEWHERE, NOT_SENT),
)  # fmt: skip


def options_of(source: Source, more: Options) -> Options:
    """Return the options of a task that uses a source, and names a host in these options."""
    auth = {**source.options.get("auth", {}), **more.get("auth", {})}
    options = {"provider": source.provider, **source.options, **more, **({"auth": auth} if auth else {})}
    if options["provider"] == "custom":
        options["definition"] = _DEFINITION
    return options


def table() -> str:
    """Return the two tables of docs/reliability.md."""
    head = f"| the task names | {' | '.join(source.name for source in SOURCES)} |"
    rows = [head, "|---" * (len(SOURCES) + 1) + "|"]
    rows += [f"| {each.name} | {' | '.join(each.results)} |" for each in TARGETS]
    rows += ["", "| a login of two parts | result |", "|---|---|"]
    return "\n".join([*rows, *(f"| {each.name} | {each.result} |" for each in MIXED)]) + "\n"
