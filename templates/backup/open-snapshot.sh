# Reads the contents of a snapshot into a folder. Arguments: the folder; those of restic.
folder=$1
shift
(repository "$@") < /dev/null | extract "$folder"
