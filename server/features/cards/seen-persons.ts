import { isListed, type MemberCore, userKey } from '../../organisation/directory/mirror/members.ts'
import { isEverything, seesMember } from '../../organisation/directory/permissions/sight.ts'
import type { View } from '../../organisation/directory/read/view.ts'

type Person = { memberId: number | null; userId: string }

/** A person as they are called now; `core` is missing for somebody who left, or whom the address book does not know. */
export type SeenPerson = { userId: string; core: MemberCore | undefined }

/**
 * Finds persons as this view shows them: by their present userid. Undefined for those outside the data scope, and, within one, for
 * those who left: nobody can say any more whether they were in it.
 */
export function seenPersons({ mirror, tree, sight }: View): (person: Person) => SeenPerson | undefined {
  return ({ memberId, userId }) => {
    const { members } = mirror
    // Whom the address book did not know when they pressed, such as under a new userid, it may know now.
    const found = memberId === null ? members.byKey(userKey(userId)) : members.byId(memberId)
    const core = found && isListed(found) ? found : undefined
    if (!core) return isEverything(sight) ? { userId, core: undefined } : undefined
    return seesMember(sight, tree, core) ? { userId: core.userId, core } : undefined
  }
}
