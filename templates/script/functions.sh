# fail WORDS: says what is wrong, and ends.
fail() {
  echo "✗ $*" >&2
  exit 1
}

# step TITLE: says what comes now.
step() {
  echo "▸ $*"
}

# apart ACCOUNT COMMAND…: as that account, in a session of its own: a process on root's terminal could type commands there.
apart() {
  local run=(setsid --wait runuser -u "$1" -- "${@:2}") running status=0
  if [ -t 0 ]; then "${run[@]}" </dev/null & else "${run[@]}" <&0 & fi
  running=$!
  # What is in another session hears neither Ctrl+C nor the end of a connection.
  trap 'kill -- "-$running" 2>/dev/null || kill "$running"; trap - INT HUP TERM; kill -INT "$BASHPID"' INT HUP TERM
  wait "$running" || status=$?
  trap - INT HUP TERM
  return "$status"
}

# as_site COMMAND…: as the site's account, with that account's home.
as_site() {
  apart www-data env HOME=/var/www USER=www-data LOGNAME=www-data "$@"
}

# in_site ARGUMENTS…: the site's own Python, in the checkout, with the environment that its unit gives.
in_site() {
  local environment=()
  mapfile -t environment < <(systemctl show --property=Environment --value studio.service | xargs -r printf '%s\n')
  (cd /var/www/blender-studio && as_site env "${environment[@]}" /var/www/venv/bin/python "$@")
}

# site_folder PATH MODE: a folder of the site's account. Below /var/www that account could have put a link anywhere: it makes the folder
# itself, and root gives it away by find, which goes through no link and changes what it found from the folder that holds it.
site_folder() {
  find -H /var/www -mindepth 1 -maxdepth 3 -path "$1" -type d ! \( -user www-data -group www-data \) \
    -execdir chown --no-dereference www-data:www-data {} \;
  as_site mkdir -p "$1"
  as_site chmod "$2" "$1"
}

# from_repository PATH: the repository's copy of a configuration file, read as the site's account, which could have put a link there.
# What studio-setup judged when it made this script has to be the same still.
from_repository() {
  if as_site test -e "/var/www/blender-studio/deploy$1"; then
    as_site cat -- "/var/www/blender-studio/deploy$1" | python3 -I -c "$judge_program" same "$1" "${judged[$1]:-}"
  elif declare -F own_copy >/dev/null; then
    own_copy "$1"
  else
    fail "The repository has no deploy$1: choose a branch that has it."
  fi
}

# harmless KIND PATH: standard input, when it gives whoever wrote it nothing of root's (KIND is unit, nginx, or ini, which root reads
# nothing of), and the checkout's file is as its commit has it. What studio-setup judged has its operator's word.
harmless() {
  local changed
  if [ -n "${judged[$2]:-}" ]; then
    cat
    return
  fi
  changed=$(as_site git -C /var/www/blender-studio --no-optional-locks status --porcelain --no-renames --untracked-files=all --ignored -- "deploy$2") ||
    fail "git can't say whether deploy$2 is as its commit has it."
  [ -z "$changed" ] || fail "deploy$2 differs from its commit: find out who changed it, and restore it."
  python3 -I -c "$judge_program" "$1" "$2"
}

# is_others UNIT: whether a unit of that name is a package's, or somebody's: it is never overwritten. What studio-setup judged is not.
is_others() {
  local path="/etc/systemd/system/$1" folder
  [ -z "${judged[$path]:-}" ] || return 1
  for folder in /usr/lib /lib /usr/local/lib; do
    [ ! -e "$folder/systemd/system/$1" ] || return 0
  done
  [ -e "$path" ] && ! from_repository "$path" | with_timers_target | cmp -s - "$path"
}

# put PATH [MODE [ACCOUNT]]: standard input becomes the file, whole or not at all.
put() {
  # shellcheck disable=SC2016 # the inner shell, which runs as ACCOUNT, expands these
  apart "${3:-root}" sh -euc '
    umask 077
    cat >"$1.new"
    [ -s "$1.new" ] || { rm -f "$1.new"; echo "✗ Nothing came for $1." >&2; exit 1; }
    chmod "$2" "$1.new"
    mv -fT "$1.new" "$1"
  ' put "$1" "${2:-644}"
}

# install_packages NAME…: from the distribution; its lists are fetched once.
install_packages() {
  if [ -z "${lists_are_fresh:-}" ]; then
    # What an installation that was cut off left unpacked.
    dpkg --force-confdef --force-confold --configure -a
    apt-get update -q -o DPkg::Lock::Timeout=300
    lists_are_fresh=yes
  fi
  # A file of yours in the place of a package's own stays.
  apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# setting WHERE KIND PATH VALUE: one assignment for edit_settings. WHERE is always, there (only where the file has it), literal (there,
# and no reference to another setting) or mailgun (where it has ANYMAIL, and no backend of e-mail but the console). KIND is text,
# bytes, code or list (an item a line).
setting() {
  printf '%s\0' "$@"
}

# edit_settings: what `setting` prints goes into settings.py, which begins as a copy of the example; all else in it stays.
edit_settings() {
  local studio=/var/www/blender-studio/studio
  as_site python3 -I -c "$settings_program" "$studio/settings.py" "$studio/settings.example.py"
}

# from_settings PATH: what settings.py has there already, unless it is a placeholder.
from_settings() {
  local studio=/var/www/blender-studio/studio
  [ -e "$studio/settings.py" ] || return 0
  as_site python3 -I -c "$settings_program" "$studio/settings.py" "$studio/settings.example.py" --read "$1"
}

# from_key_file: the master key that this server has already.
from_key_file() {
  [ ! -e /etc/blender-studio/meilisearch.env ] || sed -n 's/^MEILI_MASTER_KEY=//p' /etc/blender-studio/meilisearch.env
}

# random_text LENGTH: letters and digits.
random_text() {
  local text=''
  while [ "${#text}" -lt "$1" ]; do text+=$(head -c 64 /dev/urandom | tr -dc A-Za-z0-9); done
  printf '%s' "${text:0:$1}"
}

# ask LABEL: a secret, typed unseen; a key of several lines is pasted whole, up to its END line.
ask() {
  local line='' text=''
  (: </dev/tty) 2>/dev/null || fail "Nobody is there to be asked: $1. Put it into the folder of secrets."
  # Not `read -s`: between two lines of a pasted key the terminal would show the next one.
  trap 'stty echo </dev/tty' EXIT
  stty -echo </dev/tty
  printf '%s (not shown): ' "$1" >/dev/tty
  while IFS= read -r line </dev/tty; do
    text+=${text:+$'\n'}$line
    [[ $text == -----BEGIN* && $line != -----END* ]] || break
  done
  echo >/dev/tty
  printf '%s' "$text"
}

# need ID LABEL MADE [COMMAND…]: the secret of that name, from the folder of secrets; or as this server has it (COMMAND prints
# that); or made, MADE being what it begins with and how many letters follow; or asked for.
need() {
  local id=$1 label=$2 made=$3 value=''
  shift 3
  if [ -n "$secrets_folder" ] && [ -e "$secrets_folder/$id" ]; then
    value=$(cat -- "$secrets_folder/$id")
  elif [ $# -gt 0 ]; then
    value=$("$@")
  fi
  if [ -z "$value" ] && [ -n "$made" ]; then value=${made% *}$(random_text "${made##* }"); fi
  [ -n "$value" ] || value=$(ask "$label")
  [ -n "$value" ] || fail "$label is needed."
  secret[$id]=$value
}

# wait_for SECONDS WHAT COMMAND…: until the command is content.
wait_for() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "$what"
    sleep 0.5
  done
}

# answers URL: whether it answers with success, by a certificate that holds where it is https.
answers() {
  python3 -I -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=30)' "$1"
}

# find_certificate NAME…: of a site with these names. certificate[0] is the name at certbot that it has or gets, certificate[1] that of what
# nginx can be given now, certificate[2] says whether one has to be issued.
find_certificate() {
  mapfile -t certificate < <(python3 -I -c "$certificate_program" "$@")
  [ "${#certificate[@]}" -eq 3 ] || fail "Could not determine which certificate there is for $1."
}

# leads_here NAME: whether the certificate authority's question to this name arrives at this server. A failed validation costs one of
# the few attempts an hour, so it is tried before.
leads_here() {
  local folder=/var/lib/letsencrypt/webroot/.well-known/acme-challenge token
  token=$(random_text 32)
  mkdir -p "$folder"
  printf '%s' "$token" >"$folder/studio-setup"
  wait_for 20 "http://$1/ does not point to this server: check DNS and firewalls." fetches "http://$1/.well-known/acme-challenge/studio-setup" "$token"
  rm -f "$folder/studio-setup"
}

# fetches URL TEXT: whether that is what stands there.
fetches() {
  [ "$(python3 -I -c 'import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1], timeout=8).read())' "$1")" = "$2" ]
}

# fetch_program URL PATH SHA256: there only when it is the file that was asked for; SHA256 may be any: then it is shown.
# URL may be a path of this server.
fetch_program() {
  local new="$2.new"
  case $1 in
    /*) cp --no-preserve=all -- "$1" "$new" ;;
    *) python3 -I -c 'import shutil, sys, urllib.request; shutil.copyfileobj(urllib.request.urlopen(sys.argv[1], timeout=60), open(sys.argv[2], "wb"))' "$1" "$new" ;;
  esac
  if [ "$3" = any ]; then
    echo "SHA-256 of $1, as it came: $(sha256sum "$new" | cut -c -64)"
  else
    echo "$3  $new" | sha256sum --check --quiet || { rm -f -- "$new"; fail "$1 is not the file with that SHA-256."; }
  fi
  chmod 755 "$new"
  mv -fT -- "$new" "$2"
}

# installed_meilisearch: the unit that is installed, nothing where there is none.
installed_meilisearch() {
  cat /etc/systemd/system/meilisearch.service 2>/dev/null || true
}

# program_in: the program of a unit (standard input).
program_in() {
  sed -n 's/^ExecStart=[-@:+!]*\([^ ]*\).*/\1/p' | tail -n 1
}

# program_of_unit VERSION: what meilisearch.service starts; a path that names another version names this one. Where an upgrade
# put this version beside a program without one in its name, that one.
program_of_unit() {
  local path
  path=$(from_repository /etc/systemd/system/meilisearch.service | program_in)
  if [[ $path =~ ^(.*)-[0-9]+\.[0-9]+\.[0-9]+$ ]]; then path="${BASH_REMATCH[1]}-$1"
  elif [ "$(installed_meilisearch | program_in)" = "$path-$1" ]; then path="$path-$1"; fi
  # The unit is the site's account's: root writes a program to folders of root's only, and over no other program.
  [[ $path =~ ^/usr/(local/)?s?bin/meilisearch[A-Za-z0-9._-]*$ ]] ||
    fail "meilisearch.service starts $path: root writes no program there. Let it start /usr/bin/meilisearch-$1."
  printf '%s' "$path"
}

# with_timers_target: a target that exists: in the repository's timers it does not, and they are dead after a reboot.
with_timers_target() {
  sed -E 's/^((Wanted|Required)By=)timer\.target$/\1timers.target/'
}

# with_in_service LINE: a unit (standard input) with one more line at the end of its [Service].
with_in_service() {
  awk -v added="$1" '
    { line[NR] = $0 }
    /^\[/ { section = $0; if (section == "[Service]") last = NR }
    section == "[Service]" && /^[A-Za-z]+ *=/ { last = NR }
    END { for (n = 1; n <= NR; n++) { print line[n]; if (n == last) print added } }
  '
}

# with_data_in_use: meilisearch.service (standard input) with the data folder that an upgrade put beside the unit's own.
with_data_in_use() {
  local own data unit
  unit=$(cat)
  own=$(sed -n 's/^Environment=MEILI_DB_PATH=//p' <<<"$unit" | tail -n 1)
  data=$(installed_meilisearch | sed -n 's/^Environment=MEILI_DB_PATH=//p' | tail -n 1)
  if [[ -n $own && $data == "$own"-* && ${data#"$own"} =~ ^-[0-9]+\.[0-9]+\.[0-9]+(-[0-9]+)?$ ]]; then
    grep -v '^Environment=MEILI_DB_PATH=' <<<"$unit" | with_in_service "Environment=MEILI_DB_PATH=$data"
  else
    printf '%s\n' "$unit"
  fi
}

# uwsgi_plugin: the plugin of this server's Python. With one that is not there uWSGI runs on and answers nothing.
uwsgi_plugin() {
  local file
  for file in /usr/lib/uwsgi/plugins/python3?*_plugin.so /usr/lib/uwsgi/plugins/python3_plugin.so; do
    [ -e "$file" ] || continue
    basename "$file" _plugin.so
    return
  done
  fail 'uWSGI has no plugin for Python 3 here.'
}

# start_unit UNIT: enabled for the next boot, and running with the files as they are now.
start_unit() {
  systemctl daemon-reload
  systemctl reenable "$1"
  systemctl reset-failed "$1" 2>/dev/null || true
  systemctl restart "$1"
}

# check WHAT COMMAND…: one line of the last check.
check() {
  local what=$1
  shift
  if "$@" >/dev/null 2>&1; then
    echo "✓ $what"
  else
    echo "✗ $what"
    failed=yes
  fi
}

# python_serves: whether the distribution's Python is one that the site runs on.
python_serves() {
  python3 -I -S -c 'import sys; sys.exit(not (3, 8) <= sys.version_info[:2] <= (3, 11))'
}

# managed_python: the program of the Python that uv installed.
managed_python() {
  local programs=(/opt/studio-setup/python/cpython-3.11.*/bin/python3.11)
  [ -x "${programs[-1]}" ] || fail 'uv installed no Python 3.11.'
  echo "${programs[-1]}"
}

# with_venv_uwsgi: a unit starts uWSGI of the virtualenv where the distribution's can't run the site's Python.
with_venv_uwsgi() {
  if python_serves; then cat; else sed -E 's|^(ExecStart=[-@:+!]*)[^ ]+|\1/var/www/venv/bin/pyuwsgi|'; fi
}

# with_python_of_uwsgi: its ini names the distribution's plugin, or none where Python is built in.
with_python_of_uwsgi() {
  if python_serves; then
    sed -E "s/^((need-)?plugins? *= *)python[0-9.]*/\\1$(uwsgi_plugin)/"
  else
    sed -E '/^(need-)?plugins? *= *python[0-9.]*$/d'
    echo 'binary-path = /var/www/venv/bin/pyuwsgi'
  fi
}
