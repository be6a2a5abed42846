import { Type } from 'typebox'
import { roleLevel } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { requiredId } from '../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import { languageOf } from '../../platform/http/words.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import { acknowledge, alertSchema, listAlerts, type Seen } from './alerts.ts'

export function seenBy(visitor: Pick<Visitor, 'roleLevel'>, corpId: string): Seen {
  return { corpId, withInstallation: visitor.roleLevel === roleLevel.system }
}

/** The console's bell asks for it on every page. */
export const alertList = pageCall({
  method: 'GET',
  path: '/web/alerts',
  access: administrator('super'),
  input: {},
  output: Type.Object({ list: Type.Array(alertSchema) }),
  unattended: true,
  async handle(ctx: Core & { offered: Offered }, { visitor, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    return { list: await listAlerts(ctx, seenBy(visitor, corpId), language) }
  },
})

export const alertAcknowledge = pageCall({
  method: 'POST',
  path: '/web/alerts/acknowledge',
  access: administrator('super'),
  input: { id: requiredId('提醒编号') },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await acknowledge(ctx, visitor.actor, seenBy(visitor, corpId), input.id)
    return {}
  },
})
