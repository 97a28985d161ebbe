import type { TrashOperations } from '@arawn/core/trash-operations'
import { camelKeys } from '@arawn/core/wire-case'
import type { Calls } from '../http/calls.js'

export function trashOperations({ call }: Calls): TrashOperations {
  return {
    listTrash: async () => (await call('listTrash')).data.map(camelKeys),
    findInTrash: async (entry) => camelKeys(await call('findInTrash', { params: { entry } })),
    restoreFromTrash: (entry) => call('restoreFromTrash', { params: { entry } }),
    emptyTrash: async (which = {}) => {
      const { data } =
        typeof which === 'string'
          ? await call('deleteFromTrash', { params: { entry: which } }, { timeoutMs: null })
          : await call('emptyTrash', { query: { older_than_ms: which.olderThanMs } }, { timeoutMs: null })
      return data.map(camelKeys)
    },
  }
}
