#!/usr/bin/env bash
# One would guess: Azurite's programs for one service each say which port they got when they are started with port 0, as is customary; a test
# reads it there.
# What happens: azurite-blob and azurite-queue do (with --silent, too); azurite-table says "successfully started on 127.0.0.1:0" while it
# listens on another port, which it says nowhere. (`azurite` with all three services names the right port for tables as well.)
# Versions: azurite 3.37.0; Node.js 20 was used.
# Source: Azure/Azurite #2642.
set -euo pipefail
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait || true; rm -rf "$work"' EXIT
cd "$work"
timeout 500 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier azurite@3.37.0
echo "Node.js $(node --version), azurite $(node -p 'require("./node_modules/azurite/package.json").version')"

# The port of its last line, once it says that it started (at most 60 s).
says() {
    mkdir "$1"
    node "node_modules/azurite/dist/src/$1/main.js" --silent --location "$work/$1" "--$1Host" 127.0.0.1 "--$1Port" 0 > "$1.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 120); do
        grep -q successfully "$1.log" && break
        sleep 0.5
    done
    out+="$(sed -n 's/^\(Azurite .* service\) successfully .*:\([0-9]*\)$/\1 says port \2/p' "$1.log" | sed 's/ [1-9][0-9]*$/ N/')"$'\n'
}
out=
says blob
says queue
says table
out=${out%$'\n'}
expected='Azurite Blob service says port N
Azurite Queue service says port N
Azurite Table service says port 0'
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
