import type { Workstream } from '@arawn/core/workstream'

export function titleOf({ title }: Pick<Workstream, 'title'>): string {
  return title ?? '(untitled)'
}
