#!/usr/bin/env bash
# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Writes the configuration of keystone, placement, glance and nova below $LAB_STATE/etc.
set -euo pipefail

etc=$LAB_STATE/etc
databases=$LAB_STATE/db
keystone=http://127.0.0.1:$LAB_KEYSTONE_PORT/v3
mkdir -p "$etc" "$databases" "$LAB_STATE"/{log,fernet,credential,nova,images,staging}

service_account() {
    cat <<EOF
auth_url = $keystone
auth_type = password
username = nova
password = nova
project_name = service
user_domain_id = default
project_domain_id = default
EOF
}

cat > "$etc/keystone.conf" <<EOF
[DEFAULT]
use_stderr = true
public_endpoint = ${keystone%/v3}
[database]
connection = sqlite:///$databases/keystone.sqlite
[token]
provider = fernet
expiration = ${LAB_TOKEN_EXPIRATION:-86400}
[fernet_tokens]
key_repository = $LAB_STATE/fernet
[fernet_receipts]
key_repository = $LAB_STATE/fernet
[credential]
key_repository = $LAB_STATE/credential
[identity]
password_hash_rounds = 4
[cache]
enabled = true
backend = oslo_cache.dict
EOF

cat > "$etc/placement.conf" <<EOF
[DEFAULT]
use_stderr = true
state_path = $LAB_STATE
[placement_database]
connection = sqlite:///$databases/placement.sqlite
sqlite_synchronous = false
[api]
auth_strategy = keystone
[keystone_authtoken]
www_authenticate_uri = $keystone
$(service_account)
EOF

cat > "$etc/glance-api.conf" <<EOF
[DEFAULT]
use_stderr = true
enabled_backends = lab:file
enabled_import_methods = []
node_staging_uri = file://$LAB_STATE/staging
[database]
connection = sqlite:///$databases/glance.sqlite
sqlite_synchronous = false
[glance_store]
default_backend = lab
[lab]
filesystem_store_datadir = $LAB_STATE/images
[os_glance_staging_store]
filesystem_store_datadir = $LAB_STATE/staging
[os_glance_tasks_store]
filesystem_store_datadir = $LAB_STATE/staging
[oslo_policy]
policy_file = $etc/glance-policy.yaml
[paste_deploy]
flavor = keystone
config_file = $LAB_VENV/etc/glance/glance-api-paste.ini
[oslo_concurrency]
lock_path = $LAB_STATE/glance-lock
[keystone_authtoken]
www_authenticate_uri = $keystone
token_cache_time = ${LAB_TOKEN_CACHE:-300}
$(service_account)
EOF

cat > "$etc/glance-policy.yaml" <<EOF
get_images: "not role:blind and (rule:context_is_admin or (role:reader and project_id:%(project_id)s))"
EOF

cat > "$etc/nova.conf" <<EOF
[DEFAULT]
host = ctl
use_stderr = true
debug = ${LAB_DEBUG:-false}
state_path = $LAB_STATE/nova
transport_url = fake://
compute_driver = lab.LabDriver
periodic_enable = false
rpc_response_timeout = 30
vif_plugging_timeout = 0
vif_plugging_is_fatal = false
allow_resize_to_same_host = false
# Each operation that goes on holds a thread of its compute, and is not begun while none is free; the default is 64.
executor_thread_pool_size = 256
[api]
auth_strategy = keystone
[api_database]
connection = sqlite:///$databases/nova_api.sqlite
sqlite_synchronous = false
[database]
connection = sqlite:///$databases/nova_cell1.sqlite
sqlite_synchronous = false
[wsgi]
api_paste_config = $etc/api-paste.ini
[keystone_authtoken]
www_authenticate_uri = $keystone
token_cache_time = ${LAB_TOKEN_CACHE:-300}
$(service_account)
[placement]
region_name = RegionOne
$(service_account)
[glance]
endpoint_override = http://127.0.0.1:$LAB_GLANCE_PORT
[service_user]
send_service_user_token = false
[quota]
instances = -1
cores = -1
ram = -1
[oslo_concurrency]
lock_path = $LAB_STATE/nova/lock
[notifications]
notification_format = unversioned
[oslo_messaging_notifications]
driver = noop
[key_manager]
backend = nova.keymgr.conf_key_mgr.ConfKeyManager
[filter_scheduler]
build_failure_weight_multiplier = 0.0
EOF
cp "$LAB_VENV/etc/nova/api-paste.ini" "$etc/api-paste.ini"
