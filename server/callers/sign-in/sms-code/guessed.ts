import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { countersOfCorps } from '../../../platform/security/counter-store.ts'
import { countAttempt } from '../../../platform/security/counters.ts'
import { wrongOfCorp } from './code-limits.ts'

/** Administrators are told when there are many within an hour, from however many networks. */
export async function noteWrong(ctx: Core, corpId: string): Promise<void> {
  const { count } = await countAttempt(ctx, wrongOfCorp, { corpId, of: '' })
  if (count === wrongOfCorp.atMost) await checkAlerts(ctx, ctx.db, corpId)
}

/** Ends with the hour in which the codes were tried. */
export const smsCodesGuessed: Cause<Core & { corps: Corps }, { count: number }> = {
  async find(ctx) {
    const counters = await countersOfCorps(ctx.db, wrongOfCorp.purpose, new Date(ctx.now()))
    const many = counters.filter(one => one.count >= wrongOfCorp.atMost && ctx.corps.find(one.corpId))
    return { found: many.map(({ corpId, count }) => ({ corpId, detail: { count } })) }
  },
  tell: ({ count }) => ({
    title: { zh: '有人在猜短信验证码', en: 'Somebody is guessing codes by SMS' },
    what: {
      zh: `一小时内收到 ${formatCount(count)} 个不对的短信验证码。每个网络一小时最多试错 30 次，每个验证码最多 5 次。`,
      en: `${formatCount(count)} wrong codes by SMS came within an hour. A network may give 30 wrong ones an hour, and each code takes 5 tries.`,
    },
    fix: {
      zh: '请在「日志 → 登录」按方式「短信验证码」查看来源地址。如果是你们自己很多人共用的网络，请在「登录方式」登记它；如果不是，可以暂时关闭短信验证码。停止后约一小时，本提醒会自动结束。',
      en: 'Look at the addresses in Logs → Sign-ins, with the way “SMS code”. If it is a network of your own that many people share, list it under Ways of signing in; otherwise codes can be switched off for a while. About an hour after it stops, this alert ends by itself.',
    },
    path: '/console/system/sign-in-ways',
  }),
}
