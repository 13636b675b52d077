# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hosts a credential may be sent to. Decisions only; tests/functional/simulated checks the requests."""

from __future__ import annotations

from typing import Optional
from urllib.parse import urlsplit

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.trust import (
    ENVIRONMENT,
    TRUSTED_HOSTS,
    Source,
    host_of,
    hosts_of,
    of_cloud,
    of_environment,
    parse_trusted,
    seen_by_module,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from hypothesis import given
from hypothesis import strategies as st

DOMAIN = "myhuaweicloud.com"


def source(*urls: str, trusted: str = "", domains: tuple = ()) -> Source:
    return Source(ENVIRONMENT, hosts_of(urls), trusted, domains)


@pytest.mark.parametrize(
    ("own", "target", "allowed"),
    [
        ("https://h:5000/v3", "https://h:5000/", True),
        ("https://h:5000/v3", "https://h:5000/v2.1/x", True),
        ("https://h:5000/v3", "HTTPS://H.:5000/v2.1", True),
        ("https://h:5000/v3", "https://h:8774/v2.1", False),
        ("https://h:5000/v3", "http://h:5000/v2.1", False),
        ("https://h/v3", "https://h:443/v2.1", True),
        ("https://h/v3", "http://h/v2.1", False),
        ("http://h/v3", "http://h:80/v2.1", True),
        ("http://h/v3", "https://h/v2.1", True),
        ("http://h:5000/v3", "https://h:5000/v2.1", True),
        ("http://h:5000/v3", "https://h/v2.1", False),
        ("https://h/v3", "https://h.evil.test/", False),
        ("https://h/v3", "https://evil.h/", False),
        ("https://h.test/v3", "https://h.test@evil.test/", False),
        ("https://h.test/v3", "https://h.test:443@evil.test/", False),
        ("https://h.test/v3", "https://evil.test\\.h.test/", False),
        ("https://h.test/v3", "https://h.test\\@evil.test/", False),
        ("https://h.test/v3", "https://h.test%2eevil.test/", False),
        ("https://keystone.test/v3", "https://\u212aeystone.test/", False),
        ("https://kä.test/v3", "https://kä.test/v3/x", True),
        ("https://[::1]:5000/v3", "https://[::1]:5000/v2.1", True),
        ("https://[::1]:5000/v3", "https://[::2]:5000/v2.1", False),
        ("https://127.0.0.1/v3", "https://127.1/v3", False),
        ("https://h/v3", "ftp://h/", False),
        ("https://h/v3", "h", False),
        ("https://h/v3", "https://[h", False),
        ("https://h/v3", "https://h:port/", False),
        ("https://h/v3", "", False),
        ("", "https://h/", False),
    ],
)
def test_a_source_covers_its_own_hosts(own: str, target: str, allowed: bool) -> None:
    assert source(own).allows(target) is allowed
    assert source().allows(target, hosts_of([own])) is allowed


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://ecs.cn-north-4.myhuaweicloud.com/v2.1", True),
        ("https://ECS.CN-NORTH-4.MYHUAWEICLOUD.COM:443/", True),
        ("https://iam.myhuaweicloud.com/v3", True),
        ("https://myhuaweicloud.com/", False),
        ("https://ecs.myhuaweicloud.com/", False),
        ("https://infer-app-modelarts-cn-north-4.myhuaweicloud.com/", False),
        ("https://bucket.obs.cn-north-4.myhuaweicloud.com/", False),
        ("https://bucket.obs.myhuaweicloud.com/", False),
        ("https://ecs.cn-north-4.evilmyhuaweicloud.com/", False),
        ("https://ecs.cn-north-4.myhuaweicloud.com.evil.test/", False),
        ("https://ecs.cn-north-4.myhuaweicloudXcom/", False),
        ("https://ecs.cn-north-4.myhuaweicloud.com:8443/", False),
        ("http://ecs.cn-north-4.myhuaweicloud.com/", False),
        ("http://ecs.cn-north-4.myhuaweicloud.com:443/", False),
        ("https://evil.test\\.x.y.myhuaweicloud.com/", False),
        ("https://evil.test#.x.myhuaweicloud.com/", False),
        ("https://ecs.eu-de.otc.t-systems.com/", False),
    ],
)
def test_documented_hosts_are_exact(url: str, allowed: bool) -> None:
    assert source(domains=(DOMAIN,)).allows(url) is allowed


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://ecs.eu-de.otc.t-systems.com/", True),
        ("https://ecs.eu-ch2.sc.otc.t-systems.com/", True),
        ("https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3", True),
        ("https://bucket.obs.eu-ch2.sc.otc.t-systems.com/", False),
        ("https://ecs.eu-ch2.sc.otc.t-systems.com.evil.test/", False),
        ("http://ecs.eu-ch2.sc.otc.t-systems.com/", False),
    ],
)
def test_documented_hosts_of_a_region_with_its_own_domain(url: str, allowed: bool) -> None:
    assert source(domains=PROVIDERS["otc_job"].domains).allows(url) is allowed


def test_which_providers_have_documented_hosts() -> None:
    found = {name: info.domains for name, info in PROVIDERS.items() if info.domains}
    otc = ("otc.t-systems.com", "sc.otc.t-systems.com")
    assert found == {
        "otc_ecs": otc, "otc_job": otc, "huaweicloud_ecs": (DOMAIN,), "huaweicloud_job": (DOMAIN,),
        "huaweicloud_modelarts": (DOMAIN,),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("trusted", "target", "allowed"),
    [
        ("h.test", "https://h.test/", True),
        ("H.Test", "https://h.test:443/", True),
        ("h.test", "https://h.test:8774/", False),
        ("h.test:8774", "https://h.test:8774/v2.1", True),
        ("h.test:8774", "https://h.test/", False),
        ("a,b, h.test:1\n", "https://h.test:1/", True),
        ("https://h.test:1/", "https://h.test:1/", True),
        ("https://h.test:1/", "http://h.test:1/", False),
        ("http://h.test:1", "http://h.test:1/", True),
        ("[::1]:1", "https://[::1]:1/", True),
        ("127.0.0.1:1", "http://127.0.0.1:1/", True),
        ("*", "https://h.test/", False),
        ("*.test", "https://h.test/", False),
        (".test", "https://h.test/", False),
        ("h.*", "https://h.test/", False),
        ("h.test:*", "https://h.test:1/", False),
        ("0.0.0.0/0", "https://127.0.0.1/", False),
        ("", "https://h.test/", False),
    ],
)
def test_listed_hosts_are_exact(trusted: str, target: str, allowed: bool) -> None:
    assert source(trusted=trusted).allows(target) is allowed


def test_a_listed_host_gets_http_only_if_the_list_or_the_source_says_so() -> None:
    assert source("http://own.test", trusted="h.test:1").allows("http://h.test:1/")
    assert not source("https://own.test", trusted="h.test:1").allows("http://h.test:1/")
    assert source("https://own.test", trusted="http://h.test:1").allows("http://h.test:1/")


def test_the_sentence_names_host_source_and_variable() -> None:
    with pytest.raises(InputError) as caught:
        source("https://own.test", trusted="*.test").check("endpoint", "https://h.test:8774/v2.1")
    assert caught.value.message == (
        "The credentials of the environment are not sent to h.test:8774, which endpoint names. Add this host to "
        "CLOUDGATE_TRUSTED_HOSTS in the environment, or give the credentials in the task. "
        "CLOUDGATE_TRUSTED_HOSTS accepts only exact hosts such as nova.example.com:8774, not *.test."
    )


@given(st.text(), st.text())
def test_the_named_host_can_be_copied_from_the_sentence_into_the_list(before: str, after: str) -> None:
    for url in ("https://h.test/", "http://h.test:8774/v2.1", "https://[fe80::1]:1/"):
        entries, _invalid = parse_trusted(f"{before} {host_of(url)},{after}")
        assert Source(ENVIRONMENT, hosts_of(["https://own.test"]), str(host_of(url))).allows(url)
        assert entries


_urls = st.one_of(
    st.text(),
    st.builds("{}://{}{}/".format, st.sampled_from(["http", "https", "HTTPS"]),
              st.text("abh.:@\\%[]1\u212a-_/", min_size=1), st.sampled_from(["", ":1", ":443", ":99999"])),
)  # fmt: skip


def _name(url: str) -> Optional[str]:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


@given(_urls, _urls, st.text("ab.h:,* 1"))
def test_each_allowed_host_is_named_somewhere(own: str, target: str, trusted: str) -> None:
    allowed = source(own, trusted=trusted, domains=("b.a",)).allows(target)
    name = _name(target)
    if allowed:
        assert name
        assert "@" not in urlsplit(target).netloc
        trimmed = name[:-1] if name.endswith(".") else name
        own_name = (_name(own) or "").rstrip(".")
        listed = [entry.name for entry in parse_trusted(trusted)[0]]
        assert trimmed.rstrip(".") == own_name or trimmed in listed or trimmed.endswith(".b.a")


@given(_urls)
def test_a_source_covers_every_url_that_it_names(url: str) -> None:
    assert source(url).allows(url) is (host_of(url) is not None)


def test_variables_of_the_task_name_no_host_for_secrets_that_were_there_before() -> None:
    environ = {
        "OS_AUTH_URL": "https://evil.test/v3",
        "OS_PASSWORD": "s",
        "OS_COMPUTE_ENDPOINT_OVERRIDE": "https://n.test",
    }
    by_task = frozenset(["OS_AUTH_URL"])
    mixed = of_environment(environ, ["OS_PASSWORD"], by_task, ())
    assert (mixed.allows("https://evil.test/v3"), mixed.allows("https://n.test/v2.1")) == (False, True)
    own = of_environment(environ, ["OS_PASSWORD"], by_task | {"OS_PASSWORD"}, ())
    assert own.allows("https://evil.test/v3")


def test_the_task_cannot_set_the_list_and_the_controller_adds_to_it() -> None:
    environ = {TRUSTED_HOSTS: "a.test", "X": "y"}
    assert seen_by_module(environ, None) == (environ, frozenset())
    private = {"set_by_task": [TRUSTED_HOSTS, "X"], "trusted_hosts": "b.test"}
    assert seen_by_module(environ, private) == ({TRUSTED_HOSTS: "b.test", "X": "y"}, frozenset([TRUSTED_HOSTS, "X"]))
    assert seen_by_module(environ, {"trusted_hosts": "b.test"})[0][TRUSTED_HOSTS] == "a.test b.test"


def test_a_cloud_of_the_environment_has_the_hosts_of_the_environment() -> None:
    environ = {"OS_AUTH_URL": "https://own.test/v3", "OS_PASSWORD": "s"}
    assert of_cloud("envvars", environ, ["OS_PASSWORD"], frozenset(), ()).allows("https://own.test/")
    assert of_cloud("mine", {**environ, "OS_CLOUD_NAME": "mine"}, ["OS_PASSWORD"], frozenset(), ()).name == ENVIRONMENT
    assert not of_cloud("production", environ, ["OS_PASSWORD"], frozenset(), ()).allows("https://own.test/")


_PROXY = "http://user:word@proxy.test:3128"


@pytest.mark.parametrize(
    ("url", "verified", "trusted", "refused"),
    [
        ("https://own.test/v3", True, "", False),
        ("https://own.test/v3", False, "", True),
        ("http://own.test/v3", True, "", True),
        ("http://own.test/v3", True, "http://proxy.test:3128", False),
    ],
)
@pytest.mark.parametrize("variable", ["http_proxy", "HTTPS_PROXY", "all_proxy"])
def test_a_proxy_of_the_task_reads_no_secret_of_the_environment(
    variable: str, url: str, verified: bool, trusted: str, refused: bool
) -> None:
    environ = {"OS_AUTH_URL": url, variable: _PROXY, TRUSTED_HOSTS: trusted}
    own = of_environment(environ, ["OS_PASSWORD"], frozenset(), ())
    own.check_proxy(url, _PROXY, verified)
    by_task = of_environment(environ, ["OS_PASSWORD"], frozenset([variable]), ())
    by_task.check_proxy(url, None, verified)
    if not refused:
        by_task.check_proxy(url, _PROXY, verified)
        return
    with pytest.raises(InputError, match=r"not sent to http://proxy\.test:3128, which a proxy in") as caught:
        by_task.check_proxy(url, _PROXY, verified)
    assert "word" not in caught.value.message


def test_tls_may_be_added_on_the_default_ports_only() -> None:
    assert source("http://own.test/").allows("https://own.test/")
    assert not source("http://own.test/").allows("http://own.test:443/")
