# A guest's network card, and the far end of its cable in the rehearsal's internet.
# Arguments: the guest's name, its address and its router's, IPv4 and then IPv6.
set -eu
guest=$1 address=$2 router=$3 address6=$4 router6=$5

ip netns add "$guest"
ip -n internet link add "to-$guest" type veth peer name eth0 netns "$guest"
ip -n internet addr add "$router/24" dev "to-$guest"
ip -n internet addr add "$router6/64" dev "to-$guest" nodad
ip -n internet link set "to-$guest" up

ip -n "$guest" link set lo up
ip -n "$guest" addr add "$address/24" dev eth0
ip -n "$guest" addr add "$address6/64" dev eth0 nodad
ip -n "$guest" link set eth0 up
ip -n "$guest" route add default via "$router"
ip -n "$guest" -6 route add default via "$router6"
