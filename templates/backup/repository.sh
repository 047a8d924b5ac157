# What restic needs for its repository comes by standard input: lines NAME=value for its environment, an empty line, the password.
# Only restic's own environment has the former, and a pipe of its own the latter (--password-file).
# In a session without a terminal neither restic nor its ssh can ask, and both say so. When this shell ends, restic does at once.
set -euo pipefail
umask 077
while IFS= read -r line && test -n "$line"; do export "${line?}"; done
IFS= read -r password
repository() {
  exec setpriv --pdeathsig=KILL -- setsid restic --password-file <(printf '%s\n' "$password") "$@"
}
