import type { Core } from '../../../platform/core.ts'
import { parkedPushesOf } from '../../../platform/inbox/push-store.ts'
import type { Attention } from '../../../platform/manifest/attention.ts'
import { parkedPushes } from './parked-pushes.ts'

export async function officialAttention({ db }: Core, corpId: string): Promise<Attention[]> {
  return (await parkedPushesOf(db, 'official', corpId)).map(({ count, account, since }) => ({
    kind: 'parkedPushes',
    severity: 'bad',
    since,
    act: { zh: '查看并重放', en: 'See and replay' },
    ...parkedPushes.tell({ count, account }),
  }))
}
