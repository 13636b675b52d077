# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of Huawei Cloud and Open Telekom Cloud that run jobs, and where each shows them. Pure.

Sources: huaweicloud-sdk-python-v3 and terraform-provider-huaweicloud for the paths and hosts, the public catalog of
Open Telekom Cloud, otcextensions and gophertelekomcloud for the catalog types. Private to this collection.
"""

from __future__ import annotations

from typing import Dict, NamedTuple, Tuple

from ..._model.errors import InputError
from .description import Description
from .jobs import (
    CLUSTERS,
    DATABASES,
    DISTRIBUTED_DATABASES,
    LOAD_BALANCERS,
    PHONES,
    SERVERS,
    SHARED_FILE_SYSTEMS,
    WAREHOUSES,
)

_PROJECT = "{version}/{project_id}"


class JobService(NamedTuple):
    """A service with jobs.

    versions: of its path, the default first. types: in the catalog, the best first. base: path of all URLs. host: the
    first part of its host name. old_path: of an earlier version, which some catalogs have as endpoint.
    """

    description: Description
    versions: Tuple[str, ...]
    types: Tuple[str, ...]
    host: str
    base: str = _PROJECT
    old_path: str = ""


def _database(host: str, *types: str, **more: str) -> JobService:
    return JobService(DATABASES, ("v3",), types, host, **more)


_GAUSSDB = ("gaussdbv3", "gaussdb-mysql", "gaussdb")
_VPC = JobService(SERVERS, ("v1",), ("vpc",), "vpc")  # its jobs are those of public IP addresses
_SFS_TURBO = JobService(SHARED_FILE_SYSTEMS, ("v1",), ("sfsturbo", "sfs-turbo"), "sfs-turbo")

SERVICES: Dict[str, JobService] = {
    "bms": JobService(SERVERS, ("v1",), ("bmsv1", "bms"), "bms"),
    "cce": JobService(CLUSTERS, ("v3", "v2"), ("ccev2.0", "cce"), "cce", base="api/{version}/projects/{project_id}"),
    "cph": JobService(PHONES, ("v1",), ("cph",), "cph"),
    "dcs": JobService(SERVERS, ("v2",), ("dcsv2", "dcs", "dcsv1"), "dcs"),
    "ddm": JobService(DISTRIBUTED_DATABASES, ("v3",), ("ddmv3", "ddm", "ddmv2", "ddmv1"), "ddm"),
    "dds": _database("dds", "ddsv3", "dds"),
    "deh": JobService(SERVERS, ("v1",), ("deh",), "deh"),
    "dws": JobService(WAREHOUSES, ("v1.0",), ("dwsv1", "dws"), "dws"),
    "ecs": JobService(SERVERS, ("v1",), ("ecsv1", "ecs"), "ecs"),
    "eip": _VPC,
    "elb": JobService(LOAD_BALANCERS, ("v3",), ("elbv3", "elb"), "elb"),
    "evs": JobService(SERVERS, ("v1", "v2"), ("evsv1", "evs", "volumev2"), "evs"),
    "gaussdb": _database("gaussdb", *_GAUSSDB),
    "gaussdb-mysql": _database("gaussdb-mysql", *_GAUSSDB),
    "gaussdb-nosql": _database("gaussdb-nosql", "gaussdb-nosqlv3", "geminidb", "gaussdb-nosql"),
    "gaussdb-opengauss": _database("gaussdb-opengauss", "gaussdb-opengaussv3", "gaussdb-opengauss"),
    "gaussdbformysql": _database("gaussdbformysql", *_GAUSSDB),
    "ims": JobService(SERVERS, ("v1",), ("imsv1", "ims", "image"), "ims"),
    "rds": _database("rds", "rdsv3", "rds", old_path="rds/v1"),
    "sdrs": JobService(SERVERS, ("v1",), ("sdrsv1", "sdrs"), "sdrs"),
    "sfs-turbo": _SFS_TURBO,
    "sfsturbo": _SFS_TURBO,
    "vbs": JobService(SERVERS, ("v1",), ("vbsv1", "vbs", "vbsv2"), "vbs"),
    "vpc": _VPC,
}


def job_service(name: str) -> JobService:
    """Return the service with this name. Raises InputError for a service whose jobs cannot be read."""
    if name not in SERVICES:
        raise InputError(
            f"service must be one of {', '.join(SERVICES)}, not {name!r}. For a service with another API of jobs, use "
            "provider custom."
        )
    return SERVICES[name]
