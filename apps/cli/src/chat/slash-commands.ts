import { SCRATCH_ID } from '@arawn/core/id'
import { compressOne } from '../actions/compress-workstreams.js'
import { printSessions } from '../actions/list-sessions.js'
import { printFound } from '../actions/search-messages.js'
import { printContext } from '../actions/show-context.js'
import { badOption } from '../commands/options.js'
import { checkModel } from '../models.js'
import { promotedLine } from '../terminal/promoted-line.js'
import { chooseWorkstream } from './choose-workstream.js'
import type { Conversation } from './conversation.js'

interface SlashCommand {
  /** What stands behind its name. */
  readonly takes?: string
  readonly meaning: string
  /** @returns how the talk goes on; undefined ends it */
  run(conversation: Conversation, words: string): Promise<Conversation | undefined>
}

const SESSIONS = 10
const FOUND = 10

/** What can be typed in a talk instead of a message. */
export const slashCommands: Readonly<Record<string, SlashCommand>> = {
  context: {
    meaning: 'what the model is sent, part by part',
    run: async (conversation) => {
      const { desk, manager, workstreamId, model } = conversation
      await printContext(desk, manager, workstreamId, { model })
      return conversation
    },
  },
  compress: {
    meaning: 'summarize what was said',
    run: async (conversation) => {
      const { desk, manager, workstreamId } = conversation
      await compressOne(desk, manager, workstreamId, {})
      return conversation
    },
  },
  promote: {
    takes: 'TITLE',
    meaning: 'move this session out of scratch, to a new workstream, and go on there',
    run: async (conversation, title) => {
      const { desk, manager, workstreamId } = conversation
      if (workstreamId !== SCRATCH_ID) throw badOption('/promote', 'moves messages out of scratch only')
      const promoted = await manager.promote({ title: given('/promote', title, 'a title') })
      await desk.notice(promotedLine(promoted))
      return { ...conversation, workstreamId: promoted.workstream.id }
    },
  },
  switch: {
    takes: 'REF',
    meaning: 'go on in another workstream; a title that is not there yet is made',
    run: async (conversation, reference) => {
      const { desk, manager } = conversation
      const workstreamId = await chooseWorkstream(desk, manager, given('/switch', reference, 'a workstream'))
      return { ...conversation, workstreamId }
    },
  },
  sessions: {
    meaning: 'the latest sessions',
    run: async (conversation) => {
      const { desk, manager, workstreamId } = conversation
      await printSessions(desk, manager, workstreamId, { limit: SESSIONS })
      return conversation
    },
  },
  search: {
    takes: 'WORDS',
    meaning: 'find what was said here',
    run: async (conversation, query) => {
      const { desk, manager, workstreamId: workstream } = conversation
      await printFound(desk, manager, { query: given('/search', query, 'words'), workstream }, { limit: FOUND })
      return conversation
    },
  },
  model: {
    takes: 'NAME',
    meaning: 'ask another model from now on',
    run: async (conversation, model) => {
      await checkModel(conversation.desk, conversation.manager, given('/model', model, 'a name'))
      return { ...conversation, model }
    },
  },
  help: {
    meaning: 'this list',
    run: async (conversation) => {
      const lines = Object.entries(slashCommands).map(
        ([name, { takes = '', meaning }]) => `${`/${name} ${takes}`.padEnd(16)}${meaning}`,
      )
      await conversation.desk.print(lines.join('\n'))
      return conversation
    },
  },
  quit: { meaning: 'leave; so does Ctrl-D', run: async () => undefined },
}

function given(command: string, words: string, what: string): string {
  if (words === '') throw badOption(command, `needs ${what}`)
  return words
}
