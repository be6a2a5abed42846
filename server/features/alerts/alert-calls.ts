import { Type } from 'typebox'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { roleLevel } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { optionalInteger } from '../../platform/http/input.ts'
import { requiredId } from '../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import { waitForPage } from '../../platform/http/waiting/awaited.ts'
import type { AttentionScope, NeedsAttention } from '../../platform/manifest/attention.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { languageAsked } from '../../platform/words.ts'
import { acknowledge, needIn, needSchema, pastAlertSchema, pastAlerts } from './alerts.ts'
import { keyOf, type NeedsChanges, numberOf } from './needs-changes.ts'

function seenBy(visitor: Pick<Visitor, 'roleLevel'>, corpId: string): AttentionScope {
  return { corpId, withInstallation: visitor.roleLevel === roleLevel.system }
}

/** The console's bell asks for it on every page, and every page that shows what needs somebody shows this answer. */
export const attentionList = pageCall({
  method: 'GET',
  path: '/web/alerts',
  access: administrator('super'),
  point: 'alert:read',
  input: {},
  output: Type.Object({ list: Type.Array(needSchema) }),
  unattended: true,
  async handle(ctx: { needsAttention: NeedsAttention }, { visitor, corpId, request }) {
    const rows = await ctx.needsAttention(seenBy(visitor, corpId))
    return { list: rows.map(one => needIn(languageAsked(request), one)) }
  },
})

/** With `known` the answer waits until what needs somebody is another, 45 s at most; open pages ask again and again. */
export const attentionNumber = pageCall({
  method: 'GET',
  path: '/web/alerts/number',
  access: administrator('super'),
  point: 'alert:read',
  input: {
    known: optionalInteger('已知的编号，等到它变化再回答', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  },
  output: Type.Object({ number: Type.Number() }),
  unattended: true,
  async handle(
    ctx: { needsAttention: NeedsAttention; needsChanges: NeedsChanges; sessions: Sessions },
    { input, visitor, corpId, request, reply },
  ) {
    const { known } = input
    const seen = seenBy(visitor, corpId)
    const count = () => ctx.needsChanges.countOf(seen, async () => numberOf(await ctx.needsAttention(seen)))
    const key = keyOf(seen) + visitor.actor
    return {
      number:
        known === undefined
          ? await count()
          : await waitForPage(ctx, ctx.needsChanges, { key, known, count, request, reply }),
    }
  },
})

export const pastAlertList = pageCall({
  method: 'GET',
  path: '/web/alerts/past',
  access: administrator('super'),
  point: 'alert:read',
  input: {},
  output: Type.Object({ list: Type.Array(pastAlertSchema) }),
  unattended: true,
  async handle(ctx: Core & { corps: Corps; offered: FeatureOffers }, { visitor, corpId, request }) {
    return { list: await pastAlerts(ctx, seenBy(visitor, corpId), languageAsked(request)) }
  },
})

export const alertAcknowledge = pageCall({
  method: 'POST',
  path: '/web/alerts/acknowledge',
  access: administrator('super'),
  point: 'alert:acknowledge',
  input: { id: requiredId('提醒编号') },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await acknowledge(ctx, visitor.actor, seenBy(visitor, corpId), input.id)
    return {}
  },
})
