import type { Core } from '../../platform/core.ts'
import type { CorpAttention } from '../../platform/manifest/attention.ts'
import { developerOwnerless, scopeRequested } from './causes.ts'
import { ownerless } from './owners/owner-store.ts'
import { waitingRequests } from './owners/request-store.ts'

export async function developerAttention({ db }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const [asked, left] = await Promise.all([waitingRequests(db, corpIds), ownerless(db, corpIds)])
  return [
    ...asked.map(
      ({ corpId, id, askedAt, ...detail }): CorpAttention => ({
        corpId,
        kind: 'scopeRequested',
        subject: String(id),
        severity: 'warn',
        since: askedAt,
        act: { zh: '去处理', en: 'Decide' },
        ...scopeRequested.tell(detail),
      }),
    ),
    ...left.map(
      ({ corpId, devId, name }): CorpAttention => ({
        corpId,
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
