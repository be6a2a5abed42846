import type { Developers } from '../../../callers/developers/developers.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'

/**
 * Returns who sends at this moment, by `member.id`: the administrator, or the owners of the developer. `askedBy` is as in the
 * audit log.
 */
export function sendersNow(
  { developers }: { developers: Developers },
  { members }: Pick<Mirror, 'members'>,
  askedBy: string,
): number[] {
  const [, devId] = /^developer:(.+)$/.exec(askedBy) ?? []
  if (devId !== undefined) return [...(developers.get(devId)?.owners ?? [])]
  const own = members.byKey(userKey(askedBy))
  return own ? [own.id] : []
}
