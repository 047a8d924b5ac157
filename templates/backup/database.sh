# Runs a program of PostgreSQL's with the password in libpq's own password file: arguments and environment can be seen by others.
# Standard input: the line of that file, empty for none; what follows is the program's.
# Arguments: the work folder; a file for what the program writes to descriptor 3; a file for its input, empty for the rest of
# standard input; the program.
# The files are opened here, by root: the program may belong to the site's account, which can't enter the folder.
set -euo pipefail
umask 077
work=$1 output=$2 input=$3
shift 3
trap 'rm -f -- "$work/pgpass"' EXIT
IFS= read -r password
if test -n "$password"; then
  printf '%s\n' "$password" > "$work/pgpass"
  export PGPASSFILE="$work/pgpass"
fi
exec 3> "$output"
if test -n "$input"; then "$@" < "$input"; else "$@"; fi
