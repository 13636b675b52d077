# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages of the ready-made definitions show, and the definitions do not contain: hosts, IDs, logins."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Facts:
    """One ready-made definition.

    api: its name for people. operation: what operation_id can be. answer: where the answer to the request names the
    operation: a field of the body, C(header NAME), C(body) for the whole body, or "" if it names none. place: the
    same in words, if answer is "". variable: of the example then; without it, the example waits for the latest
    operation. resource: what resource_id must be, always or with latest. resource_value: in
    the example. logins: values of auth_type, that of the example first. auth: more options in C(auth) of the example.
    """

    api: str
    endpoint: str
    operation: str
    answer: str
    logins: tuple[str, ...]
    resource: str = ""
    resource_value: str = ""
    auth: dict[str, str] = field(default_factory=dict)
    variable: str = ""
    place: str = "nothing"


_AZURE = "https://management.azure.com"
_AZURE_LOGIN = {"token_url": "https://login.microsoftonline.com/{{ tenant_id }}/oauth2/v2.0/token"}
_AZURE_SCOPE = {**_AZURE_LOGIN, "scope": "https://management.azure.com/.default"}
_BMC = "https://bmc.example.com"
_JENKINS = "https://jenkins.example.com"
_PROJECT = "the project: its ID, or its path with `%2F`, as `group%2Fproject`"

FACTS: dict[str, Facts] = {
    "awx_job": Facts(
        "AWX", "https://awx.example.com", "the ID of the job, or its `url`", "url", ("bearer", "basic"),
        "with `latest`: the ID of the job template",
    ),
    "awx_workflow": Facts(
        "AWX", "https://awx.example.com", "the ID of the workflow job, or its `url`", "url", ("bearer", "basic"),
        "with `latest`: the ID of the workflow job template",
    ),
    "azure": Facts(
        "Azure", _AZURE, "the URL in the header", "header Azure-AsyncOperation", ("oauth2", "bearer"), auth=_AZURE_SCOPE
    ),
    "azure_location": Facts(
        "Azure", _AZURE, "the URL in the header", "header Location", ("oauth2", "bearer"), auth=_AZURE_SCOPE
    ),
    "azure_resource": Facts(
        "Azure", _AZURE, "the URL of the resource, with its `api-version`", "", ("oauth2", "bearer"),
        auth=_AZURE_SCOPE, variable="resource_url",
        place="nothing: the URL of the request is that of the resource",
    ),
    "catalyst_center": Facts(
        "Cisco Catalyst Center", "https://catalyst.example.com", "the ID of the task", "response.taskId", ("login",)
    ),
    "digitalocean": Facts(
        "DigitalOcean", "https://api.digitalocean.com", "the ID of the action", "action.id", ("bearer",),
        "with `latest`: the ID of the droplet",
    ),
    "f5_as3": Facts("F5 BIG-IP AS3", "https://bigip.example.com", "the ID of the task", "id", ("login", "basic")),
    "gitlab_job": Facts(
        "GitLab", "https://gitlab.example.com", "the ID of the job", "id", ("header", "bearer"), _PROJECT,
        "group%2Fproject",
    ),
    "gitlab_pipeline": Facts(
        "GitLab", "https://gitlab.example.com", "the ID of the pipeline", "id", ("header", "bearer"), _PROJECT,
        "group%2Fproject",
    ),
    "google": Facts(
        "Google Cloud", "https://file.googleapis.com", "the name, such as `projects/p/locations/l/operations/o`",
        "name", ("bearer",), "with `latest`: `projects/p/locations/l`",
    ),
    "google_compute": Facts(
        "Google Compute Engine", "https://www.googleapis.com/compute/v1", "the name, or the URL in `selfLink`", "name",
        ("bearer",), "with the name: project and place, as `p/zones/z`, `p/regions/r` or `p/global`",
        "my-project/zones/europe-west1-b",
    ),
    "hetzner": Facts(
        "Hetzner Cloud", "https://api.hetzner.cloud/v1", "the ID of the action", "action.id", ("bearer",),
        "with `latest`: the ID of the server",
    ),
    "idrac_job": Facts(
        "Dell iDRAC", "https://idrac.example.com", "the ID, such as `JID_123456789012`", "", ("basic", "login"),
        variable="started.location | basename",
        place="the last part of the header `Location`",
    ),
    "ionos": Facts(
        "IONOS Cloud", "https://api.ionos.com/cloudapi/v6", "the ID of the request, or the URL in the header",
        "header Location", ("bearer", "basic"),
    ),
    "jenkins": Facts(
        "Jenkins", _JENKINS, "the URL in the header, or the number of the queue item", "header Location", ("basic",)
    ),
    "jenkins_build": Facts(
        "Jenkins", _JENKINS, "the number of the build", "", ("basic",),
        "the job; for a job in folders, `folder/job/name`", "folder/job/name", variable="build_number",
        place="nothing: the queue item names the build later",
    ),
    "linode": Facts(
        "Linode (Akamai)", "https://api.linode.com/v4", "the ID of the event", "", ("bearer",),
        "with `latest`: the ID of the Linode", "{{ linode_id }}",
    ),
    "ontap": Facts(
        "NetApp ONTAP", "https://cluster.example.com", "the UUID of the job", "job.uuid", ("basic", "bearer")
    ),
    "openmanage": Facts("Dell OpenManage Enterprise", "https://ome.example.com", "the ID of the job", "Id", ("basic",)),
    "ovh": Facts(
        "OVHcloud dedicated servers", "https://eu.api.ovh.com/1.0", "the ID of the task", "taskId", ("oauth2",),
        "the name of the server", "ns1.example.net",
        {"token_url": "https://www.ovh.com/auth/oauth2/token", "scope": "all"},
    ),
    "proxmox": Facts(
        "Proxmox VE", "https://pve.example.com:8006", "the UPID", "data", ("header", "login"), "the node", "pve1",
        {"header": "Authorization", "prefix": "PVEAPIToken=root@pam!ansible="},
    ),
    "redfish": Facts(
        "Redfish", _BMC, "the ID of the task, or its URL", "Id", ("basic", "login")
    ),
    "redfish_monitor": Facts(
        "Redfish", _BMC, "the URL in the header", "header Location", ("basic", "login")
    ),
    "vcenter": Facts(
        "VMware vCenter", "https://vcenter.example.com", "the ID of the task, after `?vmw-task=true`", "body",
        ("login",),
    ),
}  # fmt: skip
