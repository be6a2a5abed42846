import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { parkedPushesOf } from '../../../platform/inbox/push-store.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'

type Needs = Core

export const parkedPushes: Cause<Needs, { count: number; account: string }> = {
  async find(ctx) {
    const found = await parkedPushesOf(ctx.db, 'official')
    return { found: found.map(({ corpId, count, account }) => ({ corpId, detail: { count, account } })) }
  },
  tell: ({ count, account }) => ({
    title: { zh: '公众号推送处理失败', en: 'Pushes of official accounts failed' },
    what: {
      zh: `${formatCount(count)} 条公众号推送多次处理失败，已停下等待处理；其他推送不受影响。`,
      en: `${formatCount(count)} ${count === 1 ? 'push' : 'pushes'} of official accounts failed several times and wait for somebody; the others go on.`,
    },
    fix: {
      zh: '请到「日志 → 变更事件 → 推送记录」查看原因，处理后重放。',
      en: 'See why under Logs → Change events → Pushes, mend it and replay.',
    },
    path: `/console/official/pushes?${new URLSearchParams({ account, state: 'parked' })}`,
  }),
}
