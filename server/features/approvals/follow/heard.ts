import type { Core } from '../../../platform/core.ts'
import type { HeardPush } from '../../../platform/manifest/access-end.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { XmlElement } from '../../../upstream/transport/xml.ts'
import { approvalIn } from '../../../upstream/wecom/approvals/event.ts'
import { templatesOf } from '../setup/setup-store.ts'
import { enqueueRead } from '../tasks.ts'

/** Lets the approvals that pushes told of be read again; those of other templates are nothing to wisp. */
export async function noteHeard(
  _ctx: Core,
  tx: Db,
  corpId: string,
  pushes: readonly HeardPush[],
  at: Date,
): Promise<void> {
  const heard = pushes.flatMap(one => approvalIn({ ...one, fields: one.fields as XmlElement }) ?? [])
  if (heard.length === 0) return
  const flows = new Map((await templatesOf(tx, corpId)).map(one => [one.id, one.flow]))
  for (const { flow, no, templateId } of heard)
    if (flows.get(templateId) === flow) await enqueueRead(tx, corpId, flow, no, at)
}
