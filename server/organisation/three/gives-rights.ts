import type { JointNeed } from '../../platform/acts/joint-act.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Three } from './three.ts'

/** An account with rights takes two people: the one who says that it exists, and the one who gives rights. */
export const givesRights: JointNeed = { roles: ['system', 'security'], count: 2 }

/** Throws 1009 where one person alone may not give rights. */
export function checkNotSeparated(three: Three, corpId: string): void {
  if (three.isOn(corpId))
    throw new ApiError('forbidden', {
      zh: '三员分立已开启：授权需要一人提议、另一人同意，请在控制台提议；没有保存',
      en: 'the three administrators are separated: rights are proposed by one and agreed to by another, in the console; nothing was saved',
    })
}

/** The corp of an act that is one of a corp. Throws 1000. */
export function corpOfJoint(corpId: string | undefined): string {
  if (corpId === undefined)
    throw new ApiError('badParameter', {
      zh: '这项操作属于一个企业，不属于整个平台；请选择企业',
      en: 'this act belongs to a corp, not to the installation: choose a corp',
    })
  return corpId
}
