# Types each argument and Tab into a zsh on a terminal of its own, and prints what then stands on the line.
zmodload zsh/zpty
zpty -b shell zsh -f -i

# Reads what the shell prints up to some text.
read_until() {
  local chunk
  printed=
  until [[ $printed == *"$1"* ]]; do
    if zpty -r shell chunk; then printed+=$chunk; else zpty -t shell || exit 1; fi
  done
}

zpty -w shell 'PS1=; PROMPT_SP=; unset zle_bracketed_paste'
zpty -w shell 'autoload -U compinit; compinit -u -D; source ./arawn.zsh'
zpty -w shell 'tell() { print -r -- "@[$BUFFER]@"; BUFFER= }; zle -N tell; bindkey "^X^D" tell; print ready"y"'
read_until readyy
for line in "$@"; do
  zpty -w -n shell "$line"$'\t\x18\x04'
  read_until ']@'
  print -r -- "${${printed##*@\[}%%\]@*}"
done
zpty -d shell
