# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service catalogs, as the public ones are: with services of several versions, and paths without a project.

The catalog of Open Telekom Cloud has the types, names and paths of the list of endpoints in its documentation, and of
public fixtures of its SDK. Huawei publishes no complete catalog: its rows are the types that its SDKs and documents
name. Services that no provider reads are left out.
"""

from __future__ import annotations

from .accounts import Cloud

# Type, name, and the path at the host of the service; {p} is the project.
OTC = (
    ("ecs", "ecs", "ecs/v1/{p}"),
    ("evs", "evs", "evs/v2/{p}"),
    ("volumev2", "cinderv2", "evs/v2/{p}"),
    ("volumev3", "cinderv3", "evs/v3/{p}"),
    ("image", "glance", "ims"),
    ("rds", "relationaldatabase", "rds/rds/v1"),
    ("rdsv1", "rdsv1", "rds/rds/v1/{p}"),
    ("rdsv3", "rdsv3", "rds/v3/{p}"),
    ("database", "trove", "rds/v1.0"),
    ("cce", "containerengine", "cce/api/v1"),
    ("ccev2.0", "ccev2.0", "cce"),
    ("dcs", "distributed cache service", "dcs/v1.0/"),
    ("dcsv1", "dcsv1", "dcs/v1.0/{p}"),
    ("ddmv1", "ddmv1", "ddm/v1/{p}"),
    ("ddsv3", "ddsv3", "dds/v3/{p}"),
    ("elb", "loadbalance", "elb/v1.0"),
    ("elbv1", "elbv1", "elb/v1.0/{p}"),
    ("elbv3", "elbv3", "elb/v3/{p}"),
    ("gaussdb-mysql", "gaussdb-mysql", "gaussdb/v3/{p}"),
    ("geminidb", "geminidb", "gaussdb-nosql/v3/{p}"),
    ("sfsturbo", "sfsturbo", "sfs-turbo/v1/{p}"),
)
HUAWEI = (
    ("ecs", "ecs", "ecs/v1/{p}"),
    ("evs", "evs", "evs/v2/{p}"),
    ("imsv1", "ims", "ims/v1/{p}"),
    ("rdsv3", "rds", "rds/v3"),
    ("ccev2.0", "cce", "cce/api/v3/projects/{p}"),
    ("dcs", "dcs", "dcs/v1.0/{p}"),
    ("ddm", "ddm", "ddm/v1/{p}"),
    ("dds", "dds", "dds/v3/{p}"),
    ("elb", "elb", "elb/v2/{p}"),
    ("gaussdbv3", "gaussdb", "gaussdb/v3/{p}"),
    ("gaussdb-nosql", "gaussdb-nosql", "gaussdb-nosql/v3/{p}"),
    ("sfs-turbo", "sfs-turbo", "sfs-turbo/v1/{p}"),
)
ECL = (
    ("virtual-network-appliance", "vna", "virtual-network-appliance"),
    ("managed-load-balancer", "mvna", "managed-load-balancer"),
)
OPENSTACK = (
    ("image", "glance", "image"),
    ("orchestration", "heat", "orchestration/v1/{p}"),
    ("block-storage", "cinder", "volume/v3/{p}"),
    ("load-balancer", "octavia", "load-balancer"),
    ("baremetal", "ironic", "baremetal"),
)
ROWS = {"otc": OTC, "huaweicloud": HUAWEI, "ecl": ECL, "openstack": OPENSTACK}


def services(cloud: Cloud, root: str) -> list[tuple[str, str, str]]:
    """Return type, name and URL of each service. root: of the URLs of this cloud."""
    version = list(cloud.max_microversion)[-1]
    compute = root + cloud.compute_path
    if cloud.name != "openstack":
        compute = f"{compute}/{version}/{cloud.project_id}"
    rows = [(kind, name, f"{root}/{path.format(p=cloud.project_id)}") for kind, name, path in ROWS.get(cloud.name, ())]
    return [("identity", "keystone", f"{root}/identity/v3"), ("compute", "nova", compute), *rows]
