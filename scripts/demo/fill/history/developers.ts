import { addDeveloper, setDeveloper } from '../../../../server/callers/developers/developer-admin.ts'
import { askForScopes, decideRequest } from '../../../../server/callers/developers/owners/scope-requests.ts'
import { allDevelopers } from '../../../../server/callers/developers/store.ts'
import { listAlerts } from '../../../../server/features/alerts/alerts.ts'
import { roleLevel } from '../../../../server/organisation/directory/permissions/person.ts'
import { memberOf } from '../../../../server/organisation/people/administrators.ts'
import type { Visitor } from '../../../../server/platform/http/visitor.ts'
import { dayOf } from '../../../../server/platform/operation/day.ts'
import { actor, dayMs, type Filling, until } from './part.ts'

const name = '后勤系统'
const owner = 'zhangsan'

/** A second developer of 张三, whose request was refused, and who asks again; one of its scopes ends soon. */
export async function fillDevelopers({ ctx, demo, corpId }: Filling): Promise<void> {
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
  const { id, key, userId, departments, name: own } = memberOf(ctx, corpId, owner)
  const visitor: Visitor = {
    ...{ corpId, roleLevel: roleLevel.superAdministrator, assigned: [], sessionId: '', csrf: '' },
    ...{ mustChangePassword: false, mustEnrol: false, actor: userId },
    member: { id, key, userId, departments, name: own },
  }
  const ask = (scopes: string[], reason: string) => askForScopes(ctx, visitor, devId, { scopes, reason })
  const first = await ask(['directory:mobile'], '派工时希望直接显示报修人的手机号。')
  await until('the alert of a request', async () => {
    const alerts = await listAlerts(ctx, { corpId, withInstallation: false, openOnly: true }, 'zh')
    return alerts.some(one => one.cause === 'scopeRequested')
  })
  await decideRequest(ctx, actor, corpId, first, {
    state: 'refused',
    why: '手机号不向后勤系统开放，请用短信或消息联系报修人。',
  })
  await ask(['pay:read', 'pay:write'], '食堂餐费和停车费改为线上收取，需要创建和查询账单。')
}
