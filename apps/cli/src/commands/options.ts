import { WorkstreamError } from '@arawn/core/error'
import { type Command, Option } from 'commander'

/** What `<ref>` means on every help page. */
export const REF = 'a workstream: its id, its title, or at least 4 characters of its id'

/** Lines at the end of a help page: a command, and what it does where that is not plain. */
export function examples(command: Command, lines: readonly (readonly [command: string, meaning?: string])[]): void {
  const width = Math.max(...lines.map(([line]) => line.length))
  const text = lines.map(([line, meaning]) => (meaning === undefined ? line : `${line.padEnd(width)}   ${meaning}`))
  command.addHelpText('after', ['\nExamples:', ...text].join('\n  '))
}

/** An option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

export function positiveInteger(name: string): (value: string) => number {
  return (value) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw badOption(name, 'takes a whole number from 1')
    return Number(value)
  }
}

/** An option that takes one of a few words. */
export function choice(flags: string, description: string, words: readonly string[]): Option {
  const option = new Option(flags, description).choices(words)
  return option.argParser(oneOf(option.long ?? flags, words))
}

export function oneOf<Word extends string>(name: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((known) => known === value)
    if (word === undefined) throw badOption(name, `takes one of ${words.join(', ')}`)
    return word
  }
}

/** For scripts that repeat what they are not sure of. */
export function idempotencyKey(): Option {
  return new Option('--idempotency-key <key>', 'done once, however often it is asked with this key')
}

/** A sequence when it is a number, else a message's id. */
export function messageReference(value: string): number | string {
  return /^\d{1,15}$/.test(value) ? Number(value) : value
}

/** Both ends are included: `3..7`, or ids. */
export function messageRange(value: string): { first: number | string; last: number | string } {
  const [first, last, ...more] = value.split('..')
  if (first === undefined || first === '' || last === undefined || last === '' || more.length > 0)
    throw badOption('--messages', 'takes two messages with two dots between them, such as 12..20')
  return { first: messageReference(first), last: messageReference(last) }
}

export function badOption(name: string, problem: string): WorkstreamError<'INVALID_INPUT'> {
  return new WorkstreamError('INVALID_INPUT', `${name} ${problem}`, { path: name, problem })
}
