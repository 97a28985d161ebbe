import { timestampSchema } from '@arawn/core/message'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { saidMs } from '../src/search/said-ms.js'

const range = {
  min: new Date('0000-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
}
const ends = ['', '.5', '.123', '.1234', '.999999'].flatMap((fraction) =>
  ['Z', '+02:00', '-11:30'].map((zone) => fraction + zone),
)

it('is what Date.parse says, of any time that a log may hold', () => {
  const written = fc.oneof(
    fc.date(range).map((date) => date.toISOString()),
    fc.tuple(fc.date(range), fc.constantFrom(...ends)).map(([date, end]) => date.toISOString().slice(0, 19) + end),
  )
  // Many in a row, because the day before is remembered.
  fc.assert(
    fc.property(fc.array(written, { maxLength: 20 }), (timestamps) => {
      for (const timestamp of timestamps.filter((one) => timestampSchema.safeParse(one).success))
        expect(saidMs({ timestamp }, { stamp: 1_000 })).toBe(Math.trunc(Date.parse(timestamp)))
    }),
  )
})

it('is when it was written where a time says nothing', () => {
  expect(saidMs({ timestamp: 'yesterday' }, { stamp: 1_768_471_200_000_999 })).toBe(1_768_471_200_000)
})
