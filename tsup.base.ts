import type { Options } from 'tsup'

/** Every file directly in src/ is an entry of its own: the export map is the file map. */
export const base: Options = {
  entry: ['src/*.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  splitting: true,
  dts: true,
  clean: true,
  sourcemap: true,
}
