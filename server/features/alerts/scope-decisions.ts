import type { Developers } from '../../callers/developers/developers.ts'
import { type RequestRow, untoldRequests } from '../../callers/developers/owners/request-store.ts'
import { noteTold } from '../../callers/developers/owners/scope-requests.ts'
import { publicUrlOf, zoneOf } from '../../organisation/corps/corps.ts'
import { isListed } from '../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../organisation/directory/permissions/person.ts'
import { formatDate } from '../../platform/format.ts'
import type { SubmitNeeds } from '../messages/accept/submit.ts'
import { type MemberNotice, tellMembers } from '../messages/accept/tell-members.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    'scope-decisions': true
  }
}

type Needs = SubmitNeeds & { developers: Developers }

const corpsAtOnce = 4
const decisionsAtOnce = 20

/** Tells owners once what became of their requests; those who are not reached see it on /developer. */
export function handleScopeDecisions(ctx: Needs): void {
  ctx.queue.handle({
    name: 'scope-decisions',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      for (;;) {
        const untold = await untoldRequests(ctx.db, corpId, decisionsAtOnce)
        if (untold.length === 0 || signal.aborted) return undefined
        await ctx.mirrors.during(corpId, async () => {
          for (const request of untold) await tell(ctx, request)
        })
      }
    },
  })
}

async function tell(ctx: Needs, request: RequestRow): Promise<void> {
  const { corpId, id, memberId } = request
  const member = ctx.mirrors.of(corpId).members.byId(memberId)
  if (member && isListed(member) && mayAct(member))
    await tellMembers(ctx, corpId, [member.userId], `scope-request-${id}`, contentOf(ctx, request))
  await noteTold(ctx.db, request)
}

function contentOf(ctx: Needs, request: RequestRow): MemberNotice {
  const { corpId, devId, state, until, why } = request
  const asked = [...request.scopes, ...request.upstreamPaths]
  const name = ctx.developers.get(devId)?.name ?? devId
  const isGranted = state === 'granted'
  const end = until && formatDate(new Date(until.getTime() - 1), zoneOf(ctx, corpId), ctx.now())
  const outcome = isGranted
    ? { zh: `已授予${end ? `，有效至 ${end.zh}` : ''}`, en: `granted${end ? ` until ${end.en}` : ''}` }
    : { zh: `未通过：${why}`, en: `refused: ${why}` }
  return {
    msgType: '01',
    agentName: '平台提醒',
    title: isGranted ? '权限申请已通过' : '权限申请未通过',
    content: [
      `${name}：${asked.join('、')}`,
      outcome.zh,
      '',
      `Scopes of ${name} (${asked.join(', ')}) were ${outcome.en}.`,
    ].join('\n'),
    url: `${publicUrlOf(ctx, ctx.corps.get(corpId))}/developer/${devId}`,
    btntxt: '查看',
  }
}
