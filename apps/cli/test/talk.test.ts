import { describe, expect, it } from 'vitest'
import { records, withoutProvider, withProvider } from './chat-models.js'

const typed = (...lines: string[]) => ({ typed: `${lines.join('\n')}\n` })

describe('a talk', () => {
  it('goes on until somebody leaves', async () => {
    const cli = withoutProvider()
    const { code, out } = await cli.with(typed('the ferry is late', '', 'which ferry?', '/quit', 'unheard'), 'chat')
    expect(code).toBe(0)
    expect(out).toContain('the ferry is late')
    const history = records((await cli('history', 'scratch', '--json')).out)
    expect(history.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
  })

  it('knows what stands behind a slash', async () => {
    const cli = withoutProvider()
    await cli('workstream', 'create', 'Harbour')
    const lines = [
      '/help',
      'the ferry is late',
      '/context',
      '/sessions',
      '/search ferry',
      '/compress',
      '/model offline',
      '/promote Ferries',
      'in the new place',
      '/switch harbour',
      'in the harbour',
      '/promote Again',
      '/switch',
      '/nonsense',
      '/model nowhere',
      '/usr/bin is a path',
    ]
    const { code, out, err } = await cli.with(typed(...lines), 'chat')
    expect(code).toBe(0)
    for (const shown of ['/switch REF', 'this turn', 'STATUS', 'ferry', 'summari']) expect(out, shown).toContain(shown)
    for (const said of [
      'moved 2 messages to "Ferries"',
      'out of scratch only',
      '/switch needs',
      '/nonsense is no command',
    ])
      expect(err, said).toContain(said)
    expect(err).toContain('no model profile "nowhere"')
    expect((await cli('history', 'ferries')).out).toContain('in the new place')
    expect((await cli('history', 'harbour')).out).toMatch(/in the harbour[\s\S]*\/usr\/bin is a path/)
  })

  it('stops an answer at the first Ctrl-C, keeps what came, and goes on', async () => {
    let press = () => {}
    const { cli, chat } = await withProvider('openai-compatible', [
      { text: ['half an ', 'ans'], ending: 'silence' },
      { text: ['whole'] },
    ])
    const { code, out, err } = await chat({
      ...typed('hi', 'and now?'),
      divertInterrupt: (stop) => {
        press = stop
        return () => {}
      },
      onOut: (shown) => {
        if (shown === 'half an ans') press()
      },
    })
    expect([code, out, err]).toEqual([0, 'half an ans\nwhole\n', 'arawn: stopped; what came until now is kept\n'])
    const history = records((await cli('history', 'scratch', '--json')).out)
    expect(history.map(({ content }) => content)).toEqual(['hi', 'half an ans', 'and now?', 'whole'])
  })

  const proposal = (more: object) => ({
    calls: [
      { id: `call-${Object.keys(more).length}`, name: 'promote_scratch', arguments: { title: 'Bridges', ...more } },
    ],
  })
  const promoting = [
    proposal({}),
    { text: ['Shall I move this to "Bridges"?'] },
    proposal({ agreed: true }),
    { text: ['It moves now.'] },
    { text: ['Steel.'] },
  ]

  it('follows when the model moves it out of scratch, and says so', async () => {
    const { cli, chat, scripted } = await withProvider('openai-compatible', promoting)
    const { code, out, err } = await chat(typed('about bridges', 'yes, move it', 'which kind?'))
    expect([code, out]).toEqual([0, 'Shall I move this to "Bridges"?\nIt moves now.\nSteel.\n'])
    expect(err).toMatch(/^arawn: moved 8 messages to "Bridges" \(ws_\w+\)$/m)
    const contents = async (ref: string) =>
      (await cli('history', ref, '--json')).out
        .split('\n')
        .flatMap((line) => (line === '' ? [] : JSON.parse(line).content))
    expect((await contents('bridges')).filter((content) => content !== '').at(0)).toBe('about bridges')
    expect((await contents('bridges')).slice(-2)).toEqual(['which kind?', 'Steel.'])
    expect(await contents('scratch')).toEqual([])
    // The model goes on with what was said before, and is not offered to move it once more.
    const last = scripted.requests.at(-1)?.body
    expect(JSON.stringify(last)).toContain('about bridges')
    expect(JSON.stringify(last?.tools)).not.toContain('promote_scratch')
  })

  it('says where it is, on a terminal', async () => {
    const { err } = await withoutProvider().with({ ...typed('/quit'), errColumns: 80 }, 'chat', '-w', 'Harbour')
    expect(err).toMatch(/new workstream "Harbour"[\s\S]*this is Harbour; \/help/)
  })

  it('says what went wrong and goes on; the exit code tells of it', async () => {
    const { chat } = await withProvider('openai-compatible', [{ refuses: 'no_model' }, { text: ['fine'] }])
    const { code, out, err } = await chat(typed('one', 'two'))
    expect([code, out]).toEqual([8, 'fine\n'])
    expect(err).toContain('MODEL_NOT_FOUND')
  })
})
