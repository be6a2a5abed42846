import type { Db } from '../../../platform/storage/db.ts'
import type { ApprovalEvent } from '../../../upstream/wecom/approvals/event.ts'
import { templatesOf } from '../setup/setup-store.ts'
import { enqueueRead } from '../tasks.ts'

/** Lets the approvals that pushes told of be read again; those of other templates are nothing to wisp. */
export async function noteHeard(
  tx: Db,
  corpId: string,
  heard: readonly ApprovalEvent[],
  at: Date,
): Promise<void> {
  if (heard.length === 0) return
  const flows = new Map((await templatesOf(tx, corpId)).map(one => [one.id, one.flow]))
  for (const { flow, no, templateId } of heard)
    if (flows.get(templateId) === flow) await enqueueRead(tx, corpId, flow, no, at)
}
