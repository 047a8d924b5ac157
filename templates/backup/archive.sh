# Writes the archive, encrypted on its way to the disk. It gets its name when it is whole.
# Arguments: the archive; the file of recipients; the work folder; the words that make a program the site's account's.
set -euo pipefail
umask 077
archive=$1 recipients=$2 work=$3
shift 3
trap 'rm -f -- "$archive.partial"' EXIT
rm -f -- "$archive.partial"
contents "$work" "$@" | age --encrypt --recipients-file "$recipients" --output "$archive.partial"
sync -- "$archive.partial"
test ! -e "$archive"
mv -T -- "$archive.partial" "$archive"
sync -- "$(dirname -- "$archive")"
