# A guest's network card, and the far end of its cable in the rehearsal's internet.
# Arguments: the guest's name, its address and its router's, IPv4 and then IPv6. For a slow link also: the folder of vde's
# programs, megabits a second, milliseconds in each direction.
set -eu
guest=$1 address=$2 router=$3 address6=$4 router6=$5

ip netns add "$guest"
if [ $# = 5 ]; then
  ip -n internet link add "to-$guest" type veth peer name eth0 netns "$guest"
else
  programs=$6 rate=$7 delay=$8
  # Kernels without netem are common: the delay is that of a program between two cards. The rate is the kernel's, for a program
  # that drops nothing would let a queue grow.
  plug() { echo ip netns exec "$1" "$programs/usr/bin/vde_plug" "tap://$2"; }
  # shellcheck disable=SC2046 # The words of the commands.
  LD_LIBRARY_PATH=$(echo "$programs"/usr/lib/*-linux-gnu) "$programs/usr/bin/dpipe" \
    $(plug internet "to-$guest") = "$programs/usr/bin/wirefilter" -d "$delay" = $(plug "$guest" eth0) \
    < /dev/null > "/run/rehearsal/$guest-cable.log" 2>&1 &
  card() { ip -n "$1" link show dev "$2" > /dev/null 2>&1; }
  tries=100
  until card internet "to-$guest" && card "$guest" eth0; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { cat "/run/rehearsal/$guest-cable.log" >&2; exit 1; }
    sleep 0.05
  done
  shape() { tc -n "$1" qdisc add dev "$2" root tbf rate "${rate}mbit" burst 32kb latency 50ms; }
  shape internet "to-$guest"
  shape "$guest" eth0
fi
ip -n internet addr add "$router/24" dev "to-$guest"
ip -n internet addr add "$router6/64" dev "to-$guest" nodad
ip -n internet link set "to-$guest" up

ip -n "$guest" link set lo up
ip -n "$guest" addr add "$address/24" dev eth0
ip -n "$guest" addr add "$address6/64" dev eth0 nodad
ip -n "$guest" link set eth0 up
ip -n "$guest" route add default via "$router"
ip -n "$guest" -6 route add default via "$router6"
