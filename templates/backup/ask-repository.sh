# Arguments: those of restic.
(repository "$@") < /dev/null
