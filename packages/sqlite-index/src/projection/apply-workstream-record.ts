import { timestampOf } from '@arawn/core/clock'
import { foldTitle } from '@arawn/core/fold-title'
import type { Source } from '@arawn/core/import-source'
import type { SessionsLogRecord, WorkstreamLogRecord } from '@arawn/core/record'
import { claimBatch, collectBatch, submitBatch } from './apply-batch.js'
import type { Scene } from './apply-lines.js'
import { keepSummary } from './keep-summary.js'
import { rememberKey } from './remember-key.js'

/** Records of workstream.jsonl. Those of other logs are left alone. */
export function applyWorkstreamRecord(scene: Scene, record: WorkstreamLogRecord | SessionsLogRecord): void {
  const { statements, workstreamId: id } = scene
  switch (record.type) {
    case 'workstream_created': {
      if (statements.workstream.get(id)?.created === 1) {
        scene.anomaly('repeated_creation')
        return
      }
      const createdMs = Date.parse(record.timestamp)
      statements.fillWorkstream.run({
        id,
        title: record.title,
        titleFolded: foldTitle(record.title),
        isScratch: record.is_scratch === true ? 1 : 0,
        defaultModel: record.default_model ?? null,
        metadata: JSON.stringify(record.metadata ?? {}),
        forkedFromWorkstream: record.forked_from?.workstream_id ?? null,
        forkedFromMessage: record.forked_from?.message_id ?? null,
        createdAt: timestampOf(createdMs),
        createdMs,
      })
      statements.removeAnomaly.run(id, 'workstream', 0, 'implied_workstream')
      setTags(scene, record.tags ?? [])
      addSource(scene, record.source)
      // Whoever repeats such a request does not know the workstream yet.
      rememberKey(scene, '', record.idempotency)
      return
    }
    case 'workstream_updated': {
      const { title, default_model, tags, metadata } = record.changes
      if (title !== undefined) statements.setTitle.run(title, foldTitle(title), id)
      if (default_model !== undefined) statements.setDefaultModel.run(default_model, id)
      if (metadata !== undefined) statements.setMetadata.run(JSON.stringify(metadata), id)
      if (tags !== undefined) setTags(scene, tags)
      addSource(scene, record.source)
      rememberKey(scene, '', record.idempotency)
      return
    }
    case 'workstream_state_changed':
      statements.setState.run(record.state, id)
      return
    case 'compression_attempted':
      statements.insertAttempt.run(id, scene.at.stamp, record.key, record.outcome)
      return
    case 'compression_claimed':
      claimBatch(scene, record)
      return
    case 'compression_submitted':
      submitBatch(scene, record)
      return
    case 'compression_collected':
      collectBatch(scene, record)
      return
    case 'workstream_summarized':
      keepSummary(scene, record)
      statements.setWorkstreamSummary.run(record.summary, id)
      return
  }
}

function setTags({ statements, workstreamId }: Scene, tags: readonly string[]): void {
  const distinct = [...new Set(tags)]
  statements.setTags.run(JSON.stringify(distinct), workstreamId)
  statements.deleteTags.run(workstreamId)
  for (const tag of distinct) statements.insertTag.run(workstreamId, tag)
}

function addSource({ statements, workstreamId }: Scene, source: Source | undefined): void {
  if (source !== undefined) statements.insertSource.run(source.format, source.conversation_id, workstreamId)
}
