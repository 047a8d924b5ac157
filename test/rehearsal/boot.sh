# Boots the guest and lasts as long as it runs, reboots included. Runs inside the rehearsal's namespaces.
# Arguments: the name of the control group for the guest.
set -eu
# Each guest needs a group of its own: systemd-nspawn makes "payload" and "supervisor" in the group that it is started in.
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -e "$hierarchy/cgroup.procs" ] || continue
  mkdir -p "$hierarchy/$1"
  echo $$ > "$hierarchy/$1/cgroup.procs"
done
exec systemd-nspawn --quiet --boot --directory=/run/rehearsal/merged --machine=studio --hostname=studio \
  --keep-unit --register=no --network-namespace-path=/run/netns/guest \
  --resolv-conf=off --timezone=off --link-journal=no --console=pipe \
  < /dev/null > /run/rehearsal/console.log 2>&1
