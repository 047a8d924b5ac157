# Decrypts an archive into a folder. Arguments: the archive, the file of the identity, the folder.
# Without a terminal age can't ask for the passphrase of an identity, and says so.
# What comes first stays: the product's own and root's files stand before those that the site's account gave.
set -euo pipefail
umask 077
setsid --wait age --decrypt --identity "$2" "$1" < /dev/null |
  tar --extract --file=- --directory="$3" --ignore-zeros --skip-old-files --no-same-owner
