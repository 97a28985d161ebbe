import type { ModelEvent, ModelMessage, ModelRequest, ModelTool } from '@arawn/core/language-model'

export function userSays(content: string): ModelRequest {
  return { system: 'Be brief.', messages: [{ role: 'user', content }] }
}

/** The text of an answer. */
export function textIn(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('')
}

export const lookTool: ModelTool = {
  name: 'look',
  description: 'Looks for something.',
  parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
}

/** Everything that a history may have: it went through several models and was written in part by hand. */
export const longHistory: readonly ModelMessage[] = [
  { role: 'user', content: 'How many ducks and geese?' },
  {
    role: 'assistant',
    content: '',
    toolCalls: [
      { id: 'call_1', name: 'look', arguments: { text: 'ducks' } },
      {
        id: 'functions.look:2 — of a model whose ids are long and not of the usual letters',
        name: 'look',
        arguments: 'geese',
      },
    ],
  },
  {
    role: 'tool',
    results: [
      { id: 'call_1', name: 'look', output: '3', isError: false },
      {
        id: 'functions.look:2 — of a model whose ids are long and not of the usual letters',
        name: 'look',
        output: '',
        isError: true,
      },
    ],
  },
  {
    role: 'assistant',
    content: '\udfff Once more.',
    toolCalls: [{ id: 'call_1', name: 'mcp.server/look up', arguments: { text: '\ud83e', more: [null, true, 1.5] } }],
  },
  { role: 'tool', results: [{ id: 'call_1', name: 'mcp.server/look up', output: '\ud83e', isError: false }] },
  { role: 'assistant', content: 'Three ducks. ', toolCalls: [] },
  { role: 'user', content: '' },
  { role: 'assistant', content: ' \n', toolCalls: [] },
  { role: 'user', content: 'And\u0000 \ud800 now?' },
  { role: 'user', content: '<|endoftext|> again' },
]
