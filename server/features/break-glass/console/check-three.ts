import { placesOf } from '../../../organisation/three/places-of.ts'
import type { Three } from '../../../organisation/three/three.ts'
import type { ThreeRole } from '../../../platform/http/admin/three-role.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'

/** Which of the three a visitor is there, who has given a second factor. Throws 1009 for everybody else. */
export function checkIsThree(three: Three, visitor: Visitor, corpId: string | undefined): ThreeRole {
  const corpIds = corpId === undefined ? [] : [corpId]
  const role = placesOf(three, visitor, corpIds).find(one => one.corpId === corpId)?.role
  if (!role)
    throw new ApiError('forbidden', {
      zh: '您不是这里的三员',
      en: 'you are none of the three administrators here',
    })
  if (visitor.proof.acr < 3)
    throw new ApiError('forbidden', { zh: '请先通过两步验证', en: 'give the second factor first' })
  return role
}
