# Writes what goes into a backup: what the product made, then root's files, then those of the site's account, one archive of tar's
# behind the other.
# Arguments: the work folder; the words that make a program the site's account's.
# What an account can write is read as that account: it could have put a link to a file of root's in the place of a folder.
# `set -e` does not count where the answer of a function is looked at: each part waits for the one before.
contents() {
  local work=$1
  shift
  local into=(--create --file=- --directory=/ --null --verbatim-files-from --files-from=- '--transform=flags=rh;s,^,files/,')
  tar --create --file=- --directory="$work" manifest.json answers.yaml database.dump &&
    { ! test -s "$work/root.list" || tar "${into[@]}" < "$work/root.list"; } &&
    { ! test -s "$work/site.list" || "$@" tar "${into[@]}" < "$work/site.list"; }
}
