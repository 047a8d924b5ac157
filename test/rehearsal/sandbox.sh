# The first process of a rehearsal's own process and mount namespaces: what it mounts and makes is seen by nobody else,
# and when it ends the kernel ends every process of the rehearsal and forgets every mount and network.
# Standard input: a pipe that the node process holds. Standard output: its number on the machine, once all is set up.
set -eu

# Before /proc is mounted anew, it still shows this process under the number that the machine knows it by.
read -r outer _ < /proc/self/stat
mount -t proc proc /proc

mount -t tmpfs -o mode=755,size=80% tmpfs /run
mkdir -p /run/netns /run/rehearsal/merged /run/rehearsal/internet

ip netns add internet
ip netns add guest
ip -n internet link add to-guest type veth peer name eth0 netns guest
for network in internet guest; do ip -n "$network" link set lo up; done

ip -n internet addr add "$ROUTER/24" dev to-guest
ip -n internet addr add "$ROUTER6/64" dev to-guest nodad
ip -n internet link set to-guest up
for address in $SERVICES; do ip -n internet addr add "$address/32" dev lo; done
# As a router it says at once that an address cannot be reached, so that nobody waits for a timeout.
nsenter --net=/run/netns/internet sysctl -q -w net.ipv4.ip_forward=1
ip -n internet route add unreachable default
ip -n internet -6 route add unreachable default

ip -n guest addr add "$GUEST/24" dev eth0
ip -n guest addr add "$GUEST6/64" dev eth0 nodad
ip -n guest link set eth0 up
ip -n guest route add default via "$ROUTER"
ip -n guest -6 route add default via "$ROUTER6"

# What runs beside the guest resolves names as the guest does.
resolv=$(readlink -m /etc/resolv.conf)
mkdir -p "$(dirname "$resolv")"
[ -e "$resolv" ] || : > "$resolv"
echo "nameserver $ROUTER" > /run/rehearsal/resolv.conf
mount --bind /run/rehearsal/resolv.conf "$resolv"

echo "$outer"
# The pipe closes when the node process ends, by kill -9 too.
cat > /dev/null
