# Makes a snapshot of the contents, as one file in it.
# Arguments: the work folder; the words that make a program the site's account's; --for-restic; those of restic.
work=$1
shift
as=()
while test "$1" != --for-restic; do
  as+=("$1")
  shift
done
shift
trap 'rm -f -- "$work/stream"' EXIT
rm -f -- "$work/stream"
mkfifo -m 600 -- "$work/stream"
# Locks of this server whose program is gone, and of another one that are older than half an hour: restic's own rule for stale ones.
(repository unlock --quiet) < /dev/null
(repository "$@") < "$work/stream" &
restic=$!
exec 4> "$work/stream"
if contents "$work" "${as[@]}" >&4; then
  exec 4>&-
  wait "$restic"
else
  # A stream that ends here would be a snapshot of a part: restic is ended before it hears of the end.
  kill -KILL "$restic" 2> /dev/null || true
  failed=0
  wait "$restic" 2> /dev/null || failed=$?
  # 137: by that kill. Else restic itself failed before, and that is why the contents could not be written.
  if test "$failed" -ne 0 && test "$failed" -ne 137; then exit "$failed"; fi
  exit 1
fi
