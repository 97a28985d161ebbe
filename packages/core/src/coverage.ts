import * as z from 'zod'

/** Closed intervals of sequences, ascending: `[[1, 40], [44, 90]]`. */
export const coverageSchema = z.array(z.tuple([z.int().positive(), z.int().positive()]))
export type Coverage = z.infer<typeof coverageSchema>
