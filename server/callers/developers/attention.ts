import type { Core } from '../../platform/core.ts'
import type { Attention } from '../../platform/manifest/attention.ts'
import { developerOwnerless, scopeRequested } from './causes.ts'
import { ownerless } from './owners/owner-store.ts'
import { waitingRequests } from './owners/request-store.ts'

export async function developerAttention({ db }: Core, corpId: string): Promise<Attention[]> {
  const [asked, left] = await Promise.all([waitingRequests(db, corpId), ownerless(db, corpId)])
  return [
    ...asked.map(
      ({ id, askedAt, ...detail }): Attention => ({
        kind: 'scopeRequested',
        subject: String(id),
        severity: 'warn',
        since: askedAt,
        act: { zh: '去处理', en: 'Decide' },
        ...scopeRequested.tell(detail),
      }),
    ),
    ...left.map(
      ({ devId, name }): Attention => ({
        kind: 'developerOwnerless',
        subject: devId,
        severity: 'warn',
        since: null,
        act: { zh: '去指定', en: 'Name owners' },
        ...developerOwnerless.tell({ devId, name }),
      }),
    ),
  ]
}
