#!/usr/bin/env bash
# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# lab.sh up|down|status|env|kill|start - a real Keystone, Glance, Nova and placement on 127.0.0.1; see NOTES.md
#
# up       creates the Python environment and the database templates if they are missing, and starts with new databases
# down     ends the processes that it started, and no others
# status   exits with 0 if all processes run
# env      prints the variables to source
# kill     ends these processes (nova, keystone, glance) as a power cut does
# start    starts them with the same databases, Keystone with LAB_TOKEN_EXPIRATION, and waits until they are ready
#
# Variables: LAB_STATE (folder of this run), LAB_CACHE, LAB_PYTHON, LAB_PIP=1 (no uv), LAB_COMPUTES, LAB_TOKEN_EXPIRATION,
#            LAB_TOKEN_CACHE, LAB_CAST_DELAY, LAB_DEBUG, LAB_<DRIVER METHOD> (lab/virt_driver.py),
#            LAB_KEEP_GUESTS=1 (guests survive a kill), LAB_{KEYSTONE,NOVA,PLACEMENT,GLANCE,CONTROL}_PORT (default: free ones)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache_root=${XDG_CACHE_HOME:-$HOME/.cache}/cloudgate
uv_version=0.13.8
services="keystone glance nova"
export LAB_STATE=${LAB_STATE:-$cache_root/openstack-run}
export LAB_COMPUTES=${LAB_COMPUTES:-cmp1=lab.LabDriver,cmp2=lab.LabDriver}
export PYTHONPATH=$here PYTHONWARNINGS=ignore
unset PYTHONDONTWRITEBYTECODE
# The lab's own traffic must not go through a proxy.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost

say() { echo "lab: $*"; }

usable_python() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2> /dev/null
}

# Print a Python that can run the pinned releases. Ignore the shims of pyenv, which may start any version.
find_python() {
    local folder name
    if [ -n "${LAB_PYTHON:-}" ]; then
        usable_python "$LAB_PYTHON" && echo "$LAB_PYTHON" && return
        say "LAB_PYTHON=$LAB_PYTHON is no Python 3.11 or 3.12 with venv and ensurepip" >&2
        return 1
    fi
    while read -r folder; do
        for name in python3 python3.12 python3.11; do
            [ -x "$folder/$name" ] && usable_python "$folder/$name" && echo "$folder/$name" && return
        done
    done < <(tr ':' '\n' <<< "$PATH" | grep -v /shims; printf '%s\n' "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[12]*/bin)
    say "no Python 3.11 or 3.12 with venv and ensurepip found; name one in LAB_PYTHON" >&2
    return 1
}

locate_cache() {
    local python version
    python=$(find_python)
    version=$("$python" -c 'import platform; print(platform.python_version())')
    LAB_CACHE=${LAB_CACHE:-$cache_root/openstack-$({ cat "$here/requirements.txt"; echo "$version"; } | sha256sum | cut -c 1-12)}
    base_python=$python
    # Keep the compiled code: a start that compiles Nova takes more than twice as long.
    export LAB_CACHE LAB_VENV=$LAB_CACHE/venv PYTHONPYCACHEPREFIX=$LAB_CACHE/pycache
}

# The requirements are a complete freeze, so nothing has to be resolved. uv takes seconds, pip a minute.
install_with_uv() {
    [ -z "${LAB_PIP:-}" ] && "$LAB_VENV/bin/pip" install -qq --disable-pip-version-check --no-deps "uv==$uv_version" &&
        "$LAB_VENV/bin/uv" pip install -q --system-certs --python "$LAB_VENV/bin/python" --no-deps -r "$here/requirements.txt"
}

make_venv() {
    [ -e "$LAB_VENV/complete" ] && return
    say "making the Python environment in $LAB_VENV"
    rm -rf "$LAB_VENV"
    "$base_python" -m venv "$LAB_VENV"
    install_with_uv ||
        "$LAB_VENV/bin/pip" install -qq --disable-pip-version-check --no-deps -r "$here/requirements.txt"
    touch "$LAB_VENV/complete"
}

in_template() {
    LAB_STATE=$LAB_CACHE/template LAB_KEYSTONE_PORT=0 LAB_NOVA_PORT=0 LAB_PLACEMENT_PORT=0 LAB_GLANCE_PORT=0 \
        LAB_CONTROL_PORT=0 "$@"
}

make_template() {
    local template=$LAB_CACHE/template keystone nova glance
    [ -e "$template/complete" ] && return
    say "making the database templates in $template"
    rm -rf "$template"
    in_template "$here/lab/write_config.sh"
    in_template "$LAB_VENV/bin/python" -m lab.keystone_server init > "$template/log/keystone.log" 2>&1 & keystone=$!
    in_template "$LAB_VENV/bin/python" -m lab.nova_server init > "$template/log/nova.log" 2>&1 & nova=$!
    in_template "$LAB_VENV/bin/python" -m lab.glance_server init > "$template/log/glance.log" 2>&1 & glance=$!
    if ! wait "$keystone" || ! wait "$nova" || ! wait "$glance"; then
        tail -n 20 "$template"/log/*.log
        return 1
    fi
    touch "$template/complete"
}

# Several labs may start at the same time: one of them creates the shared files.
make_shared() {
    mkdir -p "$LAB_CACHE"
    exec 9> "$LAB_CACHE/lock"
    flock 9
    make_venv
    make_template
    exec 9>&-
}

choose_ports() {
    local free
    read -ra free < <("$LAB_VENV/bin/python" - <<'PYTHON'
import socket

sockets = [socket.create_server(("127.0.0.1", 0)) for _count in range(5)]
print(*(each.getsockname()[1] for each in sockets))
PYTHON
)
    export LAB_KEYSTONE_PORT=${LAB_KEYSTONE_PORT:-${free[0]}} LAB_NOVA_PORT=${LAB_NOVA_PORT:-${free[1]}}
    export LAB_PLACEMENT_PORT=${LAB_PLACEMENT_PORT:-${free[2]}} LAB_CONTROL_PORT=${LAB_CONTROL_PORT:-${free[3]}}
    export LAB_GLANCE_PORT=${LAB_GLANCE_PORT:-${free[4]}}
}

# Save the settings of this run for `start`.
write_settings() {
    local name
    for name in LAB_{KEYSTONE,NOVA,PLACEMENT,GLANCE,CONTROL}_PORT LAB_VENV PYTHONPYCACHEPREFIX; do
        echo "export $name=${!name}"
    done > "$LAB_STATE/settings"
}

write_openrc() {
    cat > "$LAB_STATE/openrc" <<EOF
export OS_AUTH_URL=http://127.0.0.1:$LAB_KEYSTONE_PORT/v3
export OS_USERNAME=demo OS_PASSWORD=demo OS_PROJECT_NAME=demo
export OS_USER_DOMAIN_ID=default OS_PROJECT_DOMAIN_ID=default
export OS_REGION_NAME=RegionOne OS_IDENTITY_API_VERSION=3
export LAB_CONTROL_URL=http://127.0.0.1:$LAB_CONTROL_PORT
export no_proxy=$no_proxy NO_PROXY=$NO_PROXY
EOF
}

# Is the recorded process running, and is it ours?
alive() {
    local pid
    pid=$(cat "$LAB_STATE/$1.pid" 2> /dev/null) || return
    tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -q " -m lab.$1_server serve "
}

start() {
    rm -f "$LAB_STATE/$1.ready"
    nohup "$LAB_VENV/bin/python" -m "lab.$1_server" serve > "$LAB_STATE/log/$1.log" 2>&1 < /dev/null &
    echo $! > "$LAB_STATE/$1.pid"
}

# Wait for these processes.
wait_until_ready() {
    local _try name waiting
    for _try in $(seq 1200); do
        waiting=
        for name in "$@"; do
            [ -e "$LAB_STATE/$name.ready" ] && continue
            # Not alive(): a process that was just forked does not have its own command line yet.
            kill -0 "$(cat "$LAB_STATE/$name.pid")" 2> /dev/null || break 2
            waiting=1
        done
        [ -n "$waiting" ] || return 0
        sleep 0.1
    done
    say "not ready"
    tail -n 30 "$LAB_STATE"/log/*.log
    return 1
}

up() {
    local name
    if alive keystone && alive nova && alive glance; then
        say "already up"
        return
    fi
    down
    locate_cache
    make_shared
    choose_ports
    rm -rf "$LAB_STATE"/{db,fernet,*.ready}
    mkdir -p "$LAB_STATE"
    cp -a "$LAB_CACHE/template/db" "$LAB_CACHE/template/fernet" "$LAB_STATE/"
    "$here/lab/write_config.sh"
    "$LAB_VENV/bin/python" -m lab.place
    write_openrc
    write_settings
    ln -sfn "$LAB_VENV" "$LAB_STATE/venv"
    for name in $services; do start "$name"; done
    # shellcheck disable=SC2086
    wait_until_ready $services || { down; return 1; }
    say "up in $SECONDS s, state in $LAB_STATE"
}

down() {
    local name pid _try
    for name in $services; do
        if alive "$name"; then
            pid=$(cat "$LAB_STATE/$name.pid")
            kill "$pid"
            for _try in $(seq 50); do alive "$name" || break; sleep 0.1; done
            ! alive "$name" || kill -9 "$pid"
        fi
        rm -f "$LAB_STATE/$name.pid"
    done
}

kill_names() {
    local name pid
    for name in "$@"; do
        alive "$name" || { say "$name is not up" >&2; return 1; }
        pid=$(cat "$LAB_STATE/$name.pid")
        kill -9 "$pid"
        while [ -e "/proc/$pid" ] && alive "$name"; do sleep 0.05; done
    done
}

start_names() {
    local name
    # shellcheck disable=SC1091
    source "$LAB_STATE/settings"
    sed -i "s/^expiration = .*/expiration = ${LAB_TOKEN_EXPIRATION:-86400}/" "$LAB_STATE/etc/keystone.conf"
    for name in "$@"; do
        ! alive "$name" || { say "$name is up" >&2; return 1; }
        start "$name"
    done
    wait_until_ready "$@"
}

status() {
    local name code=0
    for name in $services; do
        if alive "$name"; then say "$name up, pid $(cat "$LAB_STATE/$name.pid")"; else say "$name down"; code=1; fi
    done
    return $code
}

case "${1:-}" in
    up | down | status) "$1" ;;
    kill | start) command=$1; shift; "${command}_names" "$@" ;;
    env) cat "$LAB_STATE/openrc" ;;
    *) sed -n '6,17p' "$0"; exit 2 ;;
esac
