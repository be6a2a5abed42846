import type { Db } from '../../../platform/storage/db.ts'
import { type NewEvent, tellDevelopers } from '../../events/outbox-store.ts'
import { findTemplate, type Template } from '../setup/setup-store.ts'
import type { ApprovalRow } from '../store.ts'
import { type ApprovalChange, changesSince } from './changes.ts'

/** Tells the developers who may see the approval of its changes, in order. Call it at the end of the transaction. */
export function tellChanges(
  tx: Db,
  row: Pick<ApprovalRow, 'corpId' | 'id' | 'devId'>,
  { grants }: Pick<Template, 'grants'>,
  changes: readonly ApprovalChange[],
  at: Date,
): Promise<void> {
  const devIds = grants.filter(one => one.reads || one.devId === row.devId).map(one => one.devId)
  const events = changes.flatMap(change =>
    devIds.map(
      (devId): NewEvent => ({
        corpId: row.corpId,
        devId,
        type: 'approval.changed',
        scope: 'approval:read',
        entity: `approval:${row.id}`,
        data: { approvalId: row.id, ...change, at: change.at || Math.floor(at.getTime() / 1000) },
      }),
    ),
  )
  return tellDevelopers(tx, events, at)
}

/** Tells a developer who is known late to have submitted it what those who may read all were told of it. */
export async function tellOwner(tx: Db, row: ApprovalRow, at: Date): Promise<void> {
  const template = await findTemplate(tx, row.corpId, row.templateId)
  const grants = template?.grants.filter(one => one.devId === row.devId && !one.reads) ?? []
  if (grants.length === 0 || row.status === null) return
  const appliedAt = Math.floor(row.createdAt.getTime() / 1000)
  const { changes } = changesSince([], { ...row, status: row.status, appliedAt })
  await tellChanges(tx, row, { grants }, changes, at)
}
