import type { Metadata } from '@arawn/core/message'
import {
  type Arbitrary,
  array,
  boolean,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  option,
  record,
  string,
  tuple,
} from 'fast-check'
import type { Said } from './round-trip.js'

const words = oneof(
  constantFrom('', 'hi', '{}', '{"a": 1}', '"x"', '5', 'null', '{"a":"\\ud800"}', '1e400'),
  string({ unit: 'binary', maxLength: 6 }),
)
const json = jsonValue({ maxDepth: 3, stringUnit: 'binary' }) as Arbitrary<Metadata[string]>
const authors = oneof(
  constantFrom(
    'ann',
    'ci bot',
    ' x',
    'agent_push',
    'agent_push.x',
    '%61gent_push',
    '100%',
    'a%20b',
    'größe',
    'x'.repeat(200),
  ),
  string({ unit: 'binary', minLength: 1, maxLength: 4 }),
)
const fieldNames = constantFrom(
  'role',
  'content',
  'name',
  'tool_calls',
  'tool_call_id',
  'messages',
  'tools',
  'x',
  '1',
  '__proto__',
)
const notes = record(
  {
    fields: oneof(
      json,
      array(
        oneof(fieldNames, dictionary(fieldNames, oneof(json, words, constantFrom('user', 'assistant')))),
      ) as Arbitrary<Metadata[string]>,
    ),
    begins: oneof(boolean(), json),
    line: oneof(json, array(oneof(fieldNames, dictionary(fieldNames, json))) as Arbitrary<Metadata[string]>),
  },
  { requiredKeys: [] },
)
const metadata = record(
  {
    tool_call_id: oneof(constantFrom('t1', 't2', 'call_1', 'none', ''), json),
    tool_name: oneof(constantFrom('bash', ''), json),
    arguments: oneof(words, json),
    is_error: boolean(),
    thinking: string(),
    openai: oneof(notes, json) as Arbitrary<Metadata[string]>,
    other: json,
  },
  { requiredKeys: [] },
)
/** A message as a log may hold it, also with notes that no import wrote. */
export const anySaid: Arbitrary<Said> = record(
  {
    role: constantFrom('user', 'assistant', 'system', 'tool_use', 'tool_use', 'tool_result', 'agent_push'),
    content: words,
    author: authors,
    metadata: metadata as Arbitrary<Metadata>,
  },
  { requiredKeys: ['role', 'content'] },
)

// What the import makes storable is not equal afterwards: halves of surrogate pairs, -0.
const cleanJson = jsonValue({ maxDepth: 2, stringUnit: 'grapheme' })
const cleanWords = oneof(constantFrom('', 'hi', '{"a": 1}', '{}'), string({ unit: 'grapheme', maxLength: 6 }))
const openAiCall = oneof(
  tuple(cleanWords, cleanWords, cleanWords).map(([id, name, args]) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  })),
  record(
    {
      id: cleanJson,
      function: oneof(cleanJson, record({ name: cleanJson, arguments: cleanJson }, { requiredKeys: [] })),
      x: cleanJson,
    },
    { requiredKeys: [] },
  ),
  cleanJson,
)
const openAiMessage = tuple(
  constantFrom('system', 'developer', 'user', 'assistant', 'assistant', 'tool', 'function'),
  record(
    {
      content: oneof(
        cleanWords,
        cleanJson,
        array(record({ type: constantFrom('text', 'image_url'), text: cleanWords }, { requiredKeys: ['type'] })),
      ),
      name: oneof(
        authors.map((name) => name.replace(/\p{Surrogate}/gu, '')),
        cleanJson,
      ),
      tool_calls: oneof(array(openAiCall, { maxLength: 3 }), cleanJson),
      function_call: cleanJson,
      refusal: option(cleanWords),
      tool_call_id: oneof(cleanWords, cleanJson),
      x: cleanJson,
    },
    { requiredKeys: [] },
  ),
).map(([role, rest]) => ({ role, ...rest }))
/** A line that OpenAI, or somebody in its form, may have written. */
export const openAiLine = tuple(
  array(openAiMessage, { minLength: 1, maxLength: 6 }),
  dictionary(constantFrom('tools', 'x', '7', 'metadata'), cleanJson),
  boolean(),
).map(([messages, more, first]) => (first ? { messages, ...more } : { ...more, messages }))
