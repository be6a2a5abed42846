import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { ApprovalFlow } from '../../upstream/wecom/approvals/detail.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    /** `<flow> <number>`: to be read again; `apply <id>`: a submission whose answer is looked for;
     * `list <template>`: what was submitted of late, for events that were lost. */
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
