import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { ApprovalFlow } from '../../../upstream/wecom/approvals/detail.ts'
import type { ApprovalEvent } from '../../../upstream/wecom/approvals/event.ts'
import { templatesOf } from '../setup/setup-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    /** `<flow> <number>`: to be read again; `apply <id>`: a submission whose answer is looked for. */
    approvals: true
  }
}

/** Lets an approval be read again. */
export function enqueueRead(tx: Db, corpId: string, flow: ApprovalFlow, no: string, at: Date): Promise<void> {
  return enqueue(tx, [{ corpId, stream: 'approvals', key: `${flow} ${no}` }], at)
}

export function enqueueSettle(tx: Db, corpId: string, id: number, at: Date): Promise<void> {
  return enqueue(tx, [{ corpId, stream: 'approvals', key: `apply ${id}` }], at)
}

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
