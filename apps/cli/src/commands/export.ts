import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { WorkstreamError } from '@arawn/core/error'
import type { Message } from '@arawn/core/message'
import { exportOpenAi } from '@arawn/engine/export-openai'
import type { WorkstreamManager } from '@arawn/manager/workstream-manager'
import type { Command } from 'commander'
import { type Desk, withManager } from '../command.js'
import { nativeExport } from '../native/native-export.js'
import type { Register } from '../program.js'

const FORMATS = ['native', 'openai'] as const

export function registerExport(program: Command, { run }: Register): void {
  program
    .command('export <ref>')
    .description('write a conversation out')
    .option('--format <format>', `${FORMATS.join(' or ')}: every byte of the logs, or chat JSONL`, 'native')
    .option('-o, --output <file>', 'a file; without it standard output')
    .option('--force', 'overwrite the file')
    .action(
      run(async (desk, [ref], { format, output, force }) => {
        if (!FORMATS.some((known) => known === format))
          throw new WorkstreamError('INVALID_INPUT', `--format: one of ${FORMATS.join(', ')}`, {
            path: 'format',
            problem: `one of ${FORMATS.join(', ')}`,
          })
        await withManager(desk, async (manager) => {
          const bytes = format === 'native' ? nativeExport(await manager.exportLogs(ref)) : openAi(manager, ref)
          if (output === undefined || output === '-')
            for await (const piece of bytes) await desk.world.stdout.write(piece)
          else await writeFile(desk, resolve(desk.world.cwd, output), bytes, force === true)
        })
      }),
    )
}

async function* openAi(manager: WorkstreamManager, ref: string): AsyncGenerator<Uint8Array> {
  // Throws before anything is written when there is no such workstream.
  await manager.getWorkstream(ref)
  for await (const piece of exportOpenAi(allMessages(manager, ref))) yield Buffer.from(piece)
}

async function* allMessages(manager: WorkstreamManager, ref: string): AsyncGenerator<Message> {
  for (let after = 0; ; ) {
    const page = await manager.listMessages(ref, { after, limit: 500 })
    yield* page.items
    after = page.items.at(-1)?.sequence ?? after
    if (!page.hasNewer || page.items.length === 0) return
  }
}

/** Into a file beside it first: a half-written export is never taken for a whole one. */
async function writeFile(desk: Desk, path: string, bytes: AsyncIterable<Uint8Array>, force: boolean): Promise<void> {
  if (existsSync(path) && !force)
    throw new WorkstreamError('EXPORT_TARGET_EXISTS', `${path} is there already`, { path })
  const partial = `${path}.partial`
  let total = 0
  try {
    const descriptor = openSync(partial, 'w')
    try {
      for await (const piece of bytes) total += writeSync(descriptor, piece)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  if (desk.json) await desk.printJson({ path, bytes: total })
  else await desk.print(`${total} bytes written to ${path}`)
}
