import { createHash } from 'node:crypto'
import { type LogName, logNames } from '@arawn/core/record'
import type { ExportedLogs } from '@arawn/core/transfer-operations'
import type { NativeHeader } from './native-format.js'

const LF = new Uint8Array([10])

/** The bytes of a native export. Reads the logs twice, so that none has to be held. */
export async function* nativeExport(exported: ExportedLogs): AsyncGenerator<Uint8Array> {
  const part = async <Name extends LogName>(log: Name) => {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const line of exported.lines(log)) {
      hash.update(line).update(LF)
      bytes += line.byteLength + 1
    }
    return { log, bytes, sha256: hash.digest('hex') }
  }
  const header: NativeHeader = {
    format: 'arawn-native',
    version: 1,
    workstream_id: exported.workstream.id,
    logs: [await part('workstream'), await part('sessions'), await part('messages')],
  }
  yield Buffer.from(`${JSON.stringify(header)}\n`)
  for (const log of logNames) for await (const line of exported.lines(log)) yield Buffer.concat([line, LF])
}
