import { LRUCache } from 'lru-cache'
import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { StoredMember } from '../../../organisation/directory/entities.ts'
import { fileIdOf } from '../../../organisation/directory/mirror/fragments.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { avatarLinks } from '../../../organisation/directory/read/avatars.ts'
import { membersById } from '../../../organisation/directory/store.ts'
import type { Core } from '../../../platform/core.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { Identity } from '../../../platform/http/visitor.ts'

const profileSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  corpName: Type.String(),
  departments: Type.Array(Type.String()),
  position: Type.String(),
  mobile: Type.String(),
  email: Type.String(),
  avatarUrl: Type.String(),
  roleLevel: Type.Number(),
  /** True when mobile or e-mail are missing and the person can let wisp read them from WeCom. */
  canConsent: Type.Boolean(),
})
export type Profile = Static<typeof profileSchema>

/** Rows as they were at a revision of their address book, which no other ever has. */
const rows = new LRUCache<string, Promise<StoredMember | undefined>>({ max: 10_000 })

function rowOf(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  { id }: Identity,
): Promise<StoredMember | undefined> {
  const at = `${ctx.mirrors.of(corpId).members.revision} ${id}`
  const known = rows.get(at)
  if (known) return known
  const row = membersById(ctx.db, corpId, [id]).then(found => found[0])
  rows.set(at, row)
  row.catch(() => rows.delete(at))
  return row
}

/** What wisp knows about the caller; the local administrator has only a name. */
export const myProfile = pageCall({
  method: 'GET',
  path: '/web/portal/me',
  access: person,
  directory: true,
  input: {},
  output: profileSchema,
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { visitor, corpId }): Promise<Profile> {
    const corp = ctx.corps.get(corpId)
    const common = { corpName: corp.name, roleLevel: visitor.roleLevel }
    const row = visitor.member && (await rowOf(ctx, visitor.corpId, visitor.member))
    if (!row) {
      const nothing = {
        departments: [],
        position: '',
        mobile: '',
        email: '',
        avatarUrl: '',
        canConsent: false,
      }
      return { ...common, ...nothing, userId: visitor.actor, userName: visitor.member?.name ?? visitor.actor }
    }
    const { tree } = ctx.mirrors.of(corpId)
    const hasSignIn = corp.agents.some(agent => agent.uses.includes('signin'))
    const fileId = fileIdOf(row)
    return {
      ...common,
      userId: row.userId,
      userName: row.name,
      departments: row.departments.flatMap(id => tree.get(id)?.department.name ?? []),
      position: row.position,
      mobile: row.mobile,
      email: row.email,
      avatarUrl: fileId ? avatarLinks(ctx).link(corpId, fileId) : '',
      canConsent: hasSignIn && (row.mobile === '' || row.email === ''),
    }
  },
})
