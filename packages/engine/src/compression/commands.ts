/** Finds the commands in a piece of shell: each by itself, without what its output was sent through. */

/**
 * Commands of more than one line, and longer ones than a ledger could hold, are passed over: the paths and names in
 * them are found as such.
 */
export function commandsIn(shell: string): string[] {
  const found: string[] = []
  for (const { text, isWhole } of split(shell.slice(0, MAX_SHELL))) {
    const command = text
      .trim()
      .replace(/^\$\s+/, '')
      .replace(REDIRECTS, '')
      .trim()
    if (!isWhole || command.length < 4 || command.length > MAX_COMMAND || command.includes('\n')) continue
    if (IS_NO_COMMAND.test(command)) continue
    found.push(command)
  }
  return found
}

const MAX_SHELL = 20_000
const MAX_COMMAND = 200
const REDIRECTS = /(?:\s+(?:\d?>>?|&>)\s?(?:&\d|[^\s>&|]{1,100}))+$/
// Loops and groups of shell are no commands that somebody would type again; echo and cd say nothing by themselves.
const IS_NO_COMMAND =
  /^(?:[#)}\]]|(?:echo|cd|true|false|then|else|elif|fi|do|done|for|while|if|case|esac|sleep|exit|return|printf|set|wait|local|EOF)(?:$|\s))|<<|\$\($|^\w+=\S*$/

interface Piece {
  readonly text: string
  /** Not what comes behind a pipe, and not inside quotes that never end. */
  readonly isWhole: boolean
}

function split(shell: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  let quote = ''
  let isPiped = false
  const end = (to: number, next: number, piped: boolean) => {
    pieces.push({ text: shell.slice(from, to), isWhole: !isPiped && quote === '' })
    from = next
    isPiped = piped
  }
  for (let at = 0; at < shell.length; at++) {
    const letter = shell[at] ?? ''
    if (letter === '\\') at++
    else if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '\n' || letter === ';') end(at, at + 1, false)
    else if (letter === '&' && shell[at + 1] === '&') end(at, ++at + 1, false)
    else if (letter === '|') {
      const isOr = shell[at + 1] === '|'
      end(at, isOr ? ++at + 1 : at + 1, !isOr)
    }
    // What follows is a text of its own, not shell.
    if (letter === '<' && shell[at + 1] === '<' && quote === '') return pieces
  }
  end(shell.length, shell.length, false)
  return pieces
}

/** Whether words between backticks are a command rather than a name. */
export function looksLikeCommand(text: string): boolean {
  return KNOWN_COMMAND.test(text)
}
const KNOWN_COMMAND =
  /^(?:\$ |sudo )?(?:ansible|apt|apt-get|aws|az|bash|bd|brew|bun|bundle|cargo|cat|chmod|chown|claude|conda|cp|curl|deno|docker|dotnet|find|gcloud|gh|git|go|gradle|grep|helm|java|jq|just|kill|kubectl|ls|make|mkdir|mix|mv|mvn|nix|node|npm|npx|pip|pip3|pnpm|poetry|psql|pulumi|pytest|python|python3|rake|rg|rm|rsync|ruby|rustup|scp|sed|sh|sqlite3|ssh|systemctl|tail|tar|terraform|tmux|touch|tsc|uv|vim|wget|yarn|zsh) \S/
