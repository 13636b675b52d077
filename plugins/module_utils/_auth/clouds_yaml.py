# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a cloud of clouds.yaml with openstacksdk: its login, its hosts, and its settings for a service.

Private to this collection. openstacksdk is imported only when a cloud is named.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import re
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import quote

from .._http.urls import shown_url
from .._model.errors import UNEXPECTED_DATA_ERRORS, InputError, LibraryMissing
from . import credentials as creds
from . import kinds
from .clouds_yaml_mistakes import sentence_of
from .masking import Masking
from .secret_values import secrets_in
from .trust import ENVIRONMENT, Source, hosts_of

_NAMES_HOSTS = ("_url", "endpoint", "_endpoint_override")
_PLACE = re.compile(r"[%$]\(([a-z_]+)\)s")  # placeholders of keystoneauth1


class Cloud(NamedTuple):
    """A cloud of clouds.yaml. C(auth) includes the task's C(auth), which overrides the file; C(own_auth) does not."""

    region: Any
    auth: Dict[str, Any]
    own_auth: Dict[str, Any]


def read(credentials: creds.Credentials) -> Cloud:
    """Read clouds.yaml, secure.yaml and the vendors' profiles. Raises InputError and LibraryMissing."""
    try:
        from keystoneauth1.exceptions import ClientException
        from openstack.config import OpenStackConfig
        from openstack.exceptions import SDKException
        from yaml import YAMLError
    except ImportError as exc:
        raise LibraryMissing("openstacksdk", "for cloud (clouds.yaml)") from exc
    # On invalid YAML, openstacksdk logs the file's content; without a handler, logging prints it to stderr.
    logging.getLogger("openstack.config").setLevel(logging.CRITICAL)
    options: Dict[str, Any] = {"auth": dict(credentials.auth)} if credentials.auth else {}
    config = None
    try:
        region = None
        config = OpenStackConfig()
        _check_secure_file(config, credentials.source)
        setattr(config, "auth_config_hook", _without_unknown_options)  # noqa: B010 - mypy forbids the plain way
        if credentials.region_name:
            with contextlib.suppress(SDKException):  # the file does not list the region
                region = config.get_one(cloud=credentials.cloud, region_name=credentials.region_name, **options)
        region = region or config.get_one(cloud=credentials.cloud, **options)
        own = region
        if options:
            own = config.get_one(cloud=credentials.cloud, region_name=region.region_name, validate=False)
        return Cloud(region, dict(region.config.get("auth") or {}), dict(own.config.get("auth") or {}))
    # A file with an unexpected structure can raise any of these.
    except (ClientException, SDKException, YAMLError, OSError, *UNEXPECTED_DATA_ERRORS) as exc:
        mistake = sentence_of(config, credentials.cloud, os.environ)
        if mistake:
            raise InputError(f"clouds.yaml: {mistake}") from exc
        name = f"cloud {credentials.cloud}" if credentials.cloud else "the file that OS_CLIENT_CONFIG_FILE names"
        said = Masking(secrets_in(config.cloud_config if config else {})).clean(" ".join(str(exc).split()))
        raise InputError(f"clouds.yaml: {name} cannot be used: {said}") from exc


def _check_secure_file(config: Any, source: Optional[Source]) -> None:
    """Refuse a clouds.yaml from the task's C(environment) together with a secure.yaml of another folder."""
    if source is None or not source.moved:
        return
    secure = config._load_secure_file()[0]
    if secure and os.path.dirname(secure) != os.path.dirname(config.config_filename or ""):
        raise InputError(
            f"{' and '.join(sorted(source.moved))} in the task's environment would send the secrets of {secure} to the "
            "hosts of another file. Set both OS_CLIENT_CONFIG_FILE and OS_CLIENT_SECURE_FILE there, or neither."
        )


def _without_unknown_options(config: Dict[str, Any]) -> Dict[str, Any]:
    """Drop options that the plugin does not have, such as a user's domain: its constructor would fail."""
    from keystoneauth1 import exceptions, loading

    with contextlib.suppress(exceptions.NoMatchingPlugin):
        known = {option.dest for option in loading.get_plugin_loader(str(config.get("auth_type"))).get_options()}
        if "auth_methods" in known:  # v3multifactor takes the options of each method
            return config
        auth = config.get("auth") or {}
        config["auth"] = {option: auth[option] for option in auth if option in known or option not in kinds.ENVIRONMENT}
    return config


def source_of(
    cloud: Cloud, given: Mapping[str, str], used: Optional[Tuple[str, ...]], base: Optional[Source]
) -> Optional[Source]:
    """Return the source of the file's secrets; None if all secrets are options of the task.

    given: the task's C(auth). used: the options that this kind of login sends; None if unknown. base: the source
    without the hosts of the file. Raises InputError if the task names a Keystone that must not get the secrets.
    """
    options = [str(option) for option, value in cloud.own_auth.items() if value and option not in given]
    if base is None or not any(creds.may_be_secret(option) and (used is None or option in used) for option in options):
        return None
    config = {**cloud.region.config, **cloud.own_auth}
    named = {str(name): str(value) for name, value in config.items() if str(name).endswith(_NAMES_HOSTS)}
    if base.name == ENVIRONMENT:  # it has its hosts already, without those that the task sets
        source, unproven = base, {name: value for name, value in named.items() if "://" in value}
    else:
        source, unproven = dataclasses.replace(base, hosts=hosts_of(named.values())), {}
    if "auth_url" in given:
        unproven["auth_url"] = str(given["auth_url"])
    for name, value in unproven.items():
        source.check("auth.auth_url" if name == "auth_url" else name, value)
    return source


def with_default_domain(auth: Mapping[str, str]) -> Dict[str, str]:
    """Add the default domain to the login, as keystoneauth1's generic plugins do."""
    filled = dict(auth)
    for part in ("id", "name"):
        default = filled.pop(f"default_domain_{part}", None)
        for whose in ("user", "project"):
            named = [f"{whose}_domain_id", f"{whose}_domain_name"]
            if default and not any(filled.get(option) for option in named):
                filled[f"{whose}_domain_{part}"] = default
    return filled


def fill_in(url: str, value_of: Callable[[str], Optional[str]]) -> str:
    """Fill in the placeholders of an endpoint in clouds.yaml, such as C(%(project_id)s). Raises InputError.

    value_of: called with C(project_id) or C(user_id).
    """

    def value(found: Any) -> str:
        name = {"tenant_id": "project_id"}.get(found[1], found[1])
        known = value_of(name) if name in ("project_id", "user_id") else None
        if not known:
            place = shown_url(url)
            raise InputError(f"clouds.yaml: {found[0]} in the endpoint {place} has no value for this login.")
        return quote(known, safe="")

    return _PLACE.sub(value, url)


def lookup_of(region: Any, service_type: str, chosen: creds.Credentials) -> Dict[str, Any]:
    """Return how to find a service in the catalog: by the task's options, else by the settings of the service.

    region: from clouds.yaml, or None. chosen: the login before the file was read. Raises InputError.
    """
    found: Dict[str, Any] = {
        "service_type": service_type,
        "interface": chosen.interface or "public",
        "region_name": chosen.region_name,
    }
    if region is not None:
        from openstack.exceptions import SDKException

        try:
            found["service_type"] = region.get_service_type(service_type)
            found["service_name"] = region.get_service_name(service_type)
            found["interface"] = chosen.interface or region.get_interface(service_type) or "public"
            found["region_name"] = chosen.region_name or region.get_region_name(service_type)
        except SDKException as exc:
            raise InputError(f"clouds.yaml: a setting of {service_type} cannot be used: {exc}") from exc
    return found
