# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of providers, and the code to connect to one. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Callable, Dict, Mapping, Optional

from .._auth.kinds import HEADERS
from .._auth.login import Login
from .._auth.remedies import after_401, remedy
from .._http.client import ApiClient
from .._http.errors import translated
from .._model.errors import AuthError, InputError, ProtocolError
from .base import Provider, ProviderInfo, check_id, section
from .cinder.provider import CinderProvider
from .described.custom import CustomProvider, custom
from .described.ecl import MLB, VNA
from .described.job_provider import JobProvider
from .described.job_services import SERVICES, job_service
from .described.modelarts import HYPERINSTANCE, LITE_SERVER, LiteServerProvider
from .described.provider import DescribedProvider
from .endpoint import host_in, parse_endpoint
from .glance.provider import GlanceProvider
from .heat.provider import HeatProvider
from .ironic.provider import IronicProvider
from .nova.provider import MICROVERSIONS, NovaProvider
from .octavia.provider import OctaviaProvider
from .paths import text

_HUAWEI_IAM = "https://iam.{region}.myhuaweicloud.com"
_OTC_IAM = "https://iam.{region}.otc.t-systems.com"
_MODELARTS = "huaweicloud_modelarts"
_CUSTOM = "custom"
_ECS = SERVICES["ecs"]
_UP_TO_2_60 = ("2.58", "2.51", "2.21")  # documented by OTC; Huawei Cloud runs the same software

_REGION = re.compile(r"[A-Za-z0-9-]+", re.ASCII)

PROVIDERS: Dict[str, ProviderInfo] = {
    info.name: info
    for info in (
        ProviderInfo(
            "openstack",
            NovaProvider,
            ("compute",),
            ("v2.1",),
            project_in_path=False,
            microversions=MICROVERSIONS,
            image_types=("image",),
            reservations=True,
            change_feed=True,
        ),
        ProviderInfo("openstack_stack", HeatProvider, ("orchestration",), ("v1",)),
        ProviderInfo("openstack_volume", CinderProvider, ("block-storage", "volumev3"), ("v3",)),
        ProviderInfo("openstack_image", GlanceProvider, ("image",), ("v2",), project_in_path=False),
        ProviderInfo("openstack_loadbalancer", OctaviaProvider, ("load-balancer",), ("v2",), project_in_path=False),
        ProviderInfo("openstack_baremetal", IronicProvider, ("baremetal",), ("v1",), project_in_path=False),
        ProviderInfo(
            "otc_ecs",
            NovaProvider,
            ("compute",),
            ("v2.1", "v2"),
            host="https://ecs.{region}.otc.t-systems.com",
            iam_host=_OTC_IAM,
            microversions=_UP_TO_2_60,
        ),
        ProviderInfo(
            "huaweicloud_ecs",
            NovaProvider,
            ("compute",),
            ("v2.1",),
            host="https://ecs.{region}.myhuaweicloud.com",
            iam_host=_HUAWEI_IAM,
            microversions=_UP_TO_2_60,
            change_feed=True,
        ),
        ProviderInfo("fujitsu_k5", NovaProvider, ("compute",), ("v2",)),
        ProviderInfo("ecl_compute", NovaProvider, ("compute",), ("v2",)),
        ProviderInfo(
            _MODELARTS,
            LiteServerProvider,
            (),  # its type in the catalog is unknown
            ("v1",),
            host="https://modelarts.{region}.myhuaweicloud.com",
            iam_host=_HUAWEI_IAM,
            description=LITE_SERVER,
        ),
        ProviderInfo(
            "huaweicloud_job",
            JobProvider,
            _ECS.types,
            _ECS.versions,
            base=_ECS.base,
            host="https://{service}.{region}.myhuaweicloud.com",
            iam_host=_HUAWEI_IAM,
            in_every_catalog=False,
            description=_ECS.description,
        ),
        ProviderInfo(
            "otc_job",
            JobProvider,
            _ECS.types,
            _ECS.versions,
            base=_ECS.base,
            host="https://{service}.{region}.otc.t-systems.com",
            iam_host=_OTC_IAM,
            in_every_catalog=False,
            description=_ECS.description,
        ),
        ProviderInfo(
            "ecl_vna",
            DescribedProvider,
            ("virtual-network-appliance",),
            ("v1.0",),
            description=VNA,
            project_in_path=False,
        ),
        ProviderInfo(
            "ecl_mlb", DescribedProvider, ("managed-load-balancer",), ("v1.0",), description=MLB, project_in_path=False
        ),
        # iam_host="" allows AK/SK signatures without finding a project.
        ProviderInfo(_CUSTOM, CustomProvider, (), (), project_in_path=False, base="", iam_host=""),
    )
}

JOBS = ("huaweicloud_job", "otc_job")


def info_for(options: Mapping[str, Any]) -> ProviderInfo:
    """Return the info of the task's provider, adapted to its options. Raises InputError."""
    info = PROVIDERS[options["provider"]]
    if info.name == _MODELARTS and options.get("hyperinstance"):
        return dataclasses.replace(info, description=HYPERINSTANCE)
    if info.name in JOBS:
        return _of_service(info, options.get("service") or "ecs")
    if info.name == _CUSTOM:
        return dataclasses.replace(info, description=custom(options))
    return info


def _of_service(info: ProviderInfo, name: str) -> ProviderInfo:
    service = job_service(name)
    return dataclasses.replace(
        info,
        description=service.description,
        service_types=service.types,
        versions=service.versions,
        base=service.base,
        old_path=service.old_path,
        host=str(info.host).replace("{service}", service.host),
    )


def check_options(info: ProviderInfo, options: Mapping[str, Any]) -> None:
    """Refuse options that this provider does not support. Raises InputError."""
    version = options.get("api_version")
    if version and not info.versions:
        raise InputError(f"api_version cannot be used with provider {info.name}: give it in endpoint.")
    if version and version not in info.versions:
        raise InputError(f"api_version of provider {info.name} must be {' or '.join(info.versions)}, not {version}.")
    if options.get("hyperinstance") and info.name != _MODELARTS:
        raise InputError(f"hyperinstance is for provider {_MODELARTS} only.")
    if options.get("service") and info.name not in JOBS:
        raise InputError(f"service is for providers {' and '.join(JOBS)} only.")
    if options.get("definition") and info.name != _CUSTOM:
        raise InputError(f"definition is for provider {_CUSTOM} only.")
    if options.get("auth_type") in HEADERS and info.name != _CUSTOM:
        raise InputError(f"auth_type {options['auth_type']} is for provider {_CUSTOM} only.")


def connect(
    info: ProviderInfo, login: Login, options: Mapping[str, Any], rate_limit: Callable[[], None] = lambda: None
) -> Provider:
    """Log in, find project and endpoint, and return the provider. Raises subclasses of GateError.

    rate_limit: called before each request to the API.
    """
    try:
        with translated(f"The login at {login.credentials.auth.get('auth_url', 'the cloud')}"):
            _check_endpoint(login)
            found = login.credentials.endpoint or login.endpoint(info.service_types) or _default_host(info, login)
            endpoint = parse_endpoint(found)
            project_id = None
            if info.project_in_path:
                project_id = (endpoint.project_id or "").rpartition("/")[2] or _project_id(info, login)
    except AuthError as exc:
        exc.message += _after_401(info, login)
        raise
    if login.signer is not None and project_id:
        login.signer.project_id = project_id
    url = _url(info, found, project_id, options.get("api_version"), bool(login.credentials.endpoint))
    return info.provider_class(ApiClient(login, url, rate_limit, _after_401(info, login)), info, options)


def _url(info: ProviderInfo, found: str, project_id: Optional[str], api_version: Optional[str], given: bool) -> str:
    """Return the base URL of all paths. given: whether the task names the endpoint.

    The version of an endpoint in the catalog does not count for a fixed path: it may be that of another API.
    """
    endpoint = parse_endpoint(found)
    if info.base is None:
        return endpoint.url(info.versions[0], api_version, project_id)
    if not info.base:
        return found
    version = api_version or (endpoint.version if given else None) or info.versions[0]
    return endpoint.at(info.base, version, project_id, "" if given else info.old_path)


def _after_401(info: ProviderInfo, login: Login) -> str:
    source = login.credentials.source
    return after_401(login.credentials.kind, source.name if source else None, info.name == _CUSTOM)


def _check_endpoint(login: Login) -> None:
    """Refuse an endpoint whose host must not get the credentials. Raises InputError."""
    endpoint, source = login.credentials.endpoint, login.credentials.source
    if endpoint and source and not source.allows(endpoint):
        source.check("endpoint", endpoint, login.catalog_hosts())


def _host_in(template: str, region: str) -> str:
    """Return a host name with its region. Raises InputError for a region that could change the host."""
    if not _REGION.fullmatch(check_id("region_name", region)):
        raise InputError(f"region_name must be a part of a host's name, such as eu-de, not {region!r}.")
    return host_in(template, region)


def _default_host(info: ProviderInfo, login: Login) -> str:
    region = login.credentials.region_name
    in_catalog = info.service_types and info.in_every_catalog and login.signer is None
    if info.host and region and not in_catalog:
        return _host_in(info.host, region)
    if info.host and not in_catalog:
        raise InputError("region_name is missing: it is part of the host's name. Give it, or endpoint.")
    raise ProtocolError(login.why_no_endpoint(info.service_types[0]))


def _project_id(info: ProviderInfo, login: Login) -> str:
    project_id = login.project_id
    if project_id:
        return check_id("auth.project_id", project_id)
    if login.signer is None or info.iam_host is None:
        where = remedy(login.credentials.kind, login.credentials.cloud, ("project_id",))
        raise InputError(f"auth.project_id is missing: it is part of the URL of this API, so {where}.")
    region = login.credentials.region_name
    name = login.credentials.auth.get("project_name") or region
    host = login.credentials.auth.get("iam_endpoint") or (_host_in(info.iam_host, region) if region else None)
    if not name or not host:
        raise InputError("auth.project_id is missing: give it, or region_name to look it up.")
    projects = section(ApiClient(login, host).get(("v3", "projects"), (("name", name),)), "projects", list)
    if len(projects) != 1 or not text(projects[0], "id"):
        raise InputError(f"{len(projects)} projects are named {name}: give auth.project_id.")
    return check_id("project id", str(projects[0]["id"]))
