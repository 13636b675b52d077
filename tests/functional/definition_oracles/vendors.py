# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All SDKs."""

from __future__ import annotations

from definition_oracles import automation, azure_google, clouds, machines
from definition_oracles.oracle import Oracle

ORACLES: tuple[type[Oracle], ...] = (
    automation.AwxJob,
    automation.AwxWorkflow,
    automation.GitlabJob,
    automation.GitlabPipeline,
    automation.Jenkins,
    automation.JenkinsBuild,
    azure_google.Azure,
    azure_google.AzureLocation,
    azure_google.AzureResource,
    azure_google.Google,
    azure_google.GoogleCompute,
    clouds.DigitalOcean,
    clouds.Hetzner,
    clouds.Ionos,
    clouds.Linode,
    clouds.Ovh,
    machines.CatalystCenter,
    machines.Ontap,
    machines.Proxmox,
    machines.ProxmoxWithTicket,
    machines.Redfish,
    machines.RedfishMonitor,
    machines.Vcenter,
)
