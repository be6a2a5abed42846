import { hash } from 'node:crypto'
import type { Department, Tag, UpstreamMember } from '../entities.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { ExternalOperation, MemberPutOperation, Operation } from './plan.ts'

/** A cheap comparison in memory, at which most of a full sync ends. */
export function differs(mirror: Mirror, operation: Operation | ExternalOperation): boolean {
  switch (operation.kind) {
    case 'external':
      return true
    case 'department':
      return operation.op === 'drop'
        ? mirror.tree.get(operation.id) !== undefined
        : !isSameDepartment(mirror.tree.get(operation.department.id)?.department, operation.department)
    case 'tag':
      return operation.op === 'drop'
        ? mirror.tags.has(operation.id)
        : !isSameTag(mirror.tags.get(operation.tag.id), operation.tag)
    case 'member':
      if (operation.op === 'rename' || operation.op === 'leave' || operation.op === 'supplement') return true
      if (operation.op === 'drop') return mirror.members.byKey(userKey(operation.userId)) !== undefined
      return !isSameMember(mirror.members.byKey(operation.key), operation)
  }
}

function isSameDepartment(a: Department | undefined, b: Department): boolean {
  if (!a || a.name !== b.name || a.parentId !== b.parentId || a.sortNo !== b.sortNo) return false
  return a.leaders.join('|') === b.leaders.join('|')
}

function isSameTag(a: Tag | undefined, b: Tag): boolean {
  if (!a || a.name !== b.name || a.userKeys.length !== b.userKeys.length) return false
  if (a.departments.length !== b.departments.length) return false
  const keys = new Set(a.userKeys)
  return b.userKeys.every(key => keys.has(key)) && b.departments.every(id => a.departments.includes(id))
}

export function isSameMember(
  core: Pick<MemberCore, 'hash' | 'userId'> | undefined,
  put: MemberPutOperation,
): boolean {
  return core !== undefined && core.userId === put.member.userId && core.hash === memberHash(put)
}

/** The hash is computed once, preferably before a write begins, because everybody waits for writes. */
export function memberHash(put: MemberPutOperation): number {
  put.hash ??= hashOf(put.member)
  return put.hash
}

/** 48 bits of SHA-1 over every field, which a number holds exactly. A change is missed once in about 10^14. */
function hashOf(member: UpstreamMember): number {
  const fields = [
    member.userId,
    member.name,
    member.alias,
    member.mobile,
    member.email,
    member.sex,
    member.avatar,
    member.address,
    member.position,
    member.status,
    member.mainDepartment,
    member.departments,
    member.orders,
    member.leaderIn,
    member.directLeaders,
    // Most members have none, and their hashes stay those of the time before attributes were read.
    ...(member.attributes?.length ? [member.attributes] : []),
    ...(member.bizMail ? [{ bizMail: member.bizMail }] : []),
  ]
  return Number.parseInt(hash('sha1', JSON.stringify(fields)).slice(0, 12), 16)
}
