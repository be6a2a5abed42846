import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalIds } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Corps } from '../../corps/corps.ts'
import { userKey } from '../../directory/mirror/members.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { personSight, type Roles } from '../../directory/permissions/person.ts'
import { seesMember } from '../../directory/permissions/sight.ts'

const idsAtMost = 100

/**
 * The names of members who did something, for pages that keep their accounts. Graded administrators get those of administrators and of
 * the members that they see; whoever is unknown or not theirs to see is left out.
 */
export const namesOfActors = pageCall({
  method: 'GET',
  path: '/web/console/names',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: { ids: optionalIds('账号', { max: idsAtMost }) },
  output: Type.Object({ list: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) }),
  handle(ctx: Core & { corps: Corps; mirrors: Mirrors; roles: Roles }, { input, visitor, corpId }) {
    const { members, tree } = ctx.mirrors.of(corpId)
    const sight = personSight(tree, visitor)
    const list = (input.ids ?? []).flatMap(id => {
      const member = members.byKey(userKey(id))
      const isShown = member && (ctx.roles.of(member.id) !== undefined || seesMember(sight, tree, member))
      return isShown ? [{ id, name: member.name }] : []
    })
    return { list }
  },
})
