# Boots the guest and lasts as long as it is on, reboots included. Runs inside the rehearsal's namespaces.
# Arguments: the name of the control group of the rehearsal, the name of the guest.
set -eu
group=$1/$2 guest=$2

# Each guest needs a group of its own: systemd-nspawn makes "payload" and "supervisor" in the group that it is started in,
# and in the unified hierarchy no other process may be there.
nspawn() {
  sh -euc '
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
      [ -e "$hierarchy/cgroup.procs" ] || continue
      mkdir -p "$hierarchy/$0"
      echo $$ > "$hierarchy/$0/cgroup.procs"
    done
    exec systemd-nspawn "$@"' "$group" "$@"
}

code=133
# systemd-nspawn that keeps its unit does not reboot by itself: it ends with this code for whoever started it to do so.
while [ "$code" = 133 ]; do
  code=0
  nspawn --quiet --boot --directory="/run/rehearsal/$guest/merged" --machine="$guest" --hostname="$guest" \
    --keep-unit --register=no --network-namespace-path="/run/netns/$guest" \
    --resolv-conf=off --timezone=off --link-journal=no --console=pipe \
    < /dev/null >> "/run/rehearsal/$guest/console.log" 2>&1 || code=$?
done
exit "$code"
