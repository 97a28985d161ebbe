import * as z from 'zod'

/**
 * The body of a chat completion, as clients of OpenAI send it. Fields that nobody needs are passed over; those that would
 * mean something else if they were, are refused.
 */

const partSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
])

const contentSchema = z.union([z.string(), z.array(partSchema)], { error: 'is text, or a list of parts of type text' })

const nameSchema = z.string().max(200).nullish()

const messageSchema = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content: contentSchema, name: nameSchema }),
  z.looseObject({ role: z.literal('user'), content: contentSchema, name: nameSchema }),
  z.looseObject({
    role: z.literal('assistant'),
    content: contentSchema.nullish(),
    refusal: z.string().nullish(),
    tool_calls: z
      .array(
        z.looseObject({
          id: z.string().min(1).max(200),
          type: z.literal('function').optional(),
          function: z.looseObject({ name: z.string().min(1).max(200), arguments: z.string() }),
        }),
      )
      .nullish(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string().min(1).max(200), content: contentSchema }),
])

const toolSchema = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.json()).nullish(),
  }),
})

/** A field that is taken only when it asks for nothing. */
function nothing(...values: (string | number | boolean)[]) {
  return z.union([z.null(), ...values.map((value) => z.literal(value))], { error: 'is not supported' }).optional()
}

const emptySchema = (kind: z.ZodType) => z.union([z.null(), kind], { error: 'is not supported' }).optional()

export const chatRequestSchema = z.looseObject({
  /** A profile of the settings, `profile/model`, or `default`. */
  model: z.string().trim().min(1).max(200),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  tools: z.array(toolSchema).max(128).nullish(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
    ])
    .nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text') }),
      z.looseObject({ type: z.literal('json_object') }),
      z.looseObject({
        type: z.literal('json_schema'),
        json_schema: z.looseObject({ name: z.string().nullish(), schema: z.record(z.string(), z.json()).nullish() }),
      }),
    ])
    .nullish(),
  /** `workstream` names the workstream to talk in, as the header `X-Workstream-Id` does. */
  metadata: z.looseObject({ workstream: z.string().min(1).max(200).optional() }).nullish(),
  n: nothing(1),
  logprobs: nothing(false),
  top_logprobs: nothing(0),
  logit_bias: emptySchema(z.strictObject({})),
  functions: emptySchema(z.array(z.never()).max(0)),
  function_call: nothing('none', 'auto'),
  modalities: emptySchema(z.array(z.literal('text'))),
  audio: nothing(),
  web_search_options: nothing(),
})
export type ChatRequest = z.infer<typeof chatRequestSchema>
