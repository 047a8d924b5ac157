# Writes the archive: what the product made, then root's files, then those of the site's account, one stream behind the other,
# encrypted on its way to the disk. It gets its name when it is whole.
# Arguments: the archive; the file of recipients; the work folder; the words that make a program the site's account's.
# What an account can write is read as that account: it could have put a link to a file of root's in the place of a folder.
set -euo pipefail
umask 077
archive=$1 recipients=$2 work=$3
shift 3
trap 'rm -f -- "$archive.partial"' EXIT
rm -f -- "$archive.partial"
into=(--create --file=- --directory=/ --null --verbatim-files-from --files-from=- '--transform=flags=rh;s,^,files/,')
{
  tar --create --file=- --directory="$work" manifest.json answers.yaml database.dump
  if test -s "$work/root.list"; then tar "${into[@]}" < "$work/root.list"; fi
  if test -s "$work/site.list"; then "$@" tar "${into[@]}" < "$work/site.list"; fi
} | age --encrypt --recipients-file "$recipients" --output "$archive.partial"
sync -- "$archive.partial"
test ! -e "$archive"
mv -T -- "$archive.partial" "$archive"
sync -- "$(dirname -- "$archive")"
