import type { Core } from '../../platform/core.ts'
import { formatCount, formatMoment } from '../../platform/format.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { usualZone } from '../../platform/time-zone.ts'
import { stuckByCorp } from './store.ts'

/** So long in one step is an alert: longer than a weekend with a holiday. */
export const stuckDays = 7
const stuckMs = stuckDays * 86_400_000

type StuckDetail = { count: number; since: string; name: string; holders: string[] }

/** Approvals that nobody decides: whoever has them is away, or does not know. */
export const approvalsStuck: Cause<Core, StuckDetail> = {
  async find({ db, now }) {
    const stuck = await stuckByCorp(db, new Date(now() - stuckMs))
    return {
      found: stuck.map(({ corpId, count, since, name, holders }) => ({
        corpId,
        detail: { count, since: since.toISOString(), name, holders },
      })),
    }
  },
  severityOf: () => 'warn',
  tell({ count, since, name, holders }, timeZone = usualZone) {
    const at = formatMoment(new Date(since), timeZone)
    const who = holders.slice(0, 5).join('、')
    return {
      title: {
        zh: `${formatCount(count)} 个审批等待超过 ${stuckDays} 天`,
        en: `${formatCount(count)} approvals have waited for more than ${stuckDays} days`,
      },
      what: {
        zh: `最久的是“${name}”，从${at.zh}起由 ${who} 处理。`,
        en: `The longest is "${name}", which ${who} has had since ${at.en}.`,
      },
      fix: {
        zh: '请提醒处理人，或请申请人在企业微信中催办、撤销后重新提交。已经离职的处理人，由企业微信管理员转交。',
        en: 'Remind those who have them, or ask the applicants to urge or to withdraw and submit again in WeCom. For people who left, an administrator of WeCom hands over.',
      },
      path: `/console/todos/approvals?stuckDays=${stuckDays}`,
    }
  },
}
