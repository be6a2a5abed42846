import { own } from '../edits/tag.ts'
import { integer, integers, strings } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import { tagUsers } from '../state/wire.ts'
import { type Call, type CallRequest, editorOf, ok } from './call.ts'
import { withoutToken } from './department.ts'

/**
 * tag/* (docs/upstream/wecom-directory.md#tags, docs/sandbox-fidelity.md): every secret lists all tags, and sees in each what is
 * in its range.
 */
export const tagCalls: readonly Call[] = [
  {
    method: 'GET',
    path: '/cgi-bin/tag/list',
    token: 'any',
    run: ({ world }) => ({
      ...ok,
      taglist: Array.from(world.state.tags.values(), ({ tagid, tagname }) => ({ tagid, tagname })),
    }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/tag/get',
    token: 'any',
    run: ({ world, caller: { view }, input }) => {
      const tagid = integer(input, 'tagid', 40068)
      if (tagid === undefined) throw new WecomError(41017)
      const tag = world.state.tags.get(tagid)
      if (!tag) throw new WecomError(40068)
      const users = [...tag.users].filter(slot => view.seesMember(slot))
      const partylist = [...tag.parties].filter(id => view.seesDepartment(id))
      return { ...ok, tagname: tag.tagname, userlist: tagUsers(world.state, users), partylist }
    },
  },
  ...(['tag/create', 'tag/update'] as const).map(
    (name): Call => ({
      method: 'POST',
      path: `/cgi-bin/${name}`,
      token: 'any',
      run: ({ world, caller, input }) => world.commit(name, input, editorOf(caller)),
    }),
  ),
  ...(['tag/addtagusers', 'tag/deltagusers'] as const).map(
    (name): Call => ({
      method: 'POST',
      path: `/cgi-bin/${name}`,
      token: 'any',
      run: ask => editMembers(ask, name),
    }),
  ),
  {
    method: 'GET',
    path: '/cgi-bin/tag/delete',
    token: 'any',
    run: ({ world, caller, input }) => world.commit('tag/delete', withoutToken(input), editorOf(caller)),
  },
]

/** For an agent, members and departments outside its range are as good as unknown. */
function editMembers(ask: CallRequest, name: 'tag/addtagusers' | 'tag/deltagusers'): Record<string, unknown> {
  const { world, caller, input } = ask
  const { view } = caller
  const isHidden = (userid: string): boolean => {
    const slot = world.state.slotOf(userid)
    return slot !== undefined && !view.seesMember(slot)
  }
  const users = strings(input, 'userlist', 40031) ?? []
  const parties = integers(input, 'partylist', 40031) ?? []
  const hiddenUsers = users.filter(isHidden)
  const hiddenParties = parties.filter(id => world.state.departments.has(id) && !view.seesDepartment(id))
  const editor = editorOf(caller)
  if (hiddenUsers.length + hiddenParties.length === 0) return world.commit(name, input, editor)
  const userlist = users.filter(userid => !hiddenUsers.includes(userid))
  const partylist = parties.filter(id => !hiddenParties.includes(id))
  own(world.state, input, editor)
  if (userlist.length + partylist.length === 0) throw new WecomError(40031)
  const answer = world.commit(name, { ...input, userlist, partylist }, editor)
  const invalidlist = [answer['invalidlist'], ...hiddenUsers].filter(Boolean).join('|')
  const invalidparty = [...((answer['invalidparty'] as number[] | undefined) ?? []), ...hiddenParties]
  return {
    ...answer,
    ...(invalidlist !== '' && { invalidlist }),
    ...(invalidparty.length > 0 && { invalidparty }),
  }
}
