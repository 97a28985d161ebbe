import { errorAnswerSchema } from '@arawn/core/error-answer'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { startServer, type TestServer } from './start-server.js'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

const openAiErrorSchema = z.strictObject({
  error: z.strictObject({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() }),
})

const NASTY = [
  '',
  ' ',
  '..',
  '../../x',
  'CON',
  '%00',
  '\u0000',
  '\ud800',
  '🦆',
  '0',
  '-1',
  '1e9',
  'null',
  'x'.repeat(400),
]
const KNOWN = ['scratch', 'a', 'A', 'active', 'true', '1', 'ws_', '2026-01-01T00:00:00Z']
// Half of it means something, so that much comes further than to the door.
const text = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...KNOWN) },
  { weight: 1, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
)

/** What a schema describes, mostly; sometimes anything else. */
function generated(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const described = describedBy(schema, depth)
  return depth > 3 ? described : fc.oneof({ weight: 9, arbitrary: described }, { weight: 1, arbitrary: fc.jsonValue() })
}

function describedBy(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => generated(choice, depth + 1)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {})
      const model = Object.fromEntries(fields.map(([name, field]) => [name, generated(field, depth + 1)]))
      return fc.record(model, { requiredKeys: (schema.required ?? []).filter((name) => name in model) })
    }
    case 'array':
      return fc.array(generated(schema.items ?? {}, depth + 1), { maxLength: 3 })
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 200, 1_000) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return schema.type === 'string' ? text : fc.jsonValue()
  }
}

it('no request that can be made of the OpenAPI document fails the server', { timeout: 300_000 }, async () => {
  const server = await startServer({ env: { ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '0' } })
  const { paths } = (await server.ask('GET', '/openapi.json')).json
  const operations = Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  expect(operations.length).toBeGreaterThan(30)
  const seen = new Set<number>()
  let written = 0
  for (const { path, method, operation } of operations) {
    await server.ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
    const { parameters = [], requestBody } = operation
    const given = fc.record({
      parameters: fc.tuple(...parameters.map(({ schema }) => fc.option(generated(schema), { nil: undefined }))),
      body:
        requestBody === undefined
          ? fc.constant(undefined)
          : generated(requestBody.content['application/json']?.schema ?? {}),
    })
    const ask = async ({ parameters: values, body }: { parameters: unknown[]; body: unknown }) => {
      const status = await askOnce(server, { path, method, parameters, values, body })
      seen.add(status)
      if (method !== 'GET' && status < 300) written++
    }
    await fc.assert(fc.asyncProperty(given, ask), { numRuns: RUNS, endOnFailure: true })
  }
  // It is not that all of it was refused at the door.
  for (const status of [200, 400, 404, 422]) expect(seen).toContain(status)
  expect(written).toBeGreaterThan(20)
})

const RUNS = Number(process.env.ARAWN_FUZZ_RUNS ?? 12)

async function askOnce(
  { url }: TestServer,
  request: {
    path: string
    method: string
    parameters: NonNullable<Operation['parameters']>
    values: unknown[]
    body: unknown
  },
): Promise<number> {
  let place = request.path
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  for (const [index, parameter] of request.parameters.entries()) {
    const value = request.values[index]
    const said = typeof value === 'string' ? value : JSON.stringify(value ?? null)
    if (parameter.in === 'path')
      place = place.replace(`{${parameter.name}}`, encodeURIComponent(said.toWellFormed()) || 'a')
    else if (value === undefined) continue
    else if (parameter.in === 'query') query.set(parameter.name, said)
    else headers[parameter.name] = said.replace(/[^\x20-\x7e]/g, '?').trim()
  }
  const leave = new AbortController()
  const answer = await fetch(`${url}${place}?${query}`, {
    method: request.method,
    headers: { ...headers, ...(request.body !== undefined && { 'content-type': 'application/json' }) },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    signal: leave.signal,
  })
  const what = `${request.method} ${place}?${query} ${JSON.stringify(request.body)?.slice(0, 300)}`
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') === true) leave.abort()
  else {
    const said = await answer.text()
    expect(answer.status, `${what}: ${said}`).toBeLessThan(500)
    const form = place.startsWith('/v1/') ? openAiErrorSchema : errorAnswerSchema
    if (answer.status >= 400) expect(form.safeParse(JSON.parse(said)).error, what).toBeUndefined()
  }
  return answer.status
}
