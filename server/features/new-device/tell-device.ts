import { findSession, type LiveSession } from '../../callers/sessions/session-store.ts'
import { publicUrlOf, zoneOf } from '../../organisation/corps/corps.ts'
import { isHere } from '../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../organisation/directory/permissions/person.ts'
import { momentIn } from '../../platform/moments.ts'
import { type AttemptLimit, countAttempt } from '../../platform/security/counters.ts'
import type { SubmitNeeds } from '../messages/accept/submit.ts'
import { type MemberNotice, tellMembers } from '../messages/accept/tell-members.ts'
import { browserName } from './browser-name.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    'new-device': true
  }
}

const corpsAtOnce = 4

/** A browser that forgets its cookies is new at each sign-in; after so many messages an hour its person knows. */
const notices: AttemptLimit = { purpose: 'new-device', atMost: 5, windowMs: 3_600_000 }

/** Tells members of a sign-in in a browser that is new for them. The key of a task is the session's id. */
export function handleNewDevices(ctx: SubmitNeeds): void {
  ctx.queue.handle({
    name: 'new-device',
    atOnce: corpsAtOnce,
    async work({ corpId, key }) {
      if (!ctx.corps.find(corpId)) return undefined
      // One that was ended meanwhile, such as by its person who saw it, is told of no more.
      const session = await findSession(ctx.db, key)
      if (session) await tell(ctx, corpId, session)
      return undefined
    },
  })
}

async function tell(ctx: SubmitNeeds, corpId: string, session: LiveSession): Promise<void> {
  const { id, memberId } = session
  if (memberId === null) return
  await ctx.mirrors.during(corpId, async () => {
    const member = ctx.mirrors.of(corpId).members.byId(memberId)
    if (!member || !isHere(member) || !mayAct(member)) return
    const { isOver } = await countAttempt(ctx, notices, { corpId, of: String(memberId) })
    if (isOver) return
    await tellMembers(
      ctx,
      corpId,
      [member.userId],
      `device-${id.slice(0, 24)}`,
      contentOf(ctx, corpId, session),
    )
  })
}

function contentOf(ctx: SubmitNeeds, corpId: string, session: LiveSession): MemberNotice {
  const { createdAt, address, userAgent } = session
  const form = { timeZone: zoneOf(ctx, corpId), now: ctx.now(), isKept: true }
  const browser = browserName(userAgent)
  return {
    msgType: '01',
    agentName: '平台提醒',
    title: '新设备登录提醒',
    content: [
      `时间：${momentIn('zh', createdAt, form)}`,
      `浏览器：${browser || '未知'}`,
      `地址：${address || '未知'}`,
      '如果不是您本人操作，请在“我的 → 设备与登录”中退出该设备，并联系管理员。',
      '',
      `Sign-in in a new browser: ${momentIn('en', createdAt, form)}, ${browser || 'unknown'}, ${address || 'unknown'}. If it was not you, sign that device out under Me → Devices and sign-in, and tell your administrator.`,
    ].join('\n'),
    url: `${publicUrlOf(ctx, ctx.corps.get(corpId))}/portal?me=devices`,
    btntxt: '查看',
  }
}
