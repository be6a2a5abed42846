import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoment } from '../../../platform/format.ts'
import type { Cause, CauseText, Occurrence } from '../../../platform/manifest/cause.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import type { Words } from '../../../platform/words.ts'
import { agentPage } from '../agent-page.ts'
import { ends } from './life.ts'
import { type LifeRow, livesOf } from './life-store.ts'

type Needs = Core & { corps: Corps }
/** Kept with the alert, so that the time is text. */
type Detail = { agentId: number; name: string; event: string; effectAt: string | null }

/** WeCom suspends agents that nobody uses. */
export const agentUnused: Cause<Needs, Detail> = causeOf('unused')
/** WeCom restricts agents that hardly anybody uses. */
export const agentLowActive: Cause<Needs, Detail> = causeOf('low')

function causeOf(track: LifeRow['track']): Cause<Needs, Detail> {
  return {
    find: async ctx => ({ found: foundIn(ctx, track, await livesOf(ctx.db)) }),
    severityOf: () => 'warn',
    tell: tellOfLife,
  }
}

function foundIn({ corps }: Needs, track: LifeRow['track'], lives: readonly LifeRow[]): Occurrence<Detail>[] {
  return lives.flatMap(({ corpId, agentId, event, effectAt, ...life }) => {
    const agent = corps.find(corpId)?.agents.find(one => one.agentId === agentId)
    if (!agent || life.track !== track || ends.has(event)) return []
    const detail = { agentId, name: agent.name || String(agentId), event }
    return [
      { corpId, subject: String(agentId), detail: { ...detail, effectAt: effectAt?.toISOString() ?? null } },
    ]
  })
}

type CauseWords = { title: (name: string) => Words; what: (when: Words) => Words }

const said: Readonly<Record<string, CauseWords>> = {
  inactive_alert: {
    title: name => ({
      zh: `企业微信将停用应用「${name}」`,
      en: `WeCom is going to suspend the application "${name}"`,
    }),
    what: when => ({
      zh: `应用长期没有人使用，企业微信将${when.zh}停用它：之后登录、消息和接口都不可用。`,
      en: `Nobody has used it for long, and WeCom will suspend it${when.en}: sign-in, messages and calls end then.`,
    }),
  },
  close_inactive_agent: {
    title: name => ({
      zh: `企业微信停用了应用「${name}」`,
      en: `WeCom has suspended the application "${name}"`,
    }),
    what: () => ({
      zh: '应用长期没有人使用，已被企业微信停用：用它的登录、消息和接口都不可用。',
      en: 'Nobody has used it for long, and WeCom has suspended it: sign-in, messages and calls by it fail.',
    }),
  },
  low_active_alert: {
    title: name => ({
      zh: `应用「${name}」活跃度低，将受限制`,
      en: `The application "${name}" is used little, and will be restricted`,
    }),
    what: when => ({
      zh: `使用它的成员很少，企业微信将${when.zh}限制它的接口。`,
      en: `Few members use it, and WeCom will restrict its calls${when.en}.`,
    }),
  },
  low_active: {
    title: name => ({
      zh: `应用「${name}」因活跃度低受到限制`,
      en: `The application "${name}" is restricted for little use`,
    }),
    what: () => ({
      zh: '使用它的成员很少，企业微信限制了它的接口。',
      en: 'Few members use it, and WeCom has restricted its calls.',
    }),
  },
}

export function tellOfLife({ agentId, name, event, effectAt }: Detail, timeZone = usualZone): CauseText {
  const words = said[event] ?? said['inactive_alert']!
  const at = effectAt === null ? undefined : formatMoment(new Date(effectAt), timeZone)
  const when = at ? { zh: `在 ${at.zh} `, en: ` on ${at.en}` } : { zh: '', en: '' }
  return {
    title: words.title(name),
    what: words.what(when),
    fix: {
      zh: '还要用的：请成员打开它、给它发消息，已停用的由管理员在企业微信管理后台「应用管理 → 自建应用」打开该应用重新启用；不再用的，在「企业与体检 → 自建应用」移除。企业微信通知恢复后提醒自动结束。',
      en: 'If it is needed, have members open it and write to it; one that is suspended is enabled again at App Management → Self-built (应用管理 → 自建应用) in the WeCom admin console. If not, remove it under Corps and check-up → Applications. This ends by itself when WeCom says that it is restored.',
    },
    path: agentPage(agentId),
  }
}
