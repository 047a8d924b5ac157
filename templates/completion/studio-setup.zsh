#compdef studio-setup
# zsh completion for studio-setup. The program itself knows what can come next, so this stays right after an update.
_studio-setup() {
    local line value files
    local -a found
    for line in "${(@f)$(command studio-setup complete -- "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
        value=${line%%$'\t'*}
        case $value in
            ('') ;;
            (:files) files=yes ;;
            (*) found+=("${value//:/\\:}:${line#*$'\t'}") ;;
        esac
    done
    (( $#found )) && _describe -V 'studio-setup' found
    if [[ -n $files ]]; then
        compset -P '--*='
        _files
    fi
}
# Sourced, or found in $fpath by its first line.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _studio-setup "$@"
else
    compdef _studio-setup studio-setup
fi
