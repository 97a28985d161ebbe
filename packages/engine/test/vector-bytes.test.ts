import { similarityOf, vectorBytes } from '@arawn/engine/vector-bytes'
import { array, assert, double, pre, property } from 'fast-check'
import { describe, expect, it } from 'vitest'

const numbers = array(double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 })
const bytesOf = (vector: readonly number[]) => vectorBytes(Float32Array.from(vector))

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, number, at) => sum + number * (y[at] ?? 0), 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

describe('vectors as bytes', () => {
  it('take a byte a number, and keep how near they lie to each other', () => {
    assert(
      property(numbers, numbers, (a, b) => {
        const [one, other] = [bytesOf(a), bytesOf(b)]
        pre(one !== undefined && other !== undefined && Math.max(...a, ...b) > 0.01)
        expect(one.byteLength).toBe(a.length + 4)
        expect(similarityOf(one, other)).toBeCloseTo(cosine(a, b), 1)
        expect(similarityOf(one, other)).toBe(similarityOf(other, one))
        expect(Math.abs(similarityOf(one, other) - cosine(a, b))).toBeLessThan(0.02)
      }),
    )
  })

  it('are the same for the same direction, however long', () => {
    expect(bytesOf([3, -4, 1])).toEqual(bytesOf([6, -8, 2]))
    expect(similarityOf(bytesOf([3, -4, 1]) as Uint8Array, bytesOf([-3, 4, -1]) as Uint8Array)).toBeCloseTo(-1, 2)
  })

  it('are not made of what has no direction', () => {
    for (const vector of [[], [0, 0], [Number.NaN, 1], [Number.POSITIVE_INFINITY, 1]])
      expect(bytesOf(vector)).toBeUndefined()
  })

  it('of different lengths are not near each other', () => {
    expect(similarityOf(bytesOf([1, 0]) as Uint8Array, bytesOf([1, 0, 0]) as Uint8Array)).toBe(0)
    expect(similarityOf(new Uint8Array(), new Uint8Array())).toBe(0)
  })

  it('can be read wherever they stand in a buffer', () => {
    const bytes = bytesOf([0.5, 0.25, -1]) as Uint8Array
    const moved = new Uint8Array([9, 9, 9, ...bytes]).subarray(3)
    expect(similarityOf(moved, bytes)).toBe(similarityOf(bytes, bytes))
  })
})
