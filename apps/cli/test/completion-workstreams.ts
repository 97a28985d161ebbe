import { type Cli, makeCli } from './run-cli.js'

/** The program with workstreams whose names are hard to type. */
export async function withWorkstreams(): Promise<Cli> {
  const cli = makeCli()
  await cli('workstream', 'create', 'Release notes', '--id', 'rel')
  await cli('workstream', 'create', 'Rust & C: "why"', '--id', 'langs')
  for (const id of ['twin-a', 'twin-b']) await cli('workstream', 'create', 'Twin', '--id', id)
  await cli('workstream', 'create', '\u001b[2Jevil', '--id', 'evil')
  await cli('workstream', 'archive', 'rel')
  return cli
}
