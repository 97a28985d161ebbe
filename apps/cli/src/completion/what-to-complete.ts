import type { Argument, Command, Option } from 'commander'

/** What may stand in the place of the word that is being typed. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  | { readonly kind: 'workstreams' | 'trash' | 'files' | 'folders' }

export interface Candidate {
  readonly word: string
  readonly description: string
}

export interface CommandLine {
  readonly completion: Completion
  /** What stands before it in the same word: `--into=`. */
  readonly before: string
  /** Options that were given with a value before, by the name that commander has for them. */
  readonly given: Readonly<Record<string, string>>
}

const NOTHING: Completion = { kind: 'words', words: [] }

/** Reads a command line as far as it goes. @param words without `arawn`; the last one is being typed and may be empty */
export function readCommandLine(program: Command, words: readonly string[]): CommandLine {
  const given: Record<string, string> = {}
  let command = program
  let arity = 0
  let onlyArguments = false
  let awaiting: Option | undefined
  // Bash makes three words of `--format=markdown`.
  const meant = words.filter((word, n) => word !== '=' || n === words.length - 1)
  for (const word of meant.slice(0, -1)) {
    if (awaiting !== undefined) {
      given[awaiting.attributeName()] = word
      awaiting = undefined
    } else if (word === '--') onlyArguments = true
    else if (!onlyArguments && word.startsWith('-')) {
      const [flag = '', value] = split(word)
      const option = optionsOf(command).find((known) => isFlag(known, flag))
      if (option !== undefined && value !== undefined) given[option.attributeName()] = value
      else if (option?.required === true) awaiting = option
    } else {
      const sub = arity === 0 ? command.commands.find((each) => namesOf(each).includes(word)) : undefined
      if (sub === undefined) arity++
      else command = sub
    }
  }
  const last = meant.at(-1) ?? ''
  const [flag = '', value] = onlyArguments || awaiting !== undefined ? [] : split(last)
  return { given, completion: place(), before: value === undefined ? '' : `${flag}=` }

  function place(): Completion {
    if (awaiting !== undefined) return choicesOf(awaiting, awaiting.flags)
    if (!onlyArguments && last.startsWith('-')) return options()
    if (command.commands.length > 0) return arity === 0 ? commandsOf(command) : NOTHING
    const expected = command.registeredArguments
    const argument = expected[arity] ?? expected.find(({ variadic }) => variadic)
    return argument === undefined ? NOTHING : choicesOf(argument, argument.name())
  }

  function options(): Completion {
    const option = value === undefined ? undefined : optionsOf(command).find((known) => isFlag(known, flag))
    if (option !== undefined) return choicesOf(option, option.flags)
    const words = optionsOf(command).map(({ long, description }) => ({ word: long ?? '', description }))
    return { kind: 'words', words: words.filter(({ word }) => word !== '') }
  }
}

function split(word: string): [flag: string, value: string | undefined] {
  const at = word.indexOf('=')
  return word.startsWith('--') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined]
}

function isFlag({ short, long }: Option, flag: string): boolean {
  return flag === short || flag === long
}

/** Its own, then those that every command takes. */
function optionsOf(command: Command): Option[] {
  return [...command.createHelp().visibleOptions(command), ...(command.parent ? optionsOf(command.parent) : [])]
}

function namesOf(command: Command): string[] {
  return [command.name(), ...command.aliases()]
}

function commandsOf(command: Command): Completion {
  const commands = command.createHelp().visibleCommands(command)
  return {
    kind: 'words',
    words: commands.map((each) => ({ word: each.name(), description: each.description() })),
  }
}

function choicesOf({ argChoices = [] }: Argument | Option, name: string): Completion {
  if (argChoices.length > 0) return { kind: 'words', words: argChoices.map((word) => ({ word, description: '' })) }
  if (/\bref\b/.test(name)) return { kind: 'workstreams' }
  if (/\bentry\b/.test(name)) return { kind: 'trash' }
  if (/\b(file|paths)\b/.test(name)) return { kind: 'files' }
  return /\bdir\b/.test(name) ? { kind: 'folders' } : NOTHING
}
