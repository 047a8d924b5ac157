# The ssh server of the rehearsal's git server: read-only access to the bare repositories of a folder for the user "git".
# Arguments: the folder of the unpacked Debian packages, the address to listen on, the folder of the repositories.
set -eu
programs=$1 address=$2 repositories=$3
cd /run/rehearsal/internet
ssh-keygen -q -t ed25519 -N '' -f host_key
touch authorized_keys

# Users of this mount namespace only. "git" is root under another name: git refuses a repository that another user owns.
{ grep -v -e ^git: -e ^sshd: /etc/passwd
  echo 'git:x:0:0::/run/rehearsal/internet:/bin/sh'
  echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin'; } > passwd
mount --bind passwd /etc/passwd
mkdir -p /run/sshd

cat > upload.sh <<'SCRIPT'
case $SSH_ORIGINAL_COMMAND in
  "git-upload-pack "*) cd "$1" && exec git-shell -c "$SSH_ORIGINAL_COMMAND" ;;
  *) echo 'This server gives out repositories and does nothing else.' >&2; exit 1 ;;
esac
SCRIPT

export LD_LIBRARY_PATH="$programs/usr/lib/$(uname -m)-linux-gnu:$programs/lib/$(uname -m)-linux-gnu"
exec "$programs/usr/sbin/sshd" -D -e -f /dev/null \
  -o "ListenAddress=$address" -o "HostKey=$PWD/host_key" -o "AuthorizedKeysFile=$PWD/authorized_keys" \
  -o "ForceCommand=sh $PWD/upload.sh $repositories" -o AllowUsers=git -o PermitRootLogin=prohibit-password \
  -o PasswordAuthentication=no -o KbdInteractiveAuthentication=no -o StrictModes=no -o PidFile=none \
  -o DisableForwarding=yes -o UsePAM=no
