import { WorkstreamError } from '@arawn/core/error'
import type { LogTransferOperations, NativeSource } from '@arawn/core/transfer-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { nativeExport } from '../native/native-export.js'
import { type NativeReader, readNative } from '../native/read-native.js'

/** Native exports, made of the logs line by line. */
export function createNativeOperations({
  exportLogs,
  restoreLogs,
}: LogTransferOperations): Pick<WorkstreamManager, 'exportNative' | 'importNative'> {
  return {
    exportNative: async (reference) => nativeExport(await exportLogs(reference)),
    importNative: async (source) => {
      const { lines } = await reader(source)
      // All of it, so that a changed byte at the very end is found before the write lock is asked for.
      for await (const _ of lines);
      const checked = await reader(source)
      return restoreLogs(checked.header.workstream_id, checked.lines)
    },
  }
}

function reader({ bytes, name = 'the export' }: NativeSource): Promise<NativeReader> {
  return readNative(
    bytes(),
    (problem) =>
      new WorkstreamError('IMPORT_UNREADABLE', `${name}: ${problem}`, { file: name, problem, isEmpty: false }),
  )
}
