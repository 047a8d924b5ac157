# Puts files of an opened archive at their places; what stands there stays.
# Arguments: the folder of the archive's files; a list of paths relative to it; the words that make a program the site's account's,
# none for root: into what that account can write only the account itself goes.
set -euo pipefail
files=$1 list=$2
shift 2
if test "$#" -eq 0; then umask 077; fi
tar --create --file=- --directory="$files" --null --verbatim-files-from --files-from="$list" |
  "$@" tar --extract --file=- --directory=/ --skip-old-files --preserve-permissions
