/** What a shell has to run so that it completes `arawn`. All that is known of commands stays in `arawn __complete`. */
export const completionScripts = {
  bash: `# In ~/.bashrc: source <(arawn completion bash)
_arawn() {
  local current="\${COMP_WORDS[COMP_CWORD]}" kind="" line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <("\${1/#\\~\\//$HOME/}" __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  local options=(-f)
  case $kind in
    folders) options=(-d) ;;
    files) ;;
    *) return ;;
  esac
  compopt -o filenames 2>/dev/null
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "\${options[@]}" -- "$current")
}
complete -F _arawn arawn
`,
  zsh: `#compdef arawn
# In ~/.zshrc, after compinit: source <(arawn completion zsh)
_arawn() {
  local -a lines values shown
  local line kind
  lines=("\${(@f)$("\${words[1]/#\\~\\//$HOME/}" __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  kind=$lines[1]
  if [[ $kind == (files|folders) ]]; then
    compset -P '--*='
    if [[ $kind == folders ]]; then _files -/; else _files; fi
    return
  fi
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  (( $#values )) && compadd -l -d shown -a values
}
compdef _arawn arawn
`,
  fish: `# In ~/.config/fish/config.fish: arawn completion fish | source
function __arawn_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
  set -l lines ($program __complete fish -- $words[2..-1] "$current" 2>/dev/null)
  set -l option (string match -r '^--[a-z-]+=' -- "$current")
  set -l path (string replace -r '^--[a-z-]+=' '' -- "$current")
  switch "$lines[1]"
    case files
      complete -C "'' $path" | string replace -r '^' -- "$option"
    case folders
      complete -C "'' $path" | string match -r '^[^\\t]*/(?:\\t.*)?$' | string replace -r '^' -- "$option"
    case '*'
      printf '%s\\n' $lines[2..-1]
  end
end
complete -c arawn -f -a '(__arawn_complete)'
`,
} as const

export type Shell = keyof typeof completionScripts
