import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'

/** A file system whose process dies, as by kill -9, at its n-th change: of what is written then, half is written. */
export function dyingFileSystem(dieAt) {
  let changes = 0
  const dies = () => ++changes === dieAt
  const die = () => process.kill(process.pid, 'SIGKILL')
  const dieBefore =
    (operation) =>
    (...given) => {
      if (dies()) die()
      return operation(...given)
    }
  return {
    ...nodeFileSystem,
    makeDirectory: dieBefore(nodeFileSystem.makeDirectory),
    syncDirectory: dieBefore(nodeFileSystem.syncDirectory),
    rename: dieBefore(nodeFileSystem.rename),
    remove: dieBefore(nodeFileSystem.remove),
    removeDirectory: dieBefore(nodeFileSystem.removeDirectory),
    open(path, mode) {
      const file = nodeFileSystem.open(path, mode)
      return {
        ...file,
        truncate: dieBefore(file.truncate),
        sync: dieBefore(file.sync),
        write(bytes) {
          if (!dies()) return file.write(bytes)
          file.write(bytes.subarray(0, bytes.length >> 1))
          return die()
        },
      }
    },
  }
}
