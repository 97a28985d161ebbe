import { isJsonObject, type JsonObject, stringOf } from '../json-value.js'
import type { Skips } from '../skips.js'
import type { DraftMessage } from './draft-message.js'

/**
 * What belongs to one answer of the model rather than to one of its blocks.
 *
 * A transcript writes a line for each block, and lines of one answer (one `message.id`) need not stand together: results
 * of its first tools come in between. Model and usage go to the first message of an answer; each line repeats the usage
 * so far, so the last one counts. Thinking goes to the message that it led to.
 */
export interface ApiMessages {
  line(id: string, message: JsonObject): void
  thought(id: string, text: string): void
  made(id: string, draft: DraftMessage): void
  /** To be called once, after the last line. */
  finish(): void
}

interface Answer {
  model: string | undefined
  usage: JsonObject | undefined
  first: DraftMessage | undefined
  last: DraftMessage | undefined
  /** Thought, and not yet followed by a message of the same answer. */
  thoughts: { readonly text: string; readonly madeBefore: number }[]
}

export function createApiMessages(skips: Skips): ApiMessages {
  const answers = new Map<string, Answer>()
  const allMade: DraftMessage[] = []

  function answer(id: string): Answer {
    const known = answers.get(id) ?? {
      model: undefined,
      usage: undefined,
      first: undefined,
      last: undefined,
      thoughts: [],
    }
    answers.set(id, known)
    return known
  }

  return {
    line: (id, { model, usage }) => {
      const known = answer(id)
      known.model = stringOf(model) ?? known.model
      known.usage = tokensOf(usage) ?? known.usage
    },
    thought: (id, text) => {
      answer(id).thoughts.push({ text, madeBefore: allMade.length })
    },
    made: (id, draft) => {
      const known = answer(id)
      for (const { text } of known.thoughts.splice(0)) addThinking(draft, text)
      known.first ??= draft
      known.last = draft
      allMade.push(draft)
    },
    finish: () => {
      for (const { model, usage, first, last, thoughts } of answers.values()) {
        if (first !== undefined && model !== undefined) first.metadata.model = model
        if (first !== undefined && usage !== undefined) first.metadata.usage = usage
        for (const { text, madeBefore } of thoughts) {
          // An answer that was interrupted while it thought: the next one went on from there.
          const carrier = last ?? allMade[madeBefore] ?? allMade[madeBefore - 1]
          if (carrier === undefined) skips.add('thinking')
          else addThinking(carrier, text)
        }
      }
    },
  }
}

function addThinking({ metadata }: DraftMessage, text: string): void {
  metadata.thinking = typeof metadata.thinking === 'string' ? `${metadata.thinking}\n\n${text}` : text
}

/** The counts; the rest of a usage is about tiers and regions. */
function tokensOf(usage: JsonObject[string] | undefined): JsonObject | undefined {
  if (!isJsonObject(usage)) return undefined
  const counts = Object.entries(usage).filter(([name, value]) => name.endsWith('_tokens') && typeof value === 'number')
  return counts.length === 0 ? undefined : Object.fromEntries(counts)
}
