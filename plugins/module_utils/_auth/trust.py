# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide to which hosts a credential may be sent. Pure: the environment is an argument.

Credentials from the environment or a file go only to hosts that the same source names. Credentials in options of the
task go to any host that the task names. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from typing import AbstractSet, Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import urlsplit

from .._model.errors import InputError
from .settings import check_url

TRUSTED_HOSTS = "CLOUDGATE_TRUSTED_HOSTS"
ENVIRONMENT = "the environment"
_PORTS = {"http": 80, "https": 443}
_ENTRY = re.compile(r"(?:(https?)://)?(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::([0-9]{1,5}))?/?", re.ASCII)
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_NAMES_HOSTS = re.compile(r"HUAWEICLOUD_SDK_IAM_ENDPOINT|OS_([A-Z0-9_]+_)?(URL|ENDPOINT|ENDPOINT_OVERRIDE)")
_REGION = r"[a-z]{2,}-[a-z0-9-]*[a-z0-9]"
_FILES = frozenset(("OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE"))
_PLACES_OF_FILES = _FILES | {"HOME", "XDG_CONFIG_HOME"}
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


class Host(NamedTuple):
    """A target of requests. C(name) is in lower case, without brackets and without a final dot."""

    scheme: str
    name: str
    port: int

    def __str__(self) -> str:
        """Return the host as an entry of CLOUDGATE_TRUSTED_HOSTS."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return ("http://" if self.scheme == "http" else "") + name + port

    def covers(self, target: Host) -> bool:
        """Return whether a source with this host includes the target, which may add TLS but not drop it."""
        if target.name != self.name or (self.scheme, target.scheme) == ("https", "http"):
            return False
        with_tls = (self.scheme, self.port, *target[::2]) == ("http", _PORTS["http"], "https", _PORTS["https"])
        return target.port == self.port or with_tls


class Entry(NamedTuple):
    """An entry of CLOUDGATE_TRUSTED_HOSTS. Without a port, it has the default port of the scheme."""

    scheme: Optional[str]
    name: str
    port: Optional[int]

    def covers(self, target: Host, secure: bool) -> bool:
        """Return whether the entry includes the target. secure: whether plain HTTP requires http:// in the entry."""
        schemes = [self.scheme] if self.scheme else ["https"] if secure else ["https", "http"]
        port = self.port or _PORTS[target.scheme]
        return target.scheme in schemes and (target.name, target.port) == (self.name, port)


@dataclasses.dataclass(frozen=True)
class Source:
    """The source of a login's secrets, and the hosts that may get them.

    name: for messages. hosts: named by the source. trusted: the value of CLOUDGATE_TRUSTED_HOSTS. domains: documented
    for the provider, such as C(myhuaweicloud.com). proxies: set by the task's C(environment) instead of the source.
    moved: variables in the task's C(environment) that change the location of openstacksdk's files.
    """

    name: str
    hosts: FrozenSet[Host] = frozenset()
    trusted: str = ""
    domains: Tuple[str, ...] = ()
    proxies: FrozenSet[str] = frozenset()
    moved: FrozenSet[str] = frozenset()

    def allows(self, url: str, catalog: AbstractSet[Host] = frozenset()) -> bool:
        """Return whether the secrets may go to this URL. catalog: hosts in the catalog of the source's Keystone."""
        target = host_of(url)
        if target is None:
            return False
        if any(host.covers(target) for host in self.hosts | catalog) or self._is_documented(target):
            return True
        secure = any(host.scheme == "https" for host in self.hosts)
        return any(entry.covers(target, secure) for entry in parse_trusted(self.trusted)[0])

    def check(self, option: str, url: str, catalog: AbstractSet[Host] = frozenset()) -> None:
        """Raise InputError if the secrets may not go to this URL. option: contains the URL."""
        check_url(option, url)
        if self.allows(url, catalog):
            return
        sentence = (
            f"The credentials of {self.name} are not sent to {host_of(url)}, which {option} names. Add this host to "
            f"{TRUSTED_HOSTS} in the environment, or give the credentials in the task."
        )
        for entry in parse_trusted(self.trusted)[1][:1]:
            sentence += f" {TRUSTED_HOSTS} accepts only exact hosts such as nova.example.com:8774, not {entry}."
        raise InputError(sentence)

    def check_proxy(self, url: str, proxy: Optional[str], verified: bool) -> None:
        """Raise InputError if a proxy from the task could read the secrets in a request to this URL.

        verified: whether TLS verifies the host with public CA certificates. Then a proxy cannot read the request.
        """
        if proxy in self.proxies and not (verified and url.startswith("https:")):
            place = proxy.rpartition("@")[2].rpartition("//")[2]
            self.check("a proxy in the task's environment", f"http://{place}")

    def _is_documented(self, target: Host) -> bool:
        """Return True only for SERVICE.REGION.DOMAIN and iam.DOMAIN: customers can own other names in the domain."""
        if (target.scheme, target.port) != ("https", _PORTS["https"]):
            return False
        own = "|".join(map(re.escape, self.domains))
        return bool(own and re.fullmatch(rf"(iam|{_LABEL}\.{_REGION})\.({own})", target.name))


def host_of(url: Any) -> Optional[Host]:
    """Return the host of a URL; None if it is not an HTTP URL or contains a user."""
    try:
        parts = urlsplit(str(url))
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not parts.netloc.isascii():  # libraries convert such letters differently, so compare the original text
        name = parts.netloc
    if name.endswith("."):
        name = name[:-1]
    if parts.scheme not in _PORTS or not name or "@" in parts.netloc:
        return None
    return Host(parts.scheme, name, port or _PORTS[parts.scheme])


def is_loopback(name: str) -> bool:
    """Return whether a host name is that of this machine, so that requests do not use the network."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def hosts_of(urls: Iterable[Any]) -> FrozenSet[Host]:
    """Return the hosts of all values that are HTTP URLs."""
    return frozenset(host for host in map(host_of, urls) if host)


def parse_trusted(value: str) -> Tuple[List[Entry], List[str]]:
    """Parse CLOUDGATE_TRUSTED_HOSTS. Return its entries, and invalid ones such as wildcards."""
    entries, invalid = [], []
    for text in re.split(r"[,\s]+", value.strip()) if value.strip() else []:
        found = _ENTRY.fullmatch(text.lower()) if text.isascii() else None
        if found is None:
            invalid.append(text)
            continue
        scheme, address, name, port = found.groups()
        entries.append(Entry(scheme, address or name, int(port) if port else None))
    return entries, invalid


def of_environment(
    environ: Mapping[str, str], secrets: Iterable[str], set_by_task: AbstractSet[str], domains: Tuple[str, ...]
) -> Source:
    """Return the environment as a source.

    secrets: the variables with the secrets of the login. set_by_task: variables that the task's C(environment) sets.
    Their hosts do not count for a secret that the task does not set.
    """
    skipped = frozenset() if set(secrets) <= set_by_task else set_by_task
    named = [value for name, value in environ.items() if name not in skipped and _NAMES_HOSTS.fullmatch(name)]
    proxies = _proxies_of_task(environ, set_by_task)
    return Source(ENVIRONMENT, hosts_of(named), environ.get(TRUSTED_HOSTS, ""), domains, proxies)


def of_cloud(
    cloud: Optional[str],
    environ: Mapping[str, str],
    secrets: Iterable[str],
    set_by_task: AbstractSet[str],
    domains: Tuple[str, ...],
) -> Source:
    """Return a cloud of clouds.yaml as a source without the hosts of the file; for envvars, the environment."""
    if cloud and cloud == environ.get("OS_CLOUD_NAME", "envvars"):
        return of_environment(environ, secrets, set_by_task, domains)
    name = f"cloud {cloud} of clouds.yaml" if cloud else "clouds.yaml"
    proxies = _proxies_of_task(environ, set_by_task)
    moved = _PLACES_OF_FILES & set_by_task if not set_by_task >= _FILES else frozenset()
    return Source(name, trusted=environ.get(TRUSTED_HOSTS, ""), domains=domains, proxies=proxies, moved=moved)


def _proxies_of_task(environ: Mapping[str, str], set_by_task: AbstractSet[str]) -> FrozenSet[str]:
    names = (name for name in set_by_task if name.lower() in _PROXIES)
    return frozenset(environ[name] for name in names if environ.get(name))


def seen_by_module(
    environ: Mapping[str, str], from_action: Optional[Mapping[str, Any]]
) -> Tuple[Dict[str, str], FrozenSet[str]]:
    """Return the environment of a module, and the variables that the task's C(environment) sets.

    from_action: C(set_by_task) and the controller's C(trusted_hosts), from the action plugin. The task's C(environment)
    cannot set CLOUDGATE_TRUSTED_HOSTS.
    """
    from_action = from_action or {}
    set_by_task = frozenset(map(str, from_action.get("set_by_task") or ()))
    own = "" if TRUSTED_HOSTS in set_by_task else environ.get(TRUSTED_HOSTS, "")
    trusted = f"{own} {from_action.get('trusted_hosts') or ''}".strip()
    return {**environ, TRUSTED_HOSTS: trusted}, set_by_task
