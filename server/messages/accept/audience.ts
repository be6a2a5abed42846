import type { Core } from '../../core.ts'
import { type MemberCore, membersBelow } from '../../directory/mirror/members.ts'
import type { DepartmentNode } from '../../directory/mirror/tree.ts'
import { seesTag } from '../../directory/permissions/data-scope.ts'
import { isEverything, seesMember } from '../../directory/permissions/sight.ts'
import { findDepartment, livingMember, namedMembers, type View } from '../../directory/read/view.ts'
import type { Tag } from '../../directory/store.ts'
import { ApiError } from '../../http/errors.ts'

export type ReceiverInput = { toUser: string[]; toParty: string[]; toTag: string[] }

/** Who a message is for. Invalid ids keep the caller's spelling. */
export type Audience = {
  isAll: boolean
  members: MemberCore[]
  invalid: { users: string[]; parties: string[]; tags: string[] }
}

const all = '@all'

/**
 * Resolves the receivers that a caller named (spec §5.1). Throws 1000 and 1001, and 1007, 1005 or 1006 when none of
 * them is known.
 */
export async function resolveAudience(ctx: Core, view: View, input: ReceiverInput): Promise<Audience> {
  const { toUser, toParty, toTag } = input
  if (toUser.length + toParty.length + toTag.length === 0) {
    throw new ApiError('missingParameter', {
      zh: 'toUser、toParty、toTag 至少填一个',
      en: 'at least one of toUser, toParty, toTag is needed',
    })
  }
  if (toUser.includes(all)) {
    if (toUser.length > 1)
      throw new ApiError('badParameter', {
        zh: 'toUser 为 @all 时不能再填其他成员',
        en: 'toUser takes no other members beside @all',
      })
    return { isAll: true, members: [], invalid: { users: [], parties: [], tags: [] } }
  }
  const members = new Map<number, MemberCore>()
  const add = (core: MemberCore) => members.set(core.id, core)
  const invalid = {
    users: await addUsers(ctx, view, toUser, add),
    parties: toParty.filter(id => !addDepartment(view, id, add)),
    tags: toTag.filter(id => !addTag(view, id, add)),
  }
  const isNobodyKnown =
    invalid.users.length === toUser.length &&
    invalid.parties.length === toParty.length &&
    invalid.tags.length === toTag.length
  if (isNobodyKnown) {
    const [error, ids] = toUser.length
      ? (['unknownMember', toUser] as const)
      : toParty.length
        ? (['unknownDepartment', toParty] as const)
        : (['unknownTag', toTag] as const)
    throw new ApiError(error, ids.slice(0, 20).join('|'))
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

function addDepartment(view: View, id: string, add: (core: MemberCore) => void): boolean {
  const node = findDepartment(view, id)
  if (!node) return false
  addBelow(view, node, add)
  return true
}

function addBelow(view: View, node: DepartmentNode, add: (core: MemberCore) => void): void {
  const { tree, members } = view.mirror
  const whole = { offset: 0, limit: Number.MAX_SAFE_INTEGER }
  const sees = isEverything(view.sight) ? undefined : (core: MemberCore) => seesMember(view.sight, tree, core)
  for (const core of membersBelow(tree, members, node, whole, sees).page) add(core)
}

function addTag(view: View, id: string, add: (core: MemberCore) => void): boolean {
  const tag: Tag | undefined = /^\d{1,10}$/.test(id) ? view.mirror.tags.get(Number(id)) : undefined
  if (!tag || !seesTag(view.developer, tag.id)) return false
  for (const key of tag.userKeys) {
    const core = livingMember(view, key)
    if (core) add(core)
  }
  for (const departmentId of tag.departments) {
    const node = view.mirror.tree.get(departmentId)
    if (node) addBelow(view, node, add)
  }
  return true
}
