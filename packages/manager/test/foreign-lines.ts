import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { expect } from 'vitest'
import { expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

export const line = (value: object) => `${JSON.stringify(value)}\n`
export const said = (content: string, timestamp = '2026-01-15T10:05:00Z', role = 'user') =>
  line({ role, content, timestamp })
export const opened = (id: string, stamp: number, timestamp = '2026-01-15T10:00:00.000Z') =>
  line({ v: 1, stamp, type: 'session_opened', id, timestamp })
export const message = (id: string, session_id: string, stamp: number, content: string) =>
  line({ v: 1, stamp, id, session_id, timestamp: '2026-01-15T10:00:00.000Z', role: 'user', content })
export const created = (stamp: number, title: string | null) =>
  line({ v: 1, stamp, type: 'workstream_created', timestamp: '2026-01-15T09:00:00.000Z', title })

/** No defect, and the same rows in an index made of the logs alone. */
export async function expectSound(manager: WorkstreamManager): Promise<void> {
  const { ok, problems } = await manager.verify()
  expect(problems).toEqual([])
  expect(ok).toBe(true)
  await expectLevelWithLogs(manager)
}

export async function anomalyKinds(manager: WorkstreamManager): Promise<string[]> {
  return (await manager.verify()).anomalies.map(({ log, sequence, kind }) => `${log} ${sequence} ${kind}`)
}

export async function withHistory(): Promise<{ dir: DataDir; manager: WorkstreamManager; sessionId: string }> {
  const dir = testDir()
  const manager = await dir.open()
  await manager.createWorkstream({ id: 'a', title: 'A' })
  await manager.sendMessage({ workstream: 'a', content: 'one' })
  const { session_id } = await manager.sendMessage({ workstream: 'a', content: 'two', role: 'assistant' })
  return { dir, manager, sessionId: session_id }
}
