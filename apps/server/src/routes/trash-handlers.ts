import type { RouteName } from '@arawn/core/protocol'
import { snakeKeys } from '@arawn/core/wire-case'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers } from '../calls/handler.js'
import { wholeList } from '../calls/list-answer.js'

type Names = Extract<RouteName, `${string}Trash`>

export function trashHandlers(manager: WorkstreamManager): Handlers<Names> {
  return {
    listTrash: async () => ({ json: wholeList((await manager.listTrash()).map(snakeKeys), ({ name }) => name) }),
    findInTrash: async ({ params }) => ({ json: snakeKeys(await manager.findInTrash(params.entry)) }),
    restoreFromTrash: async ({ params }) => ({ json: await manager.restoreFromTrash(params.entry) }),
    emptyTrash: async ({ query }) => {
      const deleted = await manager.emptyTrash({ olderThanMs: query.older_than_ms })
      return { json: wholeList(deleted.map(snakeKeys), ({ name }) => name) }
    },
    deleteFromTrash: async ({ params }) => {
      const deleted = await manager.emptyTrash(params.entry)
      return { json: wholeList(deleted.map(snakeKeys), ({ name }) => name) }
    },
  }
}
