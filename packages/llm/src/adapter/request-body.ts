import type { ModelRequest } from '@arawn/core/language-model'
import { callOptions } from './call-options.js'
import { openSdkModel, type SdkModelAddress } from './open-sdk-model.js'

/** Ends a call of the SDK before anything is sent. */
class NotSent extends Error {}

/**
 * What the SDK would send for a request. The SDK does not give it away, so it is taken where the SDK hands it to fetch:
 * whichever way a request goes, the provider reads the same.
 */
export async function requestBody(
  request: ModelRequest,
  address: SdkModelAddress,
  maxOutputTokens: number,
): Promise<Readonly<Record<string, unknown>>> {
  let sent: unknown
  const sdk = await openSdkModel(address, async (_, init) => {
    sent = JSON.parse(String(init?.body))
    throw new NotSent()
  })
  await sdk.doStream(callOptions(request, maxOutputTokens)).then(
    () => {},
    (error: unknown) => {
      if (sent === undefined) throw error
    },
  )
  const { stream: _, ...body } = Object(sent)
  return body
}
