import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { parkedPushesOf } from '../../../platform/inbox/official-feed-store.ts'
import type { Attention } from '../../../platform/manifest/attention.ts'

export async function officialAttention({ db }: Core, corpId: string): Promise<Attention[]> {
  return (await parkedPushesOf(db, corpId)).map(({ count, account }) => ({
    kind: 'parkedPushes',
    severity: 'bad',
    title: {
      zh: `${formatCount(count)} 条公众号推送处理失败`,
      en: `${formatCount(count)} ${count === 1 ? 'push' : 'pushes'} of official accounts failed`,
    },
    hint: {
      zh: '它们已停下等待处理，不影响其他推送。',
      en: 'They are parked and do not block others.',
    },
    act: { zh: '查看并重放', en: 'See and replay' },
    path: `/console/official/pushes?${new URLSearchParams({ account, state: 'parked' })}`,
  }))
}
