import type { Corps } from '../../organisation/corps/corps.ts'
import { shippedPoints } from '../../organisation/rights/shipped.ts'
import { pointsOfThree } from '../../organisation/three/split.ts'
import type { Three } from '../../organisation/three/three.ts'
import { points } from '../../platform/http/admin/points.ts'
import type { PageUse, RawInputs } from '../../platform/http/gate.ts'
import { refused } from '../../platform/http/page-call.ts'
import type { Person, Visitor } from '../../platform/http/visitor.ts'

type Needs = { corps: Corps; three: Three }

/** The local account with what the separation of the three leaves it in this call. Members bring theirs with them. */
export function separatedAccount(
  { corps, three }: Needs,
  { access }: PageUse,
  visitor: Visitor,
  given: RawInputs,
  asked: string | undefined,
): Visitor {
  if (visitor.member) return visitor
  const isOperators = access.by === 'operator'
  const isOfCorp = !isOperators && access.by !== 'installation'
  const about = isOfCorp
    ? (asked ?? corps.all()[0]?.corpId)
    : isOperators
      ? textOf(given['ofCorp'])
      : undefined
  const separated = three.ofAccount(undefined) ?? three.ofAccount(about)
  return separated ? { ...visitor, separated } : visitor
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** Whether a member may make a call of the installation because they are one of its three administrators. */
export function isOfInstallation({ member, ofInstallation }: Visitor, { point }: PageUse): boolean {
  return (
    member !== undefined &&
    ofInstallation !== undefined &&
    !!point &&
    pointsOfThree[ofInstallation].has(point)
  )
}

/** Throws 403 for a call of the installation whose point is none of the system administrator's. */
export function checkSeparated(visitor: Visitor, { point }: PageUse): void {
  if (!visitor.separated || !point || shippedPoints(visitor).has(point)) return
  throw notOfYours(visitor, points[point])
}

/** Why somebody may not, where the three are separated and that is the reason. */
export function notOfYours({ separated }: Person, { zh, en }: { zh: string; en: string }) {
  return separated?.as
    ? refused({
        zh: `三员分立已开启，您的角色不能这样做（需要权限：${zh}）`,
        en: `the three administrators are separated, and yours does not do this (it takes: ${en})`,
      })
    : refused({
        zh: `三员分立已开启，这个操作只属于三员之一（需要权限：${zh}）`,
        en: `the three administrators are separated, and this belongs to one of them (it takes: ${en})`,
      })
}
