/**
 * Appenders that send their next message when the one before was answered, until `count` are sent.
 *
 * @param append resolves once its message is on disk
 * @param end what has to be done before the time is taken, too
 * @returns messages a second
 */
export async function closedLoop({ count, appenders }, append, end = () => {}) {
  let sent = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: appenders }, async () => {
      while (sent < count) {
        sent++
        await append()
      }
    }),
  )
  await end()
  return (count / (performance.now() - started)) * 1000
}
