# fish completion for studio-setup. The program itself knows what can come next, so this stays right after an update.
function __studio_setup_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    for line in (command studio-setup complete -- $typed[2..] "$current" 2>/dev/null)
        if test "$line" = :files
            # Of --option=FILE, what stands before the name belongs to it.
            set -l option (string match -r -- '^--[^=]*=' $current)
            set -l begun (string replace -r -- '^--[^=]*=' '' $current)
            for file in (complete -C"'' $begun")
                echo "$option$file"
            end
        else
            echo $line
        end
    end
end
complete -c studio-setup -f -k -a '(__studio_setup_complete)'
