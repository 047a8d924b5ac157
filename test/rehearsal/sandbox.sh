# The first process of a rehearsal's own process and mount namespaces: what it mounts and makes is seen by nobody else,
# and when it ends the kernel ends every process of the rehearsal and forgets every mount and network.
# Standard input: a pipe that the node process holds. Standard output: its number on the machine, once all is set up.
set -eu

# Before /proc is mounted anew, it still shows this process under the number that the machine knows it by.
read -r outer _ < /proc/self/stat
mount -t proc proc /proc

mount -t tmpfs -o mode=755,size=80% tmpfs /run
mkdir -p /run/netns /run/rehearsal/internet

ip netns add internet
ip -n internet link set lo up
for address in $NAME_SERVER $SERVICES; do ip -n internet addr add "$address/32" dev lo; done
# As a router it says at once that an address cannot be reached, so that nobody waits for a timeout.
nsenter --net=/run/netns/internet sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n internet route add unreachable default
ip -n internet -6 route add unreachable default

# What runs beside the guests resolves names as they do.
resolv=$(readlink -m /etc/resolv.conf)
mkdir -p "$(dirname "$resolv")"
[ -e "$resolv" ] || : > "$resolv"
echo "nameserver $NAME_SERVER" > /run/rehearsal/resolv.conf
mount --bind /run/rehearsal/resolv.conf "$resolv"

echo "$outer"
# The pipe closes when the node process ends, by kill -9 too.
cat > /dev/null
