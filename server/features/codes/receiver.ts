import type { Corps } from '../../organisation/corps/corps.ts'
import { isThere, type MemberCore, userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { ownersOfMobile, wholeMobile } from '../../organisation/directory/read/find-member.ts'
import { livingMember, viewOf, visibleMember } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { type Contact, contactsOf } from '../channels/contacts-store.ts'
import type { CodeTarget } from './leave.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

/** Whom a developer named: one of the two, in the spelling in which it is compared. */
export type Receiver = { userId: string } | { mobile: string }

/** Throws 1000 unless exactly one is given, and for a mobile that is not whole. */
export function readReceiver(given: { userId: string | undefined; mobile: string | undefined }): Receiver {
  const { userId, mobile } = given
  if ((userId === undefined) === (mobile === undefined))
    throw new ApiError('badParameter', {
      zh: 'userId 与 mobile 须给且只给一个',
      en: 'give exactly one of userId and mobile',
    })
  if (userId !== undefined) return { userId: userKey(userId) }
  const whole = wholeMobile(mobile ?? '')
  if (!whole)
    throw new ApiError('badParameter', {
      zh: 'mobile 应为完整的手机号，其他国家和地区的以 + 开头',
      en: 'mobile should be a whole number, which begins with + outside of mainland China',
    })
  return { mobile: whole }
}

export function spelt(receiver: Receiver): string {
  return 'userId' in receiver ? `userId ${receiver.userId}` : `mobile ${receiver.mobile}`
}

/** The number that a target is counted by, however developers name it; undefined for a member without a whole one. */
export function numberOf(target: CodeTarget): string | undefined {
  return 'mobile' in target ? target.mobile : wholeMobile(target.member.mobile)
}

/** The one member within the developer's data scope who is meant and is not disabled. */
export async function memberMeant(
  ctx: Needs,
  developer: Caller,
  receiver: Receiver,
): Promise<Contact | undefined> {
  const { corpId } = developer
  const view = viewOf(ctx, developer)
  const may = (core: MemberCore | undefined) => core !== undefined && isThere(core)
  const found =
    'userId' in receiver
      ? [livingMember(view, receiver.userId)].filter(one => one !== undefined)
      : await ownersOfMobile(
          ctx,
          view.mirror,
          receiver.mobile,
          2,
          core => visibleMember(view, core) !== undefined,
        )
  const [member, other] = found
  if (!member || other || !may(member)) return undefined
  const [contact] = await contactsOf(ctx.db, corpId, [member.id])
  return contact
}
