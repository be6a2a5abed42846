/**
 * A backup that was restored is a state that somebody chose: where the three administrators are separated, it is open to them alone until two
 * of them have confirmed it, on the page or by the codes with which they let it be restored.
 */

import type { FactorOwner } from '../../../callers/sign-in/factor/factor-owner.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import * as locks from '../../../organisation/corps/suspension/restored.ts'
import { separatedScopes } from '../../../organisation/three/separated-store.ts'
import type { Three } from '../../../organisation/three/three.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { ThreeRole } from '../../../platform/http/admin/three-role.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'

type Needs = Core & { corps: Corps; three: Three }

/** Closes what was restored, at the end of the transaction that restores it. */
export async function lockWhatWasRestored(tx: Db, at: Date): Promise<void> {
  if (!(await locks.hasLocks(tx))) return
  for (const scope of await separatedScopes(tx)) await locks.lockRestored(tx, scope, at)
}

/**
 * One of the three says that this is the right state; the second to say so opens it. Those who are none of the three in what was restored
 * change nothing. Returns whether it is open. Throws 1000 where the same person confirmed before.
 */
export async function confirmRestored(
  ctx: Needs,
  corpId: string | undefined,
  owner: FactorOwner,
): Promise<boolean> {
  const held = heldBy(ctx, corpId, owner)
  if (!held) return false
  const scope = corpId ?? ''
  const { userId, role } = held
  const isOpen = await ctx.db.transaction().execute(async tx => {
    const lock = await locks.holdLock(tx, scope)
    if (!lock) return true
    // Exclusive roles: two roles are two people.
    if (lock.firstRole === role)
      throw new ApiError('badParameter', {
        zh: '这个角色已经确认过，须由三员中的另一位确认',
        en: 'this role has confirmed: another one of the three must',
      })
    const isSecond = lock.firstRole !== ''
    if (isSecond) await locks.unlockRestored(tx, scope)
    else await locks.noteFirst(tx, scope, { role, by: userId, at: new Date(ctx.now()) })
    const entry = { corpId: corpId ?? null, actor: userId, act: 'backup.confirm' as const, target: scope }
    await record(tx, ctx, {
      ...entry,
      detail: { restoredAt: lock.restoredAt, confirmations: isSecond ? 2 : 1 },
    })
    await signal(tx, 'wisp_config', scope)
    return isSecond
  })
  await ctx.reloadConfig(corpId)
  return isOpen
}

type HeldRole = { userId: string; role: ThreeRole }

/** The local account is the system administrator, wherever they are separated. */
function heldBy({ three }: Needs, corpId: string | undefined, owner: FactorOwner): HeldRole | undefined {
  if ('adminName' in owner)
    return three.isOn(corpId) ? { userId: owner.adminName, role: 'system' } : undefined
  return three
    .holders(corpId)
    .find(({ memberCorp, memberId }) => memberCorp === owner.corpId && memberId === owner.memberId)
}
