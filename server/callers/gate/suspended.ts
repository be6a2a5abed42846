import type { Corps } from '../../organisation/corps/corps.ts'
import { closed } from '../../organisation/corps/suspension/check-open.ts'
import { checkRestored } from '../../organisation/three/check-restored.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { AdminCaller } from '../../platform/http/admin/admin-gate.ts'
import type { PageAccess, PageUse } from '../../platform/http/gate.ts'
import type { Visitor } from '../../platform/http/visitor.ts'

type Needs = { corps: Corps; three: Three }

/** These concern no corp, or know by themselves for which they are. */
const ofNoCorp: readonly PageAccess['by'][] = ['anyone', 'account', 'installation', 'operator']

/**
 * A corp that is suspended is looked at by the system account alone, which changes nothing there, but for what ends something. One that
 * is being deleted is not even looked at.
 */
export function checkPageOpen(
  ctx: Needs,
  corpId: string,
  { access, method, whileSuspended }: PageUse,
  visitor: Visitor | undefined,
): void {
  const isOwn = access.by === 'self' && !visitor?.member
  if (isOwn || ofNoCorp.includes(access.by)) return
  const closure = ctx.corps.closureOf(corpId)
  if (!closure) return
  if (closure.kind === 'restored' && visitor) {
    checkRestored(ctx, corpId, visitor)
    return
  }
  const isRead = method === 'GET' && visitor !== undefined && !visitor.member
  if (closure.kind === 'suspended' && (whileSuspended || isRead)) return
  throw closed(closure, 403)
}

export function checkAdminOpen(
  { corps }: Pick<Needs, 'corps'>,
  corpId: string,
  { corpId: only }: AdminCaller,
  method: string,
): void {
  const closure = corps.closureOf(corpId)
  if (!closure || (closure.kind === 'suspended' && only === undefined && method === 'GET')) return
  throw closed(closure)
}
