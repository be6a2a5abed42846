import type { Core } from '../../../platform/core.ts'
import { parkedPushesOf } from '../../../platform/inbox/push-store.ts'
import type { CorpAttention } from '../../../platform/manifest/attention.ts'
import { parkedPushes } from './parked-pushes.ts'

export async function officialAttention({ db }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  return (await parkedPushesOf(db, 'official', corpIds)).map(({ corpId, count, account, since }) => ({
    corpId,
    kind: 'parkedPushes',
    severity: 'bad',
    since,
    act: { zh: '查看并重放', en: 'See and replay' },
    ...parkedPushes.tell({ count, account }),
  }))
}
