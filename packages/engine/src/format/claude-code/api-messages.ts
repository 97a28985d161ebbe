import { isJsonObject, type JsonObject, stringOf } from '../json-value.js'
import type { Skips } from '../skips.js'
import type { DraftMessage } from './draft-message.js'

/**
 * What belongs to an answer of the model rather than to one of its blocks.
 *
 * A transcript writes a line for each block, and lines of one answer (one `message.id`) need not stand together: results
 * of its first tools come in between. Model and usage go to the first message of an answer; each line repeats the usage
 * so far, so the last one counts; a file that is taken in while an answer is being written has no more than that.
 *
 * Thinking goes to the next message of the same speaker: the one that it led to, or, when an answer was interrupted
 * while it thought, the one that went on from there. Never to one before: a file that still grows may end in a thought,
 * and a message that was taken in stays as it is.
 */
export interface ApiMessages {
  line(id: string, message: JsonObject): void
  /** @param speaker the model itself, or one of its sub-agents: their lines may alternate */
  thought(speaker: string, text: string): void
  made(id: string, speaker: string, draft: DraftMessage): void
  /** To be called once, after the last line. */
  finish(): void
}

interface Answer {
  model: string | undefined
  usage: JsonObject | undefined
  first: DraftMessage | undefined
}

export function createApiMessages(skips: Skips): ApiMessages {
  const answers = new Map<string, Answer>()
  /** Thought, and not yet followed by a message, by speaker. */
  const thoughts = new Map<string, string[]>()

  function answer(id: string): Answer {
    const known = answers.get(id) ?? { model: undefined, usage: undefined, first: undefined }
    answers.set(id, known)
    return known
  }

  return {
    line: (id, { model, usage }) => {
      const known = answer(id)
      known.model = stringOf(model) ?? known.model
      known.usage = tokensOf(usage) ?? known.usage
    },
    thought: (speaker, text) => {
      const before = thoughts.get(speaker)
      if (before === undefined) thoughts.set(speaker, [text])
      else before.push(text)
    },
    made: (id, speaker, draft) => {
      const ledTo = thoughts.get(speaker)
      if (ledTo !== undefined) draft.metadata.thinking = ledTo.join('\n\n')
      thoughts.delete(speaker)
      answer(id).first ??= draft
    },
    finish: () => {
      for (const { model, usage, first } of answers.values()) {
        if (first !== undefined && model !== undefined) first.metadata.model = model
        if (first !== undefined && usage !== undefined) first.metadata.usage = usage
      }
      for (const { length } of thoughts.values()) skips.add('thinking', length)
    },
  }
}

/** The counts; the rest of a usage is about tiers and regions. */
function tokensOf(usage: JsonObject[string] | undefined): JsonObject | undefined {
  if (!isJsonObject(usage)) return undefined
  const counts = Object.entries(usage).filter(([name, value]) => name.endsWith('_tokens') && typeof value === 'number')
  return counts.length === 0 ? undefined : Object.fromEntries(counts)
}
