import { createTokenCounter, tokenizerOf } from '@arawn/llm/token-counters'
import { describe, expect, it } from 'vitest'
import { rareTexts, sampleTexts } from './sample-texts.js'

const exact = ['o200k_base', 'cl100k_base'] as const
const all = [...exact, 'estimate'] as const
const kinds = Object.keys(sampleTexts)

async function countOf(tokenizer: (typeof all)[number], text: string): Promise<number> {
  const [count = Number.NaN] = await createTokenCounter(tokenizer).count([text])
  return count
}

describe('an exact counter', () => {
  it('counts as the published encodings do', async () => {
    // From the examples of OpenAI's own library.
    expect(await countOf('o200k_base', 'tiktoken is great!')).toBe(6)
    expect(await countOf('cl100k_base', 'tiktoken is great!')).toBe(6)
    expect(await countOf('cl100k_base', 'antidisestablishmentarianism')).toBe(6)
    expect(await countOf('cl100k_base', 'お誕生日おめでとう')).toBe(9)
  })

  it.each(exact)('%s takes names of special tokens as text', async (encoding) => {
    expect(await countOf(encoding, '<|endoftext|>')).toBeGreaterThan(3)
    expect(await countOf(encoding, '<|im_start|>system<|im_end|>')).toBeGreaterThan(6)
  })

  it('says that it is exact', () => {
    expect(createTokenCounter('o200k_base')).toMatchObject({ name: 'o200k_base', errorShare: 0 })
  })
})

describe('the estimate', () => {
  it.each(kinds)('is at most its errorShare too low, and at most half too high: %s', async (kind) => {
    const text = sampleTexts[kind] ?? ''
    const { errorShare } = createTokenCounter('estimate')
    const estimate = await countOf('estimate', text)
    for (const encoding of exact)
      expect(estimate, encoding).toBeGreaterThanOrEqual((await countOf(encoding, text)) * (1 - errorShare))
    expect(estimate).toBeLessThanOrEqual((await countOf('o200k_base', text)) * 1.5)
  })

  it.each(Object.entries(rareTexts))('is near the newer vocabulary for what is rare: %s', async (_, text) => {
    const ratio = (await countOf('estimate', text)) / (await countOf('o200k_base', text))
    expect(ratio).toBeGreaterThanOrEqual(0.75)
    expect(ratio).toBeLessThanOrEqual(2.2)
  })

  it('holds for parts of texts, too: a page of any of them', async () => {
    const { errorShare } = createTokenCounter('estimate')
    for (const text of Object.values(sampleTexts))
      for (let begin = 0; begin + 400 < text.length; begin += 1_900) {
        const page = text.slice(begin, begin + 400)
        expect(await countOf('estimate', page)).toBeGreaterThanOrEqual(
          (await countOf('o200k_base', page)) * (1 - errorShare) - 1,
        )
      }
  })

  it('reads 20 MB in a second, and more', async () => {
    const text = Object.values(sampleTexts).join('\n').repeat(250)
    await countOf('estimate', text)
    // Time of this process alone: others may be busy.
    const start = process.cpuUsage()
    await countOf('estimate', text)
    const { user, system } = process.cpuUsage(start)
    const seconds = (user + system) / 1e6
    expect(Buffer.byteLength(text) / 1e6 / seconds).toBeGreaterThan(20)
  })
})

describe('texts that nobody should write', () => {
  const bytes = 1_000_000
  const noise = (from: number, size: number) =>
    Array.from({ length: bytes }, (_, index) =>
      String.fromCharCode(from + ((index * 7919 + (index >> 3) * 104_729) % size)),
    ).join('')
  const texts: Readonly<Record<string, string>> = {
    'one letter': 'a'.repeat(bytes),
    'one capital': 'Ä'.repeat(bytes / 2),
    blanks: ' '.repeat(bytes),
    'line ends': '\n'.repeat(bytes),
    'mixed blanks': ' \t\n\r\u00a0\u2003'.repeat(bytes / 8),
    dashes: '-'.repeat(bytes),
    'signs of all kinds': noise(33, 15),
    'letters without a blank': noise(97, 26),
    digits: '0123456789'.repeat(bytes / 10),
    'lone surrogates': '\ud83e'.repeat(bytes / 3),
    ducks: '🦆'.repeat(bytes / 4),
    'ideographs without a stop': '漢字'.repeat(bytes / 6),
    'marks upon a letter': `e${'\u0301'.repeat(bytes / 2)}`,
    nulls: '\0'.repeat(bytes),
  }

  it.each(Object.keys(texts))('are counted in time, 1 MB: %s', async (name) => {
    const text = texts[name] ?? ''
    for (const tokenizer of all) await countOf(tokenizer, 'loaded')
    for (const tokenizer of all) {
      const start = performance.now()
      expect(await countOf(tokenizer, text), tokenizer).toBeGreaterThan(0)
      expect(performance.now() - start, tokenizer).toBeLessThan(5_000)
    }
  })

  it('are cut without losing the count', async () => {
    // Eight letters are a token of both vocabularies, and a cut lies between two of them.
    expect(await countOf('o200k_base', 'a'.repeat(8_000))).toBe(1_000)
    expect(await countOf('cl100k_base', 'a'.repeat(8_000))).toBe(1_000)
  })
})

describe('the way to count', () => {
  it.each([
    ['openai', 'gpt-5-mini', 'o200k_base'],
    ['openai', 'gpt-4o', 'o200k_base'],
    ['openai', 'gpt-4.1', 'o200k_base'],
    ['openai', 'gpt-4', 'cl100k_base'],
    ['openai', 'gpt-4-turbo', 'cl100k_base'],
    ['openai', 'gpt-3.5-turbo', 'cl100k_base'],
    ['anthropic', 'claude-sonnet-5', 'estimate'],
    ['openai-compatible', 'gpt-4o', 'estimate'],
  ] as const)('%s %s: %s', (provider, model, expected) => {
    expect(tokenizerOf({ name: 'x', provider, model })).toBe(expected)
  })

  it('is what the profile says', () => {
    expect(tokenizerOf({ name: 'x', provider: 'ollama', model: 'gpt-oss', tokenizer: 'o200k_base' })).toBe('o200k_base')
  })
})
