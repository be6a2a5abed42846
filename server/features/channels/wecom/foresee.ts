import { setImmediate } from 'node:timers/promises'
import type { Corp } from '../../../organisation/corps/corps.ts'
import { type MemberCore, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { level, seesMember, sightOf } from '../../../organisation/directory/permissions/sight.ts'
import type { Core } from '../../../platform/core.ts'
import { nextDayAt } from '../../../platform/operation/day.ts'
import type { WecomClient } from '../../../upstream/wecom/client.ts'
import type { ShapeValue } from '../../../upstream/wecom/shapes.ts'
import type { PlannedSend, Quota, SendForecast, Setups } from '../channel.ts'
import type { Reason } from '../reason.ts'
import { dayCap } from './hold.ts'
import { obstacleOf, type WecomObstacle } from './obstacle.ts'
import { heldByPace, sentToday } from './pace-store.ts'

type Needs = Core & { messageSettings: Setups; mirrors: Mirrors }

const membersAtOnce = 10_000

const outOfRange: WecomObstacle = { reason: { code: 'wecomOutOfRange' }, isTaken: false }

/** Members whom WeCom will refuse, by what the address book and the agent's visible range say, and what limits hold back. */
export async function foreseeByAgent(
  ctx: Needs,
  corp: Corp,
  agentId: number,
  { members, isAll, pieces }: PlannedSend,
): Promise<SendForecast> {
  const between = await obstaclesOf(ctx, corp, agentId)
  const lost = new Map<Reason, number>()
  const unseen = new Map<Reason, number>()
  for (const member of members) {
    const obstacle = between(member)
    if (!obstacle) continue
    const counts = obstacle.isTaken ? unseen : lost
    counts.set(obstacle.reason, (counts.get(obstacle.reason) ?? 0) + 1)
  }
  const keys = isAll ? ['@all'] : members.map(one => one.key)
  const held = await heldByPace(ctx.db, corp.corpId, agentId, keys, pieces, ctx.now())
  return {
    lost,
    unseen,
    pace:
      held.persons > 0
        ? { persons: isAll ? members.length : held.persons, until: new Date(held.until).toISOString() }
        : undefined,
    day: await quotaOf(ctx, corp.corpId, agentId, members.length * pieces),
  }
}

/** How many of these members WeCom takes a message to `@all` for. */
export async function countReachedByAgent(
  ctx: Needs,
  corp: Corp,
  agentId: number,
  members: Iterable<MemberCore>,
): Promise<number> {
  const between = await obstaclesOf(ctx, corp, agentId)
  let reached = 0
  let looked = 0
  for (const member of members) {
    if (between(member)?.isTaken ?? true) reached++
    // A million members would hold up everybody else.
    if (++looked % membersAtOnce === 0) await setImmediate()
  }
  return reached
}

/** What the address book and the agent's visible range tell of a message to a member. A message outside the range reaches nobody. */
async function obstaclesOf(ctx: Needs, corp: Corp, agentId: number) {
  const sees = await rangeOf(ctx, corp, agentId)
  return (member: MemberCore): WecomObstacle | undefined => {
    const obstacle = obstacleOf(member)
    return obstacle?.isTaken === false || sees(member) ? obstacle : outOfRange
  }
}

/** What is left of the daily quota for a send that needs so many person-times. */
async function quotaOf(ctx: Needs, corpId: string, agentId: number, needed: number): Promise<Quota> {
  const now = ctx.now()
  const cap = dayCap(ctx, corpId, ctx.mirrors.of(corpId).members.listed)
  const left = Math.max(0, cap - (await sentToday(ctx.db, corpId, agentId, now)))
  return { cap, left, needed, restAt: needed > left ? new Date(nextDayAt(now)).toISOString() : '' }
}

type AgentLookUp = { at: number; answer: Promise<ShapeValue<'agentGet'> | undefined> }

const asked = new WeakMap<WecomClient, AgentLookUp>()
const askAgainMs = 60_000
const answerWithinMs = 2000

/** Whether the agent sees a member. What nobody could tell is taken as seen: a forecast warns of what is known. */
async function rangeOf(ctx: Needs, corp: Corp, agentId: number): Promise<(member: MemberCore) => boolean> {
  const client = corp.agents.find(one => one.agentId === agentId)?.client
  const answer = client && (await askedOf(client, agentId, ctx.now()))
  return (answer && seenBy(answer, ctx.mirrors.of(corp.corpId))) ?? (() => true)
}

/** Asks WeCom once a minute at most, since a forecast is made at every pause in typing. */
function askedOf(client: WecomClient, agentId: number, now: number): AgentLookUp['answer'] {
  const known = asked.get(client)
  if (known && now - known.at < askAgainMs) return known.answer
  const { promise: timeUp, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, answerWithinMs, undefined)
  const call = client
    .agentGet(agentId)
    .catch(() => undefined)
    .finally(() => clearTimeout(timer))
  const answer = Promise.race([call, timeUp])
  asked.set(client, { at: now, answer })
  return answer
}

/** Undefined when the range names departments or tags that the address book does not have. */
function seenBy(
  { allow_partys, allow_tags, allow_userinfos }: ShapeValue<'agentGet'>,
  { tree, tags }: Mirror,
): ((member: MemberCore) => boolean) | undefined {
  const ofTags = (allow_tags?.tagid ?? []).map(id => tags.get(id))
  const departments = [...(allow_partys?.partyid ?? []), ...ofTags.flatMap(tag => tag?.departments ?? [])]
  if (ofTags.includes(undefined) || departments.some(id => !tree.get(id))) return undefined
  const keys = [
    ...(allow_userinfos?.user ?? []).map(one => userKey(one.userid)),
    ...ofTags.flatMap(tag => tag?.userKeys ?? []),
  ]
  const assignments = departments.map(departmentId => ({ departmentId, level: level.view }))
  const sight = sightOf(tree, assignments, new Set(keys))
  return member => seesMember(sight, tree, member)
}
