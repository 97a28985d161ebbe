import { InvalidArgumentError } from 'commander'

/** An option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

export function positiveInteger(name: string): (value: string) => number {
  return (value) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError(`${name} takes a whole number from 1.`)
    return Number(value)
  }
}

/** A sequence when it is a number, else a message's id. */
export function messageReference(value: string | undefined): number | string | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : value
}
