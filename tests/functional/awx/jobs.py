# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs job templates and workflows as AWX does: its own code fills in the credentials, ansible-runner the rest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import ansible_runner
import yaml
from awx.controller import Controller
from awx.kinds import Item
from awx.rules import accepted_variables, check_workflow_variables
from awx_plugins.credentials.plugins import openstack
from awx_plugins.interfaces import _temporary_private_container_api as container_api
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

INVENTORY = "#! /usr/bin/env python3\n# -*- coding: utf-8 -*-\nprint(r'''%s''')\n"
Hosts = dict[str, dict[str, Any]]  # the variables of each


@dataclass
class Job:
    """A job as AWX keeps it. artifacts: the data that set_stats published. env: as AWX shows it, without secrets."""

    folder: Path
    status: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    artifacts: dict[str, Any] = field(default_factory=dict)
    env: dict[str, Any] = field(default_factory=dict)

    @property
    def stdout(self) -> str:
        """Return the job's output."""
        return "\n".join(event["stdout"] for event in self.events if event.get("stdout"))

    def kept(self) -> dict[str, str]:
        """Return the files of the ended job, without ansible-runner's copy of the environment, which AWX deletes."""
        files = [path for path in self.folder.glob("artifacts/**/*") if path.is_file() and path.name != "command"]
        return {**{path.name: path.read_text(encoding="utf-8") for path in files}, "job_env": json.dumps(self.env)}


class _UnsafeDumper(yaml.SafeDumper):
    """Mark all text as !unsafe, as AWX does with answers to a survey: no Jinja in them is evaluated."""


_UnsafeDumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("!unsafe", text))


class Awx:
    """Job templates as they are in a controller. project: the folder with the playbooks."""

    def __init__(self, controller: Controller, project: Path, collections: Path, folder: Path) -> None:
        self._controller = controller
        self._project = project
        self._collections = collections
        self.folder = folder
        self._jobs = 0

    def launch(
        self,
        template: Item,
        given: dict[str, Any] | None = None,
        hosts: Hosts | None = None,
        credentials: tuple[Item, ...] = (),
    ) -> Job:
        """Run a job template to its end, as a user who has the role Execute on it, and on nothing else.

        given: extra variables. credentials: those of the user's own that are chosen at the launch.
        """
        survey = self._controller.survey(template)
        variables = accepted_variables(template, survey, given or {})
        return self.start(template, variables, hosts, credentials if template.get("ask_credential_on_launch") else ())

    def launch_in_bulk(self, template: Item, given: dict[str, Any]) -> Job:
        """Run it by a bulk launch: a workflow without a template, whose variables AWX does not check."""
        return self.start(template, given)

    def start(
        self, template: Item, given: dict[str, Any], hosts: Hosts | None = None, credentials: tuple[Item, ...] = ()
    ) -> Job:
        self._jobs += 1
        job = Job(self.folder / f"awx_{self._jobs}")
        safe = json.loads(template.get("extra_vars") or "{}")
        survey = self._controller.survey(template)
        questions = survey["spec"] if survey else []
        defaults = {each["variable"]: each["default"] for each in questions if "default" in each}
        variables = {"awx_job_id": self._jobs, "awx_job_template_name": template["name"], **safe, **defaults, **given}
        self._prepare(job.folder, variables, safe, hosts or {})
        env = {
            "ANSIBLE_COLLECTIONS_PATH": str(self._collections),
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "AWX_PRIVATE_DATA_DIR": str(job.folder),
            "JOB_ID": str(self._jobs),
        }
        job.env = dict(env)
        arguments: list[str] = []
        used = {each["credential_type"]: each for each in self._controller.linked(template, "credentials")}
        used.update({each["credential_type"]: each for each in credentials})
        for credential in used.values():
            self._inject(credential, env, job, arguments)
        self._run(job, template["playbook"], env, arguments)
        return job

    def launch_sliced(self, template: Item, answers: dict[str, Any], hosts: Hosts, slices: int) -> list[Job]:
        """Run it as so many jobs, to which AWX deals out the hosts."""
        dealt = [dict(list(hosts.items())[number::slices]) for number in range(slices)]
        return [self.launch(template, answers, some) for some in dealt]

    def run_workflow(
        self, name: str, answers: dict[str, Any], after: Callable[[str], None] = lambda _node: None
    ) -> dict[str, Job]:
        """Run a workflow to its end; the jobs of the nodes that ran, by their identifiers. after: called at each end.

        A canceled job leads to the failure nodes, as one that failed (WorkflowDAG.bfs_nodes_to_run in
        awx/main/scheduler/dag_workflow.py).
        """
        workflow = self._controller.named("workflow_job_templates", name)
        survey = self._controller.survey(workflow)
        assert survey
        check_workflow_variables(workflow, survey, answers)
        defaults = {each["variable"]: each["default"] for each in survey["spec"] if "default" in each}
        waiting = self._controller.nodes(workflow)
        jobs: dict[str, Job] = {}
        finished: dict[str, dict[str, Any] | None] = {}  # published by a node and those before it; None: left out
        while waiting:
            node = next(each for each in waiting if self._parents(each).keys() <= finished.keys())
            waiting.remove(node)
            parents = self._parents(node)
            published: dict[str, Any] = {}
            for parent in parents:  # as in AWX, in the order in which the nodes were made
                published.update(finished[parent] or {})
            led_here = [
                parent
                for parent, link in parents.items()
                if parent in jobs and (jobs[parent].status == "successful") == (link == "success_nodes")
            ]
            if parents and not led_here:
                finished[node["identifier"]] = None
                continue
            template = self._controller.numbered(node["unified_job_template"])
            job = self.start(template, {**published, **defaults, **answers})
            jobs[node["identifier"]] = job
            after(node["identifier"])
            finished[node["identifier"]] = {**published, **job.artifacts}
        return jobs

    def _parents(self, node: Item) -> dict[str, str]:
        """Return the nodes that lead to this one, each with its link."""
        workflow = self._controller.numbered(node["workflow_job_template"])
        return {
            each["identifier"]: link
            for each in self._controller.nodes(workflow)
            for link in ("success_nodes", "failure_nodes")
            if node in self._controller.linked(each, link)
        }

    def _prepare(self, folder: Path, variables: dict[str, Any], safe: dict[str, Any], hosts: Hosts) -> None:
        for name in ("env", "inventory"):
            (folder / name).mkdir(parents=True, mode=0o700)
        shutil.copytree(self._project, folder / "project")
        inventory = folder / "inventory" / "hosts"
        listed = {"all": {"children": ["fleet"]}, "fleet": {"hosts": list(hosts)}} if hosts else {}
        inventory.write_text(INVENTORY % json.dumps({**listed, "_meta": {"hostvars": hosts}}), encoding="utf-8")
        inventory.chmod(0o700)
        parts = [
            yaml.dump({name: value}, Dumper=yaml.SafeDumper if name in safe and safe[name] == value else _UnsafeDumper)
            for name, value in variables.items()
        ]
        (folder / "env" / "extravars").write_text("".join(parts), encoding="utf-8")

    def _inject(self, credential: Item, env: dict[str, Any], job: Job, arguments: list[str]) -> None:
        made = self._controller.numbered(credential["credential_type"])
        kind = (
            openstack
            if made.get("managed")
            else ManagedCredentialType(made["name"], made["name"], made["kind"], made["inputs"], made["injectors"])
        )
        # In AWX the folder is mounted as /runner into a container; here it is where it is.
        with mock.patch.object(container_api, "CONTAINER_ROOT", str(job.folder)):
            inject_credential(kind, Credential(credential["inputs"]), env, job.env, arguments, str(job.folder))

    def _run(self, job: Job, playbook: str, env: dict[str, Any], arguments: list[str]) -> None:
        def keep(event: dict[str, Any]) -> bool:
            job.events.append(event)
            job.artifacts.update(event.get("event_data", {}).get("artifact_data", {}))
            return True

        runner = ansible_runner.run(
            private_data_dir=str(job.folder),
            ident=job.folder.name,
            playbook=playbook,
            envvars=env,
            cmdline=" ".join(arguments),
            event_handler=keep,
            quiet=True,
            settings={"suppress_ansible_output": True, "idle_timeout": 600, "job_timeout": 900},
        )
        job.status = runner.status
