import type { Three } from '../../organisation/three/three.ts'
import type { ThreeRole } from '../../platform/http/admin/three-role.ts'

/** The three, whose sign-ins the security administrator does not read. Undefined for everybody else, who reads all. */
export function hiddenMembers(
  three: Three,
  role: ThreeRole | undefined,
  corpId: string,
): number[] | undefined {
  if (role !== 'security') return undefined
  return three.holders(corpId).flatMap(({ memberId }) => memberId ?? [])
}
