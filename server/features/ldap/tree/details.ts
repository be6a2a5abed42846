import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import { profilesOf } from '../../../organisation/directory/profile-store.ts'
import { employeeNumberOf } from '../../../organisation/directory/read/profile.ts'
import { membersById } from '../../../organisation/directory/store.ts'
import { lru } from '../../../platform/lru.ts'
import type { Db } from '../../../platform/storage/db.ts'

/** What the address book in memory lacks of a member; '' for what a member has none of. */
export type Details = { mail: string; mobile: string; employeeNumber: string; title: string }

export type DetailsOf = (mirror: Mirror, ids: readonly number[]) => Promise<ReadonlyMap<number, Details>>

const keptAtMost = 20_000

/** Reads details, and keeps them until anybody in the address book changes: programs ask for the same few people again and again. */
export function createDetails(db: Db): DetailsOf {
  const kept = lru<Details & { revision: number }>(keptAtMost)
  return async (mirror, ids) => {
    const { corpId } = mirror
    // Read before the rows, which may be newer then, and are read again.
    const { revision } = mirror.members
    const found = new Map<number, Details>()
    const missing: number[] = []
    for (const id of ids) {
      const known = kept.get(`${corpId} ${id}`)
      if (known?.revision === revision) found.set(id, known)
      else missing.push(id)
    }
    if (missing.length === 0) return found
    const [members, profiles] = await Promise.all([
      membersById(db, corpId, missing),
      profilesOf(db, corpId, missing),
    ])
    for (const { id, email, mobile, position } of members) {
      const profile = profiles.get(id)
      const details = {
        mail: profile?.bizMail || email,
        mobile,
        employeeNumber: profile ? employeeNumberOf(profile.attributes) : '',
        title: position,
        revision,
      }
      found.set(id, details)
      kept.set(`${corpId} ${id}`, details)
    }
    return found
  }
}
