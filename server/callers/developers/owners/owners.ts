import { isListed, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { readSet } from '../../../platform/http/rules.ts'
import { told } from '../../../platform/http/told.ts'
import type { AccessEnd } from '../../../platform/manifest/access-end.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type OwnerRow, ownersOf, ownsAny, putOwners } from './owner-store.ts'

const ownersAtMost = 20

/** The ids of the members who are named as owners. Throws 1000, 1007. */
export async function readOwners(
  ctx: { mirrors: Pick<Mirrors, 'load'> },
  corpId: string,
  userIds: readonly string[],
): Promise<number[]> {
  const { members } = await ctx.mirrors.load(corpId)
  return readSet(userIds.map(userKey), 'owners', ownersAtMost).map(key => {
    const member = members.byKey(key)
    if (!member || !isListed(member)) throw new ApiError('unknownMember', told`${key}`)
    return member.id
  })
}

/** What the form of the owners was filled from. */
export function ownersForm(owners: readonly { memberId: number }[]): object {
  return { owners: owners.map(one => one.memberId).sort((a, b) => a - b) }
}

/**
 * Returns the owners before and after, in the form for the audit log. `expected` is the version of the form that was filled
 * (form-version.ts). Throws 1000.
 */
export async function changeOwners(
  tx: Db,
  { corpId, devId }: { corpId: string; devId: string },
  memberIds: readonly number[],
  at: Date,
  expected: string | undefined,
): Promise<{ before: string[]; after: string[] }> {
  const named = (owners: readonly OwnerRow[]) => owners.map(owner => owner.userId)
  const before = await ownersOf(tx, corpId, devId)
  checkVersion(ownersForm(before), expected)
  await putOwners(tx, corpId, devId, memberIds, at)
  return { before: named(before), after: named(await ownersOf(tx, corpId, devId)) }
}

/** When an owner may no longer act, a developer may be left without any. */
export const checkOwnersLeft: AccessEnd = async (tx, corpId, memberIds, at) => {
  if (await ownsAny(tx, corpId, memberIds)) await checkAlerts({ now: () => at.getTime() }, tx, corpId)
}
