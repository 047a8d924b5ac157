# Decrypts an archive into a folder. Arguments: the archive, the file of the identity, the folder.
# Without a terminal age can't ask for the passphrase of an identity, and says so.
set -euo pipefail
umask 077
setsid --wait age --decrypt --identity "$2" "$1" < /dev/null | extract "$3"
