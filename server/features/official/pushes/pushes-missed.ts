import type { Core } from '../../../platform/core.ts'
import { formatCount, formatMoment } from '../../../platform/format.ts'
import { missedPushes } from '../../../platform/inbox/missed-store.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { pulledAccounts } from '../followers/pull/store.ts'

type Detail = {
  count: number
  account: string
  name: string
  from: string
  until: string
  /** Whether its followers are read again. */
  isRead: boolean
}

/** What was pushed while it could not be stored: messages and events of followers, which WeChat cannot be asked for. */
export const officialPushesMissed: Cause<Core & { accounts: Accounts }, Detail> = {
  async find(ctx) {
    const [missed, pulled] = await Promise.all([missedPushes(ctx.db, 'official'), pulledAccounts(ctx.db)])
    return {
      found: missed.flatMap(({ corpId, account, refused, from, until }) => {
        const name = ctx.accounts.find(account)?.name
        if (name === undefined) return []
        const times = { from: from.toISOString(), until: until.toISOString() }
        const detail = { count: refused, account, name, ...times, isRead: pulled.has(account) }
        return [{ corpId, subject: account, detail }]
      }),
    }
  },
  // It is over, and nothing of it can be mended here.
  severityOf: () => 'warn',
  tell({ count, account, name, from, until, isRead }, timeZone = usualZone) {
    const begin = formatMoment(new Date(from), timeZone)
    const end = formatMoment(new Date(until), timeZone)
    return {
      title: {
        zh: `公众号「${name}」的推送曾被拒收`,
        en: `Pushes of the official account "${name}" were not taken`,
      },
      what: {
        zh: `${begin.zh} 至 ${end.zh}，平台未能保存推送（例如数据库不可用），拒收了发给 ${account} 的 ${formatCount(count)} 次推送。微信会重试几次，此后仍没有收下的不会再来。`,
        en: `From ${begin.en} to ${end.en}, ${formatCount(count)} ${count === 1 ? 'push' : 'pushes'} for ${account} ${count === 1 ? 'was' : 'were'} refused because nothing could be stored, for example while the database was unavailable. WeChat repeats each a few times; what was not taken then does not come again.`,
      },
      fix: {
        zh: `${isRead ? '粉丝的关注与取消关注会自动补查；' : ''}消息与菜单点击无法补取，请到微信公众平台查看这段时间的留言。本提醒三天后结束。`,
        en: `${isRead ? 'Who follows is read again by itself. ' : ''}Messages and clicks cannot be asked for: see what was written at that time in WeChat's own console. This ends after three days.`,
      },
      path: `/console/official/accounts/${encodeURIComponent(account)}`,
    }
  },
}
