import type { Desk } from '../command.js'
import { completionScripts, type Shell } from '../completion/scripts.js'

export async function printCompletion(desk: Desk, [shell]: [shell: Shell]): Promise<void> {
  await desk.world.stdout.write(completionScripts[shell])
}
