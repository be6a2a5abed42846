import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { ownTurn } from '../../../platform/operation/own-turn.ts'
import type { Tag } from '../entities.ts'
import { groupMembersAfter, isGroup } from '../group-sets-store.ts'
import type { MemberCore } from '../mirror/members.ts'
import type { DepartmentNode } from '../mirror/tree.ts'
import { seesGroup, seesTag } from '../permissions/data-scope.ts'
import { isEverything, seesMember } from '../permissions/sight.ts'
import { findDepartment, livingMember, namedMembers, type View, visibleMember } from './view.ts'

/** `toGroup` is missing where no group is named, so that requests of before are still the same. */
export type ReceiverInput = { toUser: string[]; toParty: string[]; toTag: string[]; toGroup?: string[] }

/** Who a message is for. Invalid ids keep the caller's spelling. */
export type Audience = {
  isAll: boolean
  members: MemberCore[]
  invalid: { users: string[]; parties: string[]; tags: string[]; groups?: string[]; places?: InvalidPlaces }
}

/** Places that a message named in vain; `as` is the field of the answer that names them. */
export type InvalidPlaces = { as: 'invalidrobot' | 'invalidchat'; ids: readonly string[] }

const all = '@all'

/**
 * Resolves the receivers that a caller named (docs/interface/messages.md#receivers). Throws 1000 and 1001, and 1007, 1005 or 1006
 * when none of them is known.
 */
export async function resolveAudience(ctx: Core, view: View, input: ReceiverInput): Promise<Audience> {
  const { toUser, toParty, toTag, toGroup = [] } = input
  if (toUser.length + toParty.length + toTag.length + toGroup.length === 0) {
    throw new ApiError('missingParameter', {
      zh: 'toUser、toParty、toTag、toGroup 至少填一个',
      en: 'at least one of toUser, toParty, toTag, toGroup is needed',
    })
  }
  if (toUser.includes(all)) {
    if (toUser.length > 1)
      throw new ApiError('badParameter', {
        zh: 'toUser 为 @all 时不能再填其他成员',
        en: 'toUser takes no other members with @all',
      })
    return { isAll: true, members: [], invalid: { users: [], parties: [], tags: [] } }
  }
  const members = new Map<number, MemberCore>()
  const add = (core: MemberCore) => members.set(core.id, core)
  const invalid = {
    users: await addUsers(ctx, view, toUser, add),
    parties: await refusedAmong(toParty, id => addDepartment(view, id, add)),
    tags: await refusedAmong(toTag, id => addTag(view, id, add)),
    ...(toGroup.length > 0
      ? { groups: await refusedAmong(toGroup, id => addGroup(ctx, view, id, add)) }
      : {}),
  }
  const isNobodyKnown =
    invalid.users.length === toUser.length &&
    invalid.parties.length === toParty.length &&
    invalid.tags.length === toTag.length &&
    (invalid.groups?.length ?? 0) === toGroup.length
  if (isNobodyKnown) {
    const [error, ids] = toUser.length
      ? (['unknownMember', toUser] as const)
      : toParty.length
        ? (['unknownDepartment', toParty] as const)
        : (['unknownTag', toTag.length ? toTag : toGroup] as const)
    throw new ApiError(error, told`${ids.slice(0, 20).join('|')}`)
  }
  return { isAll: false, members: [...members.values()], invalid }
}

async function addUsers(
  ctx: Core,
  view: View,
  userIds: string[],
  add: (core: MemberCore) => void,
): Promise<string[]> {
  const named = await namedMembers(ctx, view, userIds)
  for (const core of named.values()) add(core)
  return userIds.filter(userId => !named.has(userId))
}

async function refusedAmong(ids: string[], take: (id: string) => Promise<boolean>): Promise<string[]> {
  const refused: string[] = []
  for (const id of ids) if (!(await take(id))) refused.push(id)
  return refused
}

async function addDepartment(view: View, id: string, add: (core: MemberCore) => void): Promise<boolean> {
  const node = findDepartment(view, id)
  if (!node) return false
  await addBelow(view, node, add)
  return true
}

const groupMembersAtOnce = 10_000

/** After so many members others get their turn, because a department may have a million. */
const membersInTurn = 500

/** Adding somebody again changes nothing, so that members of several departments need no comparison. */
async function addBelow(view: View, node: DepartmentNode, add: (core: MemberCore) => void): Promise<void> {
  const { sight, mirror } = view
  const { tree, members } = mirror
  const seesAll = isEverything(sight)
  let inTurn = 0
  for (const { department } of tree.order.slice(node.index, node.end)) {
    // A copy, because the list may change while others have their turn.
    for (const core of [...members.direct(department.id)]) {
      if (seesAll || seesMember(sight, tree, core)) add(core)
      if (++inTurn % membersInTurn === 0) await ownTurn()
    }
  }
}

async function addTag(view: View, id: string, add: (core: MemberCore) => void): Promise<boolean> {
  const tag: Tag | undefined = /^\d{1,10}$/.test(id) ? view.mirror.tags.get(Number(id)) : undefined
  if (!tag || !seesTag(view.developer, tag.id)) return false
  for (const key of tag.userKeys) {
    const core = livingMember(view, key)
    if (core) add(core)
  }
  for (const departmentId of tag.departments) {
    const node = view.mirror.tree.get(departmentId)
    if (node) await addBelow(view, node, add)
  }
  return true
}

async function addGroup(
  ctx: Core,
  view: View,
  groupId: string,
  add: (core: MemberCore) => void,
): Promise<boolean> {
  const id = /^[1-9]\d{0,14}$/.test(groupId) ? Number(groupId) : undefined
  const { corpId } = view.developer
  if (id === undefined || !seesGroup(view.developer, id) || !(await isGroup(ctx.db, corpId, id))) return false
  for (let after = 0, isMore = true; isMore; ) {
    const ids = await groupMembersAfter(ctx.db, corpId, id, { after, limit: groupMembersAtOnce })
    for (const one of ids) {
      const core = visibleMember(view, view.mirror.members.byId(one))
      if (core) add(core)
    }
    isMore = ids.length === groupMembersAtOnce
    after = ids.at(-1) ?? after
  }
  return true
}
