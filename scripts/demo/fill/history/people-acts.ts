import { randomUUID } from 'node:crypto'
import { createRandom } from '../../../../sandbox/corp/random.ts'
import { insertSignIns, type SignInRow } from '../../../../server/callers/sign-in-log/store.ts'
import { putConsent } from '../../../../server/features/app-sign-in/consent-store.ts'
import { setSignIn } from '../../../../server/features/app-sign-in/set-sign-in.ts'
import { addApp, listApps } from '../../../../server/features/apps/apps.ts'
import { addDelegation } from '../../../../server/features/todos/delegations/delegations.ts'
import { setTodoAppSettings } from '../../../../server/features/todos/settings/settings.ts'
import { userKey } from '../../../../server/organisation/directory/mirror/members.ts'
import { dayOf } from '../../../../server/platform/operation/day.ts'
import { busyness } from './calls.ts'
import { actor, dayMs, daysBack, type HistoryFill, personOf } from './part.ts'
import { isThere } from './past-store.ts'

const signInsADay = 14
const consenting = 12
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 wxwork/4.1.38 MicroMessenger/7.0.1',
]
const thirdParty = '校园图书馆'

/** What people leave in a month: sign-ins, of which some fail, consents to a third party's application, and delegations of to-dos. */
export async function fillPeopleActs(filling: HistoryFill): Promise<void> {
  const { ctx, corpId } = filling
  if (!(await isThere(ctx.db, 'sign_in_log', corpId, new Date(ctx.now() - dayMs)))) {
    const appId = await thirdPartyApp(filling)
    await ctx.db.transaction().execute(async tx => {
      await insertSignIns(tx, signInsOf(filling, appId))
      for (let n = 0; n < consenting; n++)
        await putConsent(tx, {
          corpId,
          appId,
          memberId: memberOf(filling, n).id,
          claims: n % 3 === 0 ? ['profile', 'email'] : ['profile'],
          agreedAt: new Date(ctx.now() - (daysBack - 2 * n) * dayMs),
        })
    })
  }
  await delegate(filling)
}

function memberOf(filling: HistoryFill, n: number) {
  const { userId } = personOf(filling, n)
  const member = filling.ctx.mirrors.of(filling.corpId).members.byKey(userKey(userId))
  if (!member) throw new Error(`there is no ${userId}`)
  return member
}

async function thirdPartyApp({ ctx, corpId }: HistoryFill): Promise<string> {
  const known = (await listApps(ctx, corpId)).find(app => app.name === thirdParty)
  if (known) return known.id
  const homeUrl = 'https://library.example/'
  const description = '第三方应用：成员同意后才得到姓名和邮箱'
  const { id } = await addApp(ctx, actor, corpId, {
    name: thirdParty,
    category: '示例',
    description,
    homeUrl,
  })
  await setSignIn(ctx, { actor, approves: true }, corpId, id, {
    kind: 'oidc',
    relation: 'third-party',
    claims: [
      { name: 'profile', purpose: '显示姓名' },
      { name: 'email', purpose: '到期提醒' },
    ],
    oidc: { redirectUris: ['https://library.example/callback'] },
  })
  return id
}

function signInsOf(filling: HistoryFill, appId: string): SignInRow[] {
  const { ctx, corpId } = filling
  const random = createRandom(daysBack)
  return Array.from({ length: daysBack }, (_, n) => dayOf(ctx.now() - (daysBack - n) * dayMs)).flatMap(day =>
    Array.from({ length: Math.round(signInsADay * busyness(day)) }, (): SignInRow => {
      const { id, userId, name } = memberOf(filling, Math.floor(random() * filling.people.length))
      const isApp = random() < 0.3
      const isRefused = random() < 0.06
      return {
        corpId,
        at: new Date(Date.parse(`${day}T08:00:00+08:00`) + random() * 9 * 3_600_000),
        number: randomUUID(),
        appId: isApp ? appId : null,
        appName: isApp ? thirdParty : '',
        memberId: id,
        userId,
        userName: name,
        way: isApp ? 'oidc' : random() < 0.5 ? 'wecom' : 'qr',
        reason: isRefused ? (isApp ? 'consent' : 'denied') : '',
        detail: '',
        acr: isRefused ? null : 2,
        amr: isRefused ? [] : ['wecom'],
        released: isApp && !isRefused ? ['name', 'email'] : [],
        address: '127.0.0.1',
        userAgent: agents[random() < 0.5 ? 0 : 1] ?? '',
      }
    }),
  )
}

/** To-dos of a colleague on leave are done by another one. */
async function delegate(filling: HistoryFill): Promise<void> {
  const { ctx, corpId } = filling
  if (await isThere(ctx.db, 'todo_delegation', corpId)) return
  const app = (await listApps(ctx, corpId)).find(one => one.name === '审批')
  if (!app) return
  await setTodoAppSettings(ctx, actor, corpId, app.id, { mayPassOn: true })
  const until = (days: number) => new Date(ctx.now() + days * dayMs)
  for (const [from, to, startsIn, days] of [
    [4, 1, 0, 7],
    [6, 5, 9, 14],
  ] as const)
    await addDelegation(ctx, actor, corpId, {
      from: personOf(filling, from).userId,
      to: personOf(filling, to).userId,
      startsAt: startsIn === 0 ? undefined : until(startsIn),
      endsAt: until(startsIn + days),
    })
}
