import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import type { Corps } from '../../corps/corps.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import type { Operation } from './plan.ts'
import { writeDirectory } from './writer.ts'

type Needs = Core & { corps: Corps; inbox: Inbox; mirrors: Mirrors }

const usersPerCall = 1000
const departmentsPerCall = 100

export type TagChange = {
  isAdding: boolean
  /** What the caller calls the lists of members and of departments. */
  fields: readonly [users: string, departments: string]
  /** As the caller spelt them. */
  userIds: readonly string[]
  orgIds: readonly string[]
  /** Those among them who exist and whom the caller may put into a tag, keyed as the caller spelt them. */
  users: ReadonlyMap<string, MemberCore>
  departments: ReadonlyMap<string, number>
}

/** As the caller spelt them. */
type Ids = { userIds: string[]; orgIds: string[] }

/**
 * `refused`: those who do not exist, whom the caller may not change, or whom WeCom refused. `changed`: those who were not in the
 * tag before and are now, or the other way round.
 */
export type TagResult = { refused: Ids; changed: Ids }

/** Puts members and departments into a tag or takes them out, at WeCom and here. Throws 1001 for nobody, and 1011. */
export async function changeTag(
  ctx: Needs,
  corpId: string,
  tagId: number,
  change: TagChange,
): Promise<TagResult> {
  const { users, departments, isAdding } = change
  if (change.userIds.length + change.orgIds.length === 0)
    throw new ApiError('missingParameter', {
      zh: told`${own(change.fields.join('、'))} 不能同时为空`,
      en: told`${own(change.fields.join(' or '))}`,
    })
  const refused = { userKeys: new Set<string>(), parties: new Set<number>() }
  const changed: TagMembers = { userKeys: [], parties: [] }
  const userIds = new Map([...users.values()].map(core => [core.key, core.userId]))
  for (const part of split([...userIds.values()], [...new Set([...departments.values()])])) {
    const { userKeys, parties, done } = await writePart(ctx, corpId, tagId, part, isAdding)
    for (const key of userKeys) refused.userKeys.add(key)
    for (const id of parties) refused.parties.add(id)
    changed.userKeys.push(...done.userKeys)
    changed.parties.push(...done.parties)
  }
  const changedKeys = new Set(changed.userKeys)
  const changedParties = new Set(changed.parties)
  return {
    refused: {
      userIds: change.userIds.filter(id => refused.userKeys.has(users.get(id)?.key ?? '') || !users.has(id)),
      orgIds: change.orgIds.filter(
        id => refused.parties.has(departments.get(id) ?? 0) || !departments.has(id),
      ),
    },
    changed: {
      userIds: change.userIds.filter(id => changedKeys.has(users.get(id)?.key ?? '')),
      orgIds: change.orgIds.filter(id => changedParties.has(departments.get(id) ?? 0)),
    },
  }
}

type Part = { userIds: string[]; parties: number[] }
type TagMembers = { userKeys: string[]; parties: number[] }

function split(userIds: string[], parties: number[]): Part[] {
  const count = Math.max(
    Math.ceil(userIds.length / usersPerCall),
    Math.ceil(parties.length / departmentsPerCall),
  )
  return Array.from({ length: count }, (_, n) => ({
    userIds: userIds.slice(n * usersPerCall, (n + 1) * usersPerCall),
    parties: parties.slice(n * departmentsPerCall, (n + 1) * departmentsPerCall),
  }))
}

/** Writes to WeCom first, then to the mirror; then reads the tag again, because others may be writing it too. */
async function writePart(ctx: Needs, corpId: string, tagId: number, part: Part, isAdding: boolean) {
  const { contact } = ctx.corps.get(corpId)
  try {
    const refused = await (isAdding
      ? contact.addTagUsers(tagId, part.userIds, part.parties)
      : contact.delTagUsers(tagId, part.userIds, part.parties))
    const userKeys = new Set(refused.invalidUsers.map(userKey))
    const parties = new Set(refused.invalidParties)
    const done = await writeToMirror(ctx, corpId, tagId, isAdding, {
      userKeys: part.userIds.map(userKey).filter(key => !userKeys.has(key)),
      parties: part.parties.filter(id => !parties.has(id)),
    })
    return { userKeys, parties, done }
  } catch (error) {
    // WeCom may have carried out the change, so the tag's current state is read again.
    if (error instanceof WecomUnavailable && error.ambiguous) await readAgain(ctx, corpId, tagId)
    throw upstreamError(error)
  }
}

/** Returns what changed here. */
async function writeToMirror(
  ctx: Core & { inbox: Inbox; mirrors: Mirrors },
  corpId: string,
  tagId: number,
  isAdding: boolean,
  done: TagMembers,
): Promise<TagMembers> {
  let changed: TagMembers = { userKeys: [], parties: [] }
  const change = <T>(present: T[], given: T[]) => {
    const named = new Set(given)
    return isAdding ? [...new Set([...present, ...given])] : present.filter(one => !named.has(one))
  }
  // This runs again if another write came in between, so that no addition is lost.
  const edits = (): Operation[] => {
    const tag = ctx.mirrors.of(corpId).tags.get(tagId)
    if (!tag) return []
    const [present, named] = [new Set(tag.userKeys), new Set(tag.departments)]
    changed = {
      userKeys: done.userKeys.filter(key => present.has(key) !== isAdding),
      parties: done.parties.filter(id => named.has(id) !== isAdding),
    }
    const userKeys = change(tag.userKeys, done.userKeys)
    const departments = change(tag.departments, done.parties)
    return [{ kind: 'tag', op: 'put', tag: { ...tag, userKeys, departments } }]
  }
  await writeDirectory(ctx, corpId, edits)
  await readAgain(ctx, corpId, tagId)
  return changed
}

/** Others may have changed the tag since, so the sync reads its current state from WeCom. */
async function readAgain(ctx: Core & { inbox: Inbox }, corpId: string, tagId: number): Promise<void> {
  const entity = `tag:${tagId}`
  await ctx.inbox.remind(ctx.db, { corpId, stream: 'directory', kind: 'read_again', entity, isHint: false })
}
