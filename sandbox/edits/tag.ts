import type { Tag } from '../corp/records.ts'
import { type Input, integer, integers, strings, text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { CorpState } from '../state/state.ts'
import type { Edit, Editor } from './edit.ts'

/** tag/create (docs/upstream/wecom-directory.md#tags). WeCom does not call this back. */
export const createTag: Edit = (state, input, editor) => {
  const tagname = validName(state, input, undefined)
  const tagid = integer(input, 'tagid', 40068) ?? state.nextTagId()
  if (tagid < 1 || tagid > 0x7fffffff || state.tags.has(tagid)) throw new WecomError(40068)
  const tag = { tagid, tagname, users: new Set<number>(), parties: new Set<number>() }
  state.putTag(typeof editor === 'number' ? { ...tag, agentId: editor } : tag)
  return { answer: { errcode: 0, errmsg: 'created', tagid }, events: [] }
}

/** tag/update changes the name only. WeCom does not call this back. */
export const updateTag: Edit = (state, input, editor) => {
  const tag = own(state, input, editor)
  tag.tagname = validName(state, input, tag.tagid)
  return { answer: { errcode: 0, errmsg: 'updated' }, events: [] }
}

/** tag/delete. WeCom does not call this back. */
export const deleteTag: Edit = (state, input, editor) => {
  state.deleteTag(own(state, input, editor).tagid)
  return { answer: { errcode: 0, errmsg: 'deleted' }, events: [] }
}

/** tag/addtagusers. Invalid entries are listed in the answer; the call fails with 40031 when no entry is valid. */
export const addTagUsers: Edit = (state, input, editor) => {
  const { tag, users, parties, invalid } = targets(state, input, editor)
  const newUsers = users.filter(user => !tag.users.has(user.slot))
  const newParties = parties.filter(id => !tag.parties.has(id))
  for (const { slot } of newUsers) state.addTagUser(tag.tagid, slot)
  for (const id of newParties) tag.parties.add(id)
  return {
    answer: { errcode: 0, errmsg: 'ok', ...invalid },
    events: changed(tag.tagid, { addUsers: newUsers.map(user => user.userid), addParties: newParties }),
  }
}

/** tag/deltagusers, with the same treatment of invalid entries. */
export const deleteTagUsers: Edit = (state, input, editor) => {
  const { tag, users, parties, invalid } = targets(state, input, editor)
  const gone = users.filter(user => tag.users.has(user.slot))
  const goneParties = parties.filter(id => tag.parties.has(id))
  for (const { slot } of gone) state.removeTagUser(tag.tagid, slot)
  for (const id of goneParties) tag.parties.delete(id)
  return {
    answer: { errcode: 0, errmsg: 'deleted', ...invalid },
    events: changed(tag.tagid, { delUsers: gone.map(user => user.userid), delParties: goneParties }),
  }
}

interface Membership {
  addUsers?: string[]
  delUsers?: string[]
  addParties?: number[]
  delParties?: number[]
}

const changed = (tagid: number, lists: Membership) =>
  Object.values(lists).some(list => list.length > 0) ? [{ type: 'update_tag' as const, tagid, ...lists }] : []

function known(state: CorpState, input: Input): Tag {
  const tagid = integer(input, 'tagid', 40068)
  if (tagid === undefined) throw new WecomError(41017)
  const tag = state.tags.get(tagid)
  if (!tag) throw new WecomError(40068)
  return tag
}

/** The tag, if this editor may change it (81011): an agent those that it made, the contact secret all that no agent made. */
export function own(state: CorpState, input: Input, editor: Editor): Tag {
  const tag = known(state, input)
  const creator = tag.agentId ?? 'contact'
  if (editor !== 'console' && editor !== creator) throw new WecomError(81011)
  return tag
}

function validName(state: CorpState, input: Input, self: number | undefined): string {
  const name = text(input, 'tagname', 40071)
  if (name === undefined || name.trim() === '' || [...name].length > 32) throw new WecomError(40072)
  for (const tag of state.tags.values()) {
    if (tag.tagid !== self && tag.tagname === name) throw new WecomError(40071)
  }
  return name
}

function targets(state: CorpState, input: Input, editor: Editor) {
  const tag = own(state, input, editor)
  const userlist = strings(input, 'userlist', 40031) ?? []
  const partylist = integers(input, 'partylist', 40070) ?? []
  if (userlist.length === 0 && partylist.length === 0) throw new WecomError(40063)
  if (userlist.length > 1000 || partylist.length > 100) throw new WecomError(81014)
  const users = new Map<number, string>()
  const badUsers: string[] = []
  for (const userid of userlist) {
    const slot = state.slotOf(userid)
    if (slot === undefined) badUsers.push(userid)
    else users.set(slot, state.userids[slot]!)
  }
  const parties = [...new Set(partylist)].filter(id => state.departments.has(id))
  const badParties = partylist.filter(id => !state.departments.has(id))
  if (users.size === 0 && parties.length === 0) throw new WecomError(40031)
  return {
    tag,
    users: [...users].map(([slot, userid]) => ({ slot, userid })),
    parties,
    invalid: {
      ...(badUsers.length > 0 && { invalidlist: badUsers.join('|') }),
      ...(badParties.length > 0 && { invalidparty: badParties }),
    },
  }
}
