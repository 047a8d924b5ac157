# Outlives the node process by a moment: starts the rehearsal's namespaces, waits for their end, and removes the control
# groups that the guest's systemd leaves, the only thing that no namespace takes along.
# Arguments: the name of the control group, then what to run as the first process.
group=$1
shift
unshare --mount --pid --fork --kill-child -- "$@"
code=$?
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
  [ -d "$hierarchy/$group" ] || continue
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    find "$hierarchy/$group" -depth -type d -exec rmdir {} + 2> /dev/null
    [ -d "$hierarchy/$group" ] || break
    sleep 0.1
  done
done
exit "$code"
