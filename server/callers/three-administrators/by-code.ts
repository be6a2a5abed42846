import { roleWords, type ThreeActor } from '../../organisation/three/joint-acts.ts'
import type { HolderRow } from '../../organisation/three/three-store.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { checkCode } from '../sign-in/factor/check-code.ts'
import type { FactorOwner } from '../sign-in/factor/factor-owner.ts'
import type { ThreeNeeds } from './needs.ts'

/**
 * One of the three who is not signed in to a page: at the command line, or by an admin token. They give their userid and a code of their
 * second factor. Throws 1000 for somebody who is none of the three, 1009, 1010.
 */
export async function actorByCode(
  ctx: ThreeNeeds,
  corpId: string | undefined,
  userId: string,
  code: string,
): Promise<ThreeActor> {
  const holder = ctx.three.holders(corpId).find(one => one.userId === userId)
  if (!holder || !ctx.three.isOn(corpId))
    throw new ApiError('badParameter', {
      zh: told`${userId} 不是三员（${own(roleWords.system.zh)}、${own(roleWords.security.zh)}、${own(roleWords.auditor.zh)}）`,
      en: told`${userId} is none of the three administrators`,
    })
  await checkCode(ctx, ownerOf(holder), code)
  return { role: holder.role, actor: holder.userId, memberId: holder.memberId ?? undefined }
}

function ownerOf({ adminName, memberCorp, memberId, userId, name }: HolderRow): FactorOwner {
  if (adminName !== null) return { adminName }
  return { corpId: memberCorp ?? '', memberId: memberId ?? -1, userId, name }
}
