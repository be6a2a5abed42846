import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount, formatMoment } from '../../../platform/format.ts'
import { missedPushes } from '../../../platform/inbox/missed-store.ts'
import { parkedPushesOf } from '../../../platform/inbox/push-store.ts'
import { refusedPushes } from '../../../platform/inbox/refused-pushes.ts'
import type { CorpAttention } from '../../../platform/manifest/attention.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import type { Words } from '../../../platform/words.ts'
import { agentPage } from '../agent-page.ts'
import type { AgentCallback, Agents } from '../callbacks/callbacks.ts'
import { forwardFailsAfterMs } from '../forward/note-forward.ts'
import { agentLowActive, agentUnused, tellOfLife } from '../life/causes.ts'

type Needs = Core & { agents: Agents; corps: Corps }

function nameOf({ corps }: Needs, { corpId, agentId }: Pick<AgentCallback, 'corpId' | 'agentId'>): string {
  const agent = corps.find(corpId)?.agents.find(one => one.agentId === agentId)
  return agent?.name || String(agentId)
}

export const parkedAgentPushes: Cause<Core, { count: number; account: string }> = {
  async find(ctx) {
    const found = await parkedPushesOf(ctx.db, 'agent')
    return { found: found.map(({ corpId, count, account }) => ({ corpId, detail: { count, account } })) }
  },
  tell: ({ count, account }) => ({
    title: { zh: '应用收到的推送处理失败', en: 'Pushes to agents failed' },
    what: {
      zh: `${formatCount(count)} 条应用推送多次处理失败，已停下等待处理；其他推送不受影响。`,
      en: `${formatCount(count)} ${count === 1 ? 'push' : 'pushes'} to agents failed several times and wait for somebody; the others go on.`,
    },
    fix: {
      zh: '请到该应用的「推送」查看原因，处理后重放。',
      en: "See why on the application's page under Pushes, mend it and replay.",
    },
    path: agentPage(Number(account), 'pushes', 'parked'),
  }),
}

type RefusedPushes = { count: number; agentId: number; name: string; why: string }

export const agentPushesRefused: Cause<Needs, RefusedPushes> = {
  async find(ctx) {
    const all = ctx.agents.all().map(one => ({ ...one, account: String(one.agentId) }))
    const refused = await refusedPushes(ctx, 'agent', all)
    return {
      found: refused.map(one => {
        const { corpId, account, count, agentId } = one
        const detail = { count, agentId, name: nameOf(ctx, one), why: one.refused?.why ?? '' }
        return { corpId, subject: account, detail }
      }),
    }
  },
  tell: ({ count, agentId, name, why }) => ({
    title: { zh: `应用「${name}」的推送被拒绝`, en: `Pushes to the application "${name}" are refused` },
    what: {
      zh: `收到 ${formatCount(count)} 次发给它的推送，都没有通过检查（${why}），此后没有一次通过：成员发给它的消息没有进来。`,
      en: `${formatCount(count)} ${count === 1 ? 'push' : 'pushes'} for it did not pass the checks (${why}), and none did since: what members write to it does not arrive.`,
    },
    fix: {
      zh: '请核对企业微信管理后台该应用「接收消息 → 设置API接收」的 URL、Token、EncodingAESKey，应与应用页面所示相同，再保存一次。如果没有改过，也可能是别人在冒充企业微信，推送正常后本提醒会自动结束。',
      en: 'Compare URL, Token and EncodingAESKey at 接收消息 → 设置API接收 of the application in the WeCom admin console with those on its page here, and save them again. If nobody changed them, somebody else may be pretending to be WeCom; this ends by itself with the next right push.',
    },
    path: agentPage(agentId),
  }),
}

type MissedPushes = { count: number; agentId: number; name: string; from: string; until: string }

/** What was pushed while it could not be stored: WeCom cannot be asked for it. */
export const agentPushesMissed: Cause<Needs, MissedPushes> = {
  async find(ctx) {
    return {
      found: (await missedPushes(ctx.db, 'agent')).map(({ corpId, account, refused, from, until }) => {
        const agentId = Number(account)
        const times = { from: from.toISOString(), until: until.toISOString() }
        const detail = { count: refused, agentId, name: nameOf(ctx, { corpId, agentId }), ...times }
        return { corpId, subject: account, detail }
      }),
    }
  },
  // It is over, and nothing of it can be mended here.
  severityOf: () => 'warn',
  tell({ count, agentId, name, from, until }, timeZone = usualZone) {
    const begin = formatMoment(new Date(from), timeZone)
    const end = formatMoment(new Date(until), timeZone)
    return {
      title: {
        zh: `应用「${name}」的推送曾被拒收`,
        en: `Pushes to the application "${name}" were not taken`,
      },
      what: {
        zh: `${begin.zh} 至 ${end.zh}，平台未能保存推送（例如数据库不可用），拒收了发给它的 ${formatCount(count)} 次推送。企业微信会重试几次，此后仍没有收下的不会再来。`,
        en: `From ${begin.en} to ${end.en}, ${formatCount(count)} ${count === 1 ? 'push for it was' : 'pushes for it were'} refused because nothing could be stored, for example while the database was unavailable. WeCom repeats each a few times; what was not taken then does not come again.`,
      },
      fix: {
        zh: '成员当时发给应用的消息、点的菜单和卡片、审批等事件无法补取，需要时请成员再操作一次。本提醒三天后结束。',
        en: 'What members wrote to it, their clicks on menus and cards, and events such as approvals cannot be asked for: have members do it again where it matters. This ends after three days.',
      },
      path: agentPage(agentId, 'pushes'),
    }
  },
}

type FailingForward = { agentId: number; name: string; host: string; problem: Words }

export const agentForwardFails: Cause<Needs, FailingForward> = {
  async find(ctx) {
    const before = ctx.now() - forwardFailsAfterMs
    return {
      found: ctx.agents.all().flatMap(one => {
        const { corpId, agentId, forwardTo } = one
        if (!forwardTo?.failing || forwardTo.failing.since.getTime() > before) return []
        const { host } = new URL(forwardTo.url)
        const detail = { agentId, name: nameOf(ctx, one), host, problem: forwardTo.failing.problem }
        return [{ corpId, subject: String(agentId), detail }]
      }),
    }
  },
  tell: ({ agentId, name, host, problem }) => ({
    title: {
      zh: `应用「${name}」的消息转发失败`,
      en: `Pushes to the application "${name}" are not passed on`,
    },
    what: {
      zh: `${host} 没有正常应答：${problem.zh}。wisp 自己的处理不受影响，但那个系统收不到成员的消息。`,
      en: `${host} does not answer as it should: ${problem.en}. What wisp does with them goes on, but that system does not hear what members write.`,
    },
    fix: {
      zh: '请检查那个系统，以及应用页面「转发」里的地址、Token 与 EncodingAESKey；不再需要时停止转发。',
      en: "Look at that system, and at address, Token and EncodingAESKey under Passing on on the application's page; stop it when it is not needed any more.",
    },
    path: agentPage(agentId, 'forward'),
  }),
}

/** What administrators of these corps should look at. */
export async function agentAttention(ctx: Needs, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const [parked, unused, low] = await Promise.all([
    parkedPushesOf(ctx.db, 'agent', corpIds),
    agentUnused.find(ctx),
    agentLowActive.find(ctx),
  ])
  const lives = [
    ...unused.found.map(one => ({ ...one, kind: 'agentUnused' })),
    ...low.found.map(one => ({ ...one, kind: 'agentLowActive' })),
  ]
  const asked = new Set(corpIds)
  return [
    ...parked.map(({ corpId, count, account, since }) => ({
      corpId,
      kind: 'parkedAgentPushes',
      severity: 'bad' as const,
      since,
      act: { zh: '查看并重放', en: 'See and replay' },
      ...parkedAgentPushes.tell({ count, account }),
    })),
    ...lives.flatMap(({ corpId, kind, subject, detail }) => {
      if (corpId === null || !asked.has(corpId)) return []
      return [
        {
          corpId,
          kind,
          severity: 'warn' as const,
          since: null,
          ...(subject ? { subject } : {}),
          act: { zh: '查看应用', en: 'See the application' },
          ...tellOfLife(detail, zoneOf(ctx, corpId)),
        },
      ]
    }),
  ]
}
