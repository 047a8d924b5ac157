# The ssh server of the rehearsal's git server: read-only access to the bare repositories of a folder for the user "git", and for the
# user "backups" a folder to put files into, by SFTP.
# Arguments: the folder of the unpacked Debian packages, the address to listen on, the folder of the repositories.
set -eu
programs=$1 address=$2 repositories=$3
cd /run/rehearsal/internet
ssh-keygen -q -t ed25519 -N '' -f host_key
touch authorized_keys backup_keys
mkdir backups

# Users of this mount namespace only. "git" is root under another name: git refuses a repository that another user owns.
{ grep -v -e ^git: -e ^backups: -e ^sshd: /etc/passwd
  echo 'git:x:0:0::/run/rehearsal/internet:/bin/sh'
  echo 'backups:x:0:0::/run/rehearsal/internet/backups:/bin/sh'
  echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin'; } > passwd
mount --bind passwd /etc/passwd
mkdir -p /run/sshd

cat > upload.sh <<'SCRIPT'
case $SSH_ORIGINAL_COMMAND in
  "git-upload-pack "*) cd "$1" && exec git-shell -c "$SSH_ORIGINAL_COMMAND" ;;
  *) echo 'This server gives out repositories and does nothing else.' >&2; exit 1 ;;
esac
SCRIPT

cat > sshd_config <<CONFIG
ListenAddress $address
# A connection that was killed counts as one that may still log in, for two minutes: by itself sshd lets 10 wait.
MaxStartups 200
HostKey $PWD/host_key
AllowUsers git backups
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
PidFile none
DisableForwarding yes
UsePAM no
Subsystem sftp internal-sftp
Match User git
  AuthorizedKeysFile $PWD/authorized_keys
  ForceCommand sh $PWD/upload.sh $repositories
Match User backups
  AuthorizedKeysFile $PWD/backup_keys
  ForceCommand internal-sftp
CONFIG

export LD_LIBRARY_PATH="$programs/usr/lib/$(uname -m)-linux-gnu:$programs/lib/$(uname -m)-linux-gnu"
exec "$programs/usr/sbin/sshd" -D -e -f "$PWD/sshd_config"
