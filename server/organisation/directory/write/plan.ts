import type { Core } from '../../../platform/core.ts'
import type { DirectorySize } from '../../corps/size-store.ts'
import type { Department, Tag, UpstreamMember } from '../entities.ts'
import type { FeedChange } from '../feed-store.ts'
import { isExternal, isListed, type MemberCore, userKey } from '../mirror/members.ts'
import { emptyPatch, type Mirror, type Patch } from '../mirror/mirror.ts'

/** Made by `memberPut`; `hash` is filled in by `memberHash`. */
export type MemberPutOperation = {
  readonly kind: 'member'
  readonly op: 'put'
  /** The userid in lower case. */
  readonly key: string
  readonly member: UpstreamMember
  hash: number | undefined
}

export function memberPut(member: UpstreamMember): MemberPutOperation {
  return {
    kind: 'member',
    op: 'put',
    key: userKey(member.userId),
    member,
    hash: undefined,
  }
}

/** One fact reported by upstream. Operations are applied in the given order. */
export type Operation =
  | { kind: 'department'; op: 'put'; department: Department }
  | { kind: 'department'; op: 'drop'; id: number }
  | MemberPutOperation
  | { kind: 'member'; op: 'drop'; userId: string }
  /** `at` is WeCom's time of the change, in whole seconds. */
  | { kind: 'member'; op: 'rename'; from: string; to: string; at: Date }
  /** The person left at some time; this drops only somebody who is known since before `bornBefore`. */
  | { kind: 'member'; op: 'leave'; userId: string; at: Date; bornBefore: Date }
  /** Takes over consents and imports stored since the last time (supplement.ts). */
  | { kind: 'member'; op: 'supplement' }
  | { kind: 'tag'; op: 'put'; tag: Tag }
  | { kind: 'tag'; op: 'drop'; id: number }

/** `departments`: the one where the person is, then all above it, since the tree of these is not in memory. */
export type ExternalPerson = { name: string; mobile: string; email: string; departments: readonly number[] }

/** What administrators say of somebody from outside WeCom (external.ts). */
export type ExternalOperation =
  | { kind: 'external'; op: 'put'; userId: string; person: ExternalPerson }
  /** `became`: the member who they are from now on, for whom the userid stands as after a rename. */
  | { kind: 'external'; op: 'drop'; userId: string; became?: number }

/** What a write will do to memory and to the change feed. */
export type Plan = {
  mirror: Mirror
  corpId: string
  at: Date
  patch: Patch
  changes: FeedChange[]
  /** Ids of members who were active and will be so no longer. */
  ended: number[]
  /** Ids of members whose rows are new. */
  arrived: number[]
}

export function newPlan(ctx: Core, mirror: Mirror): Plan {
  const at = new Date(ctx.now())
  return { mirror, corpId: mirror.corpId, at, patch: emptyPatch(), changes: [], ended: [], arrived: [] }
}

export function addChange(
  plan: Plan,
  change: Pick<FeedChange, 'kind' | 'op' | 'entityId'> & Partial<FeedChange>,
): void {
  const { kind, op, entityId, oldId = null, memberId = null } = change
  const { departmentsBefore = null, fields = null } = change
  plan.changes.push({ seq: 0, kind, op, entityId, oldId, memberId, departmentsBefore, fields })
}

type StatusOwner = Pick<MemberCore, 'status'> | undefined
const isMember = (core: StatusOwner): boolean => core !== undefined && !isExternal(core)

/** What the address book will hold when the plan is carried out, people from outside WeCom not counted. */
export function sizeAfter({ mirror, patch }: Plan): DirectorySize {
  let members = mirror.members.size
  let listed = mirror.members.listed
  for (const [key, after] of patch.members) {
    const before = mirror.members.byKey(key)
    members += Number(isMember(after)) - Number(isMember(before))
    listed +=
      Number(after !== undefined && isListed(after)) - Number(before !== undefined && isListed(before))
  }
  let departments = mirror.tree.order.length
  for (const [id, after] of patch.departments)
    departments += Number(after !== undefined) - Number(mirror.tree.get(id) !== undefined)
  let tags = mirror.tags.size
  for (const [id, after] of patch.tags) tags += Number(after !== undefined) - Number(mirror.tags.has(id))
  return { departments, members, listed, tags }
}

/** What the plan has made of an entity so far, or else what the mirror has. */
export function current(
  plan: Plan,
  key: string,
): Pick<MemberCore, 'id' | 'userId' | 'departments' | 'status' | 'hash'> | undefined {
  return plan.patch.members.has(key) ? plan.patch.members.get(key) : plan.mirror.members.byKey(key)
}
