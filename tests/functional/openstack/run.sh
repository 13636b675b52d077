#!/usr/bin/env bash
# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# run.sh [PYTEST-ARGUMENT...] - run the playbooks of this folder against a real Nova, which this script starts and ends.
# Needs ansible-core, pytest, requests, keystoneauth1 and openstacksdk in the environment that is first on PATH, and
# the collection and openstack.cloud below ANSIBLE_COLLECTIONS_PATH.
set -euo pipefail

command -v ansible-playbook > /dev/null || { echo "run.sh: there is no ansible-playbook on PATH" >&2; exit 1; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_STATE=$(mktemp -d "${TMPDIR:-/tmp}/cloudgate-openstack.XXXXXX")
export LAB_STATE

finish() {
    local code=$?
    "$here/lab.sh" down
    if [ "$code" -eq 0 ]; then rm -rf "$LAB_STATE"; else echo "lab: its logs are kept in $LAB_STATE/log"; fi
    exit "$code"
}
trap finish EXIT

"$here/lab.sh" up
# shellcheck disable=SC1091
source "$LAB_STATE/openrc"
cd "$here"
python3 -m pytest -p no:cacheprovider -o pythonpath="$here ${ANSIBLE_COLLECTIONS_PATH%%:*}" "$@"
