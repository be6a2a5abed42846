import type { Core } from '../../platform/core.ts'
import type { Attention } from '../../platform/manifest/attention.ts'
import { ownerless } from './owners/owner-store.ts'
import { waitingRequests } from './owners/request-store.ts'

export async function developerAttention({ db }: Core, corpId: string): Promise<Attention[]> {
  const [asked, left] = await Promise.all([waitingRequests(db, corpId), ownerless(db, corpId)])
  const found: Attention[] = []
  if (asked.length > 0)
    found.push({
      kind: 'scopeRequested',
      severity: 'warn',
      title: {
        zh: `${asked.length} 个权限申请等待处理`,
        en: `${asked.length} ${asked.length === 1 ? 'request for scopes waits' : 'requests for scopes wait'}`,
      },
      hint: {
        zh: '开发者的负责人申请了更多权限，请授予或拒绝。',
        en: 'Owners of developers ask for more scopes: grant or refuse them.',
      },
      act: { zh: '去处理', en: 'Decide' },
      path: '/console/apps/developers',
    })
  if (left.length > 0)
    found.push({
      kind: 'developerOwnerless',
      severity: 'warn',
      title: {
        zh: `${left.length} 个开发者没有负责人了`,
        en: `${left.length} ${left.length === 1 ? 'developer has' : 'developers have'} no owner left`,
      },
      hint: {
        zh: '负责人都已离职或停用，请指定新的负责人，并更换他们创建的密钥。',
        en: 'All their owners left or were disabled. Name new ones, and replace the secrets that they made.',
      },
      act: { zh: '去指定', en: 'Name owners' },
      path: '/console/apps/developers',
    })
  return found
}
