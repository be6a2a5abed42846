import { isDeepStrictEqual } from 'node:util'
import { ownTurn } from '../../platform/operation/own-turn.ts'
import { isHere, userKey } from '../directory/mirror/members.ts'
import { checkGroup, type GroupNeeds, type GroupSettings, knownGroup } from './groups.ts'
import { factsAfter, idsAmong } from './membership-store.ts'
import { decidersOf, groundOf } from './settle.ts'

/** What a group would become, before it is saved. */
export type GroupPreview = {
  /** How many members there would be, come and go, among those that were looked at. */
  members: number
  comes: number
  goes: number
  /** Ids of the first of them. */
  coming: number[]
  going: number[]
  /** How many members were looked at, and whether these were all. */
  looked: number
  isWhole: boolean
}

const pageSize = 2000
const namedAtMost = 50
/** More are not looked at: the page waits for it. */
const lookedAtMost = 200_000

/** Says who would come and go. `id` is undefined for a group that is not there yet. Throws as saving it would. */
export async function previewGroup(
  ctx: GroupNeeds,
  corpId: string,
  id: number | undefined,
  given: GroupSettings,
): Promise<GroupPreview> {
  const mirror = await ctx.mirrors.load(corpId)
  const stored = id === undefined ? undefined : await knownGroup(ctx.db, corpId, id)
  const isKept = stored !== undefined && isDeepStrictEqual(stored.rule, given.rule)
  const { rule } = await checkGroup(ctx, mirror, given, isKept ? stored.rule : undefined)
  const [decider] = decidersOf([{ id: 0, version: 0, rule }], groundOf(ctx, mirror))
  const listed = new Set(given.userIds.map(userKey))
  const found: GroupPreview = {
    members: 0,
    comes: 0,
    goes: 0,
    coming: [],
    going: [],
    looked: 0,
    isWhole: false,
  }
  for (let after = 0; found.looked < lookedAtMost; ) {
    const page = await factsAfter(ctx.db, corpId, after, pageSize)
    const ids = page.map(one => one.id)
    const isIn = new Set(id === undefined ? [] : await idsAmong(ctx.db, corpId, id, ids))
    for (const facts of page) {
      const will = isHere(facts) && (listed.has(facts.userKey) || decider?.matches(facts) === true)
      note(found, facts.id, { will, was: isIn.has(facts.id) })
      if (isHere(facts)) found.looked++
    }
    if (page.length < pageSize) {
      found.isWhole = true
      break
    }
    after = ids.at(-1) ?? after
    await ownTurn()
  }
  return found
}

function note(found: GroupPreview, id: number, { will, was }: { will: boolean; was: boolean }): void {
  if (will) found.members++
  if (will && !was) {
    found.comes++
    if (found.coming.length < namedAtMost) found.coming.push(id)
  }
  if (was && !will) {
    found.goes++
    if (found.going.length < namedAtMost) found.going.push(id)
  }
}
