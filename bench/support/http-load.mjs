import autocannon from 'autocannon'

/**
 * So many connections, each asking again when it was answered, for so long.
 *
 * @returns requests a second, and the times of answers in milliseconds
 */
export async function httpLoad(url, { connections, seconds, ...request }) {
  const result = await autocannon({ url, connections, duration: seconds, ...request })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`)
  const { latency, duration } = result
  return { perSecond: result['2xx'] / duration, p50: latency.p50, p99: latency.p99 }
}
