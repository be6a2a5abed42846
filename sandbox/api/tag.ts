import { integer } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { Tag } from '../state/records.ts'
import type { CorpState } from '../state/state.ts'
import { commit } from '../state/world.ts'
import { type Call, ok } from './call.ts'
import { withoutToken } from './department.ts'

/** tag/* (upstream.md §2.3). */
export const tagCalls: readonly Call[] = [
  {
    method: 'GET',
    path: '/cgi-bin/tag/list',
    token: 'any',
    run: ({ world, caller }) => {
      const tags = [...world.state.tags.values()].filter(tag => caller.view.seesTag(tag.tagid))
      return { ...ok, taglist: tags.map(({ tagid, tagname }) => ({ tagid, tagname })) }
    },
  },
  {
    method: 'GET',
    path: '/cgi-bin/tag/get',
    token: 'any',
    run: ({ world, caller, input }) => {
      const tagid = integer(input, 'tagid', 40068)
      if (tagid === undefined) throw new WecomError(41017)
      const tag = world.state.tags.get(tagid)
      if (!tag) throw new WecomError(40068)
      const { view } = caller
      if (!view.seesTag(tagid)) throw new WecomError(60011)
      const users = [...tag.users].filter(slot => view.seesMember(slot))
      const partylist = [...tag.parties].filter(id => view.seesDepartment(id))
      return { ...ok, tagname: tag.tagname, userlist: tagUsers(world.state, users), partylist }
    },
  },
  ...(['tag/create', 'tag/update', 'tag/addtagusers', 'tag/deltagusers'] as const).map(
    (name): Call => ({
      method: 'POST',
      path: `/cgi-bin/${name}`,
      token: 'contact',
      run: ({ world, input }) => commit(world, name, input, false),
    }),
  ),
  {
    method: 'GET',
    path: '/cgi-bin/tag/delete',
    token: 'contact',
    run: ({ world, input }) => commit(world, 'tag/delete', withoutToken(input), false),
  },
]

function tagUsers(state: CorpState, slots: Iterable<number>): { userid: string; name: string }[] {
  return Array.from(slots, slot => {
    const { userid, name } = state.member(slot)
    return { userid, name }
  })
}

/** A tag as tag/get answers it to the contact secret, with the id added. */
export function wireTag(state: CorpState, { tagid, tagname, users, parties }: Tag) {
  return { tagid, tagname, userlist: tagUsers(state, users), partylist: [...parties] }
}
