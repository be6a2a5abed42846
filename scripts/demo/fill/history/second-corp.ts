import { addDeveloper } from '../../../../server/callers/developers/developer-admin.ts'
import { allDevelopers } from '../../../../server/callers/developers/store.ts'
import { addApp } from '../../../../server/features/apps/apps.ts'
import { compareAsAtNight, nightsBefore } from './address-book.ts'
import { apiOf } from './api.ts'
import { fillCalls } from './calls.ts'
import { actor, dayMs, type HistoryFill } from './part.ts'
import { firstMembers, moveBeginning, repeatMessages, repeatRun } from './past-store.ts'

const name = '门户网站'
const days = 12

/** The second corp is smaller and younger: one developer with its app, and a few messages. */
export async function fillSecondCorp({ ctx, demo, sandbox }: HistoryFill): Promise<void> {
  const corpId = demo.second?.corpId
  if (corpId === undefined) return
  await ctx.mirrors.during(corpId, async () => {
    if ((await allDevelopers(ctx.db, corpId)).some(one => one.name === name)) return
    const scopes = ['directory:read', 'message:send', 'ticket:issue']
    const { devId, devSecret } = await addDeveloper(ctx, actor, corpId, { name, scopes })
    const homeUrl = 'https://portal.example.com/'
    await addApp(ctx, actor, corpId, { name: '企业门户', devId, homeUrl, category: '办公' })
    const people = await firstMembers(ctx.db, corpId, 5)
    const call = await apiOf(demo.platformUrl, { devId, devSecret })
    const ids: string[] = []
    for (const [n, { userId }] of people.entries()) {
      const sent = await call('/api/message/send', {
        toUser: userId,
        sendType: '0',
        msgType: '03',
        agentName: '企业门户',
        content: '企业门户有新的通知，请从工作台查看。',
        requestId: `demo-${n}`,
      })
      ids.push(String(sent['msgId']))
    }
    const run = await compareAsAtNight({ ctx, corpId })
    const now = ctx.now()
    const earlier = Array.from({ length: days }, (_, n) => ({
      from: ids[n % ids.length] ?? '',
      id: ctx.newId(),
      at: new Date(now - (n + 1) * dayMs),
    }))
    await ctx.db.transaction().execute(async tx => {
      await moveBeginning(tx, corpId, actor, days + 1)
      await repeatRun(tx, run, nightsBefore(now, days))
      await repeatMessages(tx, earlier)
    })
    await fillCalls({ ctx, demo, corpId, people, call, sandbox }, { devId, callsADay: 20, days })
  })
}
