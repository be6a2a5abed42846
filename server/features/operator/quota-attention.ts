import type { Limits } from '../../callers/limits/limits.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { type QuotaName, quotaWords } from '../../organisation/corps/quotas/quotas.ts'
import type { Core } from '../../platform/core.ts'
import { formatCount } from '../../platform/format.ts'
import type { CorpAttention } from '../../platform/manifest/attention.ts'
import type { Cause, CauseText, Severity } from '../../platform/manifest/cause.ts'
import { type QuotaUse, quotaUse } from './quota-use.ts'

type Needs = Core & { corps: Corps; limits: Limits }

/** What goes on or stops when a quota is used up. */
const consequences: Record<QuotaName, { zh: string; en: string }> = {
  members: { zh: '通讯录照常同步', en: 'the address book is synced as before' },
  developers: { zh: '不能再创建或启用开发者', en: 'no developer can be added or enabled' },
  callsPerDay: { zh: '开发者今天的调用会返回 1010', en: "developers' calls are refused with 1010 today" },
  messagesPerDay: { zh: '今天的消息会返回 1010', en: 'messages are refused with 1010 today' },
}

type ReachedQuota = Pick<QuotaUse, 'name' | 'quota' | 'used'>

function tell({ name, quota, used }: ReachedQuota): CauseText {
  const { zh, en } = quotaWords[name]
  const isUp = used >= quota
  const then = consequences[name]
  return {
    title: isUp
      ? { zh: `配额「${zh}」已用完`, en: `The quota of ${en} is used up` }
      : { zh: `配额「${zh}」即将用完`, en: `The quota of ${en} is nearly used up` },
    what: {
      zh: `已用 ${formatCount(used)}，配额 ${formatCount(quota)}；${isUp ? '' : '用完后'}${then.zh}。`,
      en: `${formatCount(used)} of ${formatCount(quota)} are used; ${isUp ? '' : 'when it is used up, '}${then.en}.`,
    },
    fix: {
      zh: '需要更多时，请平台管理员在「系统 → 平台 → 全部企业」调整配额（或 wisp operator quota）。',
      en: 'If you need more, ask the operator to raise the quota at System → Installation → All corps (or by wisp operator quota).',
    },
    path: '/console/system/corps',
  }
}

/** From four fifths of a quota on. */
export async function quotaAttention(ctx: Needs, corpIds: readonly string[]): Promise<CorpAttention[]> {
  return [...(await quotaUse(ctx, corpIds))].flatMap(([corpId, uses]) =>
    uses
      .filter(one => one.state !== 'ok')
      .map(({ name, quota, used }) => ({
        corpId,
        kind: 'quotaReached',
        subject: name,
        severity: severityOf({ name, quota, used }),
        since: null,
        act: { zh: '查看', en: 'Look' },
        ...tell({ name, quota, used }),
      })),
  )
}

/** Nothing stops when there are more members. */
function severityOf({ name, quota, used }: ReachedQuota): Severity {
  return used >= quota && name !== 'members' ? 'bad' : 'warn'
}

/**
 * What somebody should be told of: four fifths of what a corp has, and all of what it may do on a day. A corp that is busy every day
 * would else be told of it every day.
 */
function isTold({ name, state }: QuotaUse): boolean {
  const isOfDay = name === 'callsPerDay' || name === 'messagesPerDay'
  return isOfDay ? state === 'full' || state === 'exceeded' : state !== 'ok'
}

/** A corp has used up a quota, or nearly. */
export const quotaReached: Cause<Needs, ReachedQuota> = {
  async find(ctx) {
    const uses = await quotaUse(
      ctx,
      ctx.corps.all().map(one => one.corpId),
    )
    return {
      found: [...uses].flatMap(([corpId, own]) =>
        own
          .filter(isTold)
          .map(({ name, quota, used }) => ({ corpId, subject: name, detail: { name, quota, used } })),
      ),
    }
  },
  tell,
  severityOf,
}
