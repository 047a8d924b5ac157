# bash completion for studio-setup. The program itself knows what can come next, so this stays right after an update.
_studio_setup() {
    local value
    COMPREPLY=()
    while IFS=$'\t' read -r value _; do
        if [[ $value == :files ]]; then
            # Where nothing else fits, readline completes names of files, a tilde among them.
            compopt -o default
        else
            COMPREPLY+=("$value")
        fi
    done < <(command studio-setup complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o nosort -F _studio_setup studio-setup
