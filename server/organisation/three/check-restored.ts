import type { Person } from '../../platform/http/visitor.ts'
import type { Corps } from '../corps/corps.ts'
import { closed, installationClosed } from '../corps/suspension/check-open.ts'
import { isOneOfThree } from './places-of.ts'
import type { Three } from './three.ts'

/**
 * What was restored from a backup is open to the three administrators alone until two of them confirm. `corpId` is undefined for the
 * installation. Throws 1009 (403).
 */
export function checkRestored(
  { corps, three }: { corps: Corps; three: Three },
  corpId: string | undefined,
  person: Person,
): void {
  const closure = corpId === undefined ? undefined : corps.closureOf(corpId)
  const isWaiting = corpId === undefined ? corps.isLocked() : closure?.kind === 'restored'
  if (!isWaiting || isOneOfThree(three, person, corpId)) return
  throw closure ? closed(closure, 403) : installationClosed(403)
}
