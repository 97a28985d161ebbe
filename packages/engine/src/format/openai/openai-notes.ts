import { isJsonObject, type Json, type JsonObject, storableJson } from '../json-value.js'

/** What `metadata.openai` of a message keeps, so that the export is equal to what was imported. */
export interface OpenAiNotes {
  /** How its OpenAI message differs from the one that we would write (see `source-fields.ts`). On its first part. */
  readonly fields?: Json | undefined
  /** It begins an OpenAI message, though it could belong to the one before. */
  readonly begins?: boolean | undefined
  /** The fields of the conversation's line, where there are more than `messages`. On its first message. */
  readonly line?: Json | undefined
}

export function openAiNotes(metadata: JsonObject | undefined): OpenAiNotes {
  const kept = metadata?.openai
  const notes = kept === undefined ? undefined : storableJson(kept)
  if (!isJsonObject(notes)) return {}
  return { fields: notes.fields, begins: notes.begins === true, line: notes.line }
}
