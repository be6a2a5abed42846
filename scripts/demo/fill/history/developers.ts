import { addDeveloper, setDeveloper } from '../../../../server/callers/developers/developer-admin.ts'
import { askForScopes, decideRequest } from '../../../../server/callers/developers/owners/scope-requests.ts'
import { allDevelopers, liveSecrets, touchSecrets } from '../../../../server/callers/developers/store.ts'
import { openAlertsOf } from '../../../../server/features/alerts/store.ts'
import { dayOf } from '../../../../server/platform/operation/day.ts'
import { fillCalls } from './calls.ts'
import { actor, dayMs, type HistoryFill, until, visitorOf } from './part.ts'
import { moveDeveloper } from './past-store.ts'

const name = '后勤系统'
const owner = 'zhangsan'

/** A second developer of 张三, whose request was refused, and who asks again; one of its scopes ends soon. */
export async function fillDevelopers(filling: HistoryFill): Promise<void> {
  const { ctx, demo, corpId } = filling
  if (!ctx.mirrors.of(corpId).members.byKey(owner)) return
  const sample = ctx.developers.get(demo.devId)
  // An earlier version named no owner.
  if (sample && sample.owners.size === 0) await setDeveloper(ctx, actor, demo.devId, { owners: [owner] })
  if ((await allDevelopers(ctx.db, corpId)).some(one => one.name === name)) return
  const { devId } = await addDeveloper(ctx, actor, corpId, {
    name,
    owners: [owner, 'lisi'],
    scopes: ['directory:read', 'message:send', 'sms:send'],
    scopeDays: { 'sms:send': dayOf(ctx.now() + 5 * dayMs) },
  })
  await inUse(filling, devId)
  const visitor = visitorOf(filling, owner)
  const ask = (scopes: string[], reason: string) => askForScopes(ctx, visitor, devId, { scopes, reason })
  const first = await ask(['directory:mobile'], '派工时希望直接显示报修人的手机号。')
  await until('the alert of a request', async () => {
    const alerts = await openAlertsOf(ctx.db, [corpId], { withInstallation: false, limit: 100 })
    return alerts.some(one => one.cause === 'scopeRequested')
  })
  await decideRequest(ctx, actor, corpId, first, {
    state: 'refused',
    why: '手机号不向后勤系统开放，请用短信或消息联系报修人。',
  })
  await ask(['pay:read', 'pay:write'], '食堂餐费和停车费改为线上收取，需要创建和查询账单。')
}

const usedForDays = 16

/** It has called for some days, the last time yesterday afternoon. */
async function inUse(filling: HistoryFill, devId: string): Promise<void> {
  const { ctx, corpId } = filling
  const secrets = (await liveSecrets(ctx.db, corpId)).filter(secret => secret.devId === devId)
  const lastAt = new Date(Date.parse(`${dayOf(ctx.now() - dayMs)}T17:40:00+08:00`))
  await ctx.db.transaction().execute(async tx => {
    await moveDeveloper(tx, devId, usedForDays + 1)
    await touchSecrets(
      tx,
      secrets.map(({ id }) => ({ id, at: lastAt })),
    )
  })
  await ctx.reloadConfig(corpId)
  await fillCalls(filling, { devId, callsADay: 35, days: usedForDays })
}
