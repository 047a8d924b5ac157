# shellcheck shell=bash
# What has to hold at the end of an installation, whoever made it: asked on the host, in order of the document, nothing
# changed. Environment: DOMAIN. Ends with 1 at the first proof that fails, and names it.
set -u

prove() {
  what=$1
  shift
  "$@" > /tmp/proof 2>&1 && return
  echo "Not proved: $what"
  tail -n 5 /tmp/proof
  exit 1
}
home_page() { curl -sSf "https://$DOMAIN/" | grep -q 'The Lighthouse Ferry'; }
static_file() { curl -sSf -o /dev/null "https://$DOMAIN/static/common/studio.css"; }
setting() { sed -n "s/^$1 = ['\"]\(.*\)['\"]/\1/p" /var/www/blender-studio/studio/settings.py; }
search() {
  index=$(header MEILISEARCH_PRIVATE_KEY | curl -sSf -H @- http://localhost:7700/indexes | grep -o '"uid": *"[^"]*"' | head -n 1 | cut -d'"' -f4)
  header MEILISEARCH_PUBLIC_KEY | curl -sSf -H @- "https://$DOMAIN/s/indexes/$index/search?q=a" | grep '"hits": *\[{'
}
header() { printf 'Authorization: Bearer %s\n' "$(setting "$1")"; }
refused() { [ "$(curl -sS -o /dev/null -w '%{http_code}' "https://$DOMAIN/s/indexes")" = 401 ]; }

prove 'HTTPS answers by name with a page from the database' home_page
prove 'nginx serves the static files' static_file
prove 'a search goes through /s/' search
prove 'a search without a key is refused' refused
for unit in meilisearch studio studio-background nginx; do
  prove "$unit runs" systemctl is-active "$unit.service"
  prove "$unit starts at boot" systemctl is-enabled "$unit.service"
done
for name in clearsessions process-deletion-requests background-restart stats clock-tick; do
  prove "the timer studio-$name runs" systemctl is-active "studio-$name.timer"
  prove "the timer studio-$name starts at boot" test -e "/etc/systemd/system/timers.target.wants/studio-$name.timer"
done
prove 'the certificate can be renewed by its timer' systemctl is-active certbot.timer
