import type { Member } from '../corp/records.ts'
import { type Input, strings, text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { CorpState } from '../state/state.ts'
import { type WireMember, wireMember } from '../state/wire.ts'
import type { Edit } from './edit.ts'
import { applyFields } from './user-fields.ts'

/** user/create (docs/upstream/wecom-directory.md#writing-members); without `department` the member joins the root. */
export const createUser: Edit = (state, input, editor) => {
  const userid = validUserid(input, 'userid')
  if (state.slotOf(userid) !== undefined) throw new WecomError(60102)
  const blank: Member = {
    slot: -1,
    userid,
    name: '',
    department: [],
    order: [],
    is_leader_in_dept: [],
    direct_leader: [],
    main_department: 0,
    position: '',
    mobile: '',
    gender: '0',
    email: '',
    biz_mail: '',
    hasAvatar: false,
    telephone: '',
    alias: '',
    address: '',
    extattr: [],
    status: 4,
  }
  if (input['name'] === undefined) throw new WecomError(60112, 'name missing')
  const member = applyFields(state, blank, { department: [1], ...input }, editor)
  if (!member.mobile && !member.email) throw new WecomError(60129)
  member.slot = state.newSlot()
  state.putMember(member)
  return {
    answer: { errcode: 0, errmsg: 'created' },
    events: [{ type: 'create_user', member: wireMember(state, member, '') }],
  }
}

/** user/update; fields that are missing stay unchanged. Only `user/rename` of the console changes a userid. */
export const updateUser: Edit = (state, input, editor) => {
  const slot = known(state, input)
  if (input['new_userid'] !== undefined) throw new WecomError(40058, 'new_userid')
  const member = state.member(slot)
  const before = wireMember(state, member, '')
  const next = applyFields(state, member, input, editor)
  if (!next.mobile && !next.email && (member.mobile || member.email)) throw new WecomError(60129)
  const changed = differences(before, wireMember(state, next, ''))
  const answer = { errcode: 0, errmsg: 'updated' }
  if (Object.keys(changed).length === 0) return { answer, events: [] }
  state.putMember(next)
  return {
    answer,
    events: [{ type: 'update_user', userid: member.userid, departments: next.department, changed }],
  }
}

/** user/delete. The member is also removed from its tags, which WeCom does not call back. */
export const deleteUser: Edit = (state, input) => {
  const slot = known(state, input)
  const userid = state.userids[slot]!
  state.deleteMember(slot)
  return { answer: { errcode: 0, errmsg: 'deleted' }, events: [{ type: 'delete_user', userid }] }
}

/** user/batchdelete of at most 200 members. Unknown userids are ignored unless all of them are unknown. */
export const batchDeleteUsers: Edit = (state, input) => {
  const list = strings(input, 'useridlist', 40031) ?? []
  if (list.length === 0) throw new WecomError(40031)
  if (list.length > 200) throw new WecomError(40032)
  const slots = new Set(list.flatMap(userid => state.slotOf(userid) ?? []))
  if (slots.size === 0) throw new WecomError(60111)
  const events = [...slots].map(slot => ({ type: 'delete_user' as const, userid: state.userids[slot]! }))
  for (const slot of slots) state.deleteMember(slot)
  return { answer: { errcode: 0, errmsg: 'deleted' }, events }
}

/** The console's change of a userid. The person keeps its slot, and the old userid becomes free for somebody else. */
export const renameUser: Edit = (state, input) => {
  const slot = known(state, input)
  const newUserid = validUserid(input, 'new_userid')
  const owner = state.slotOf(newUserid)
  if (owner !== undefined && owner !== slot) throw new WecomError(60102)
  const member = state.member(slot)
  const { userid } = member
  const answer = { errcode: 0, errmsg: 'updated' }
  if (userid === newUserid) return { answer, events: [] }
  state.putMember({ ...member, userid: newUserid })
  return {
    answer,
    events: [{ type: 'update_user', userid, newUserid, departments: member.department, changed: {} }],
  }
}

function known(state: CorpState, input: Input): number {
  const userid = text(input, 'userid', 40003)
  if (!userid) throw new WecomError(41009)
  const slot = state.slotOf(userid)
  if (slot === undefined) throw new WecomError(60111)
  return slot
}

function validUserid(input: Input, key: string): string {
  const userid = text(input, key, 40003)
  if (!userid) throw new WecomError(41009)
  if (!/^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/.test(userid)) throw new WecomError(40003)
  return userid
}

function differences(before: WireMember, after: WireMember): Partial<WireMember> {
  const names = (Object.keys(after) as (keyof WireMember)[]).filter(
    name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  return Object.fromEntries(names.map(name => [name, after[name]])) as Partial<WireMember>
}
