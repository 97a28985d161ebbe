import { answer } from '../chat/answer.js'
import { chooseWorkstream } from '../chat/choose-workstream.js'
import { talk } from '../chat/talk.js'
import { type Desk, withManager } from '../command.js'
import { startDuties } from '../duties.js'
import { checkModel } from '../models.js'
import { readText } from './read-text.js'

interface ChatOptions {
  readonly workstream?: string
  readonly model?: string
  readonly message?: string
}

export async function chat(desk: Desk, _args: [], { workstream, model, message }: ChatOptions): Promise<void> {
  const { world } = desk
  const isOnce = message !== undefined || !world.stdin.isTerminal
  const content = isOnce ? await readText(world, message) : ''
  await withManager(desk, async (manager) => {
    // A name that means nothing is said before a workstream is made for it.
    if (model !== undefined) await checkModel(desk, manager, model)
    const duties = startDuties(desk, manager)
    try {
      const conversation = { desk, manager, workstreamId: await chooseWorkstream(desk, manager, workstream), model }
      if (isOnce) await answer(conversation, content, world.interrupted)
      else await talk(conversation)
    } finally {
      await duties.stop()
    }
  })
}
