import { describe, expect, it } from 'vitest'
import { systemPrompt } from '../src/system-prompt.js'

describe('systemPrompt', () => {
  it('names the workstream and its tools', () => {
    const prompt = systemPrompt({ title: 'Say "hi"', is_scratch: false }, [{ name: 'recall' }])
    expect(prompt).toContain('titled "Say \\"hi\\""')
    expect(prompt).toContain('You have these tools: recall.')
    expect(prompt).not.toContain('promote_scratch')
    expect(prompt.length).toBeLessThan(1_500)
  })

  it('tells scratch when to propose a workstream, if it has the tool for it', () => {
    expect(systemPrompt({ title: null, is_scratch: true }, [{ name: 'promote_scratch' }])).toContain('propose once')
    expect(systemPrompt({ title: null, is_scratch: true }, [])).not.toContain('promote_scratch')
  })
})
