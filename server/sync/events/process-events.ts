import type { Core } from '../../core.ts'
import type { Corp } from '../../corps/corps.ts'
import { noteRegime } from '../../corps/noted.ts'
import { type UpstreamMember, userKey } from '../../directory/mirror/members.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { hasOpenSupplements, supplementEntity } from '../../directory/supplement/supplement-store.ts'
import { memberPut, type Operation } from '../../directory/write/plan.ts'
import { writeDirectory } from '../../directory/write/writer.ts'
import type { Words } from '../../http/words.ts'
import type { DueEvent } from '../../inbox/event-store.ts'
import * as store from '../../inbox/event-store.ts'
import { postpone as postponeEvents } from '../../inbox/postpone.ts'
import { describeError } from '../../operation/log.ts'
import { endAccess } from '../../people/access.ts'
import { holdLease, type Lease, LeaseLost } from '../../queue/queue-store.ts'
import { growingDelayMs } from '../../upstream/transport/retry.ts'
import { type ContactEvent, parseContactEvent } from '../../upstream/transport/xml.ts'
import { WecomError, WecomUnavailable } from '../../upstream/wecom/errors.ts'
import { failureWords } from '../failure.ts'
import { isForbiddenForContact, openSource, type Source } from '../runs/source.ts'
import type { Touched } from '../touched.ts'

type Needs = Core & { mirrors: Mirrors }

const batchEvents = 400
const parkAfter = 8
const delays = { first: 1000, longest: 300_000 }
/** How many characters of an error are stored. */
const errorAtMost = 500

/** All open events of one entity, in the order they arrived. */
type Group = { entity: string; events: DueEvent[] }

/**
 * The operations that one group leads to. `note` is set when WeCom would not show the entity. `again` lists entities whose
 * finished renames are reopened, because they may have been processed too early.
 */
type Outcome = { group: Group; operations: Operation[]; note?: Words; again?: string[] }

/** `unreachable`: WeCom answered to nothing that it was asked. */
export type Processed = { entities: number; unreachable?: WecomUnavailable | undefined }

/**
 * Processes the events that are due and returns how many entities they were about. Events are only a signal: WeCom is asked
 * once per entity for its current state, however many events there are. Results are written in the transaction that
 * finishes the events.
 */
export async function processEvents(
  ctx: Needs,
  corp: Corp,
  lease: Lease,
  touched: Touched,
): Promise<Processed> {
  const events = await store.dueEvents(
    ctx.db,
    { corpId: corp.corpId, stream: 'directory' },
    new Date(ctx.now()),
    batchEvents,
  )
  const groups = await withoutTooEarly(ctx, corp.corpId, groupByEntity(events), touched)
  if (groups.length === 0) return { entities: 0 }
  const source = openSource(ctx, corp)
  const results = await Promise.all(groups.map(group => readGroup(ctx, source, group, touched)))
  // If the corp is already known as restricted, this is just one refused call, and its events wait like any other.
  const isNews = corp.regime !== 'restricted'
  if (isNews && results.some(result => result instanceof Error && isForbiddenForContact(result))) {
    await noteRegime(ctx, corp, 'restricted')
    return { entities: groups.length }
  }
  const outcomes = results.filter(result => !(result instanceof Error)) as Outcome[]
  await apply(ctx, corp.corpId, lease, outcomes)
  for (const [index, result] of results.entries()) {
    if (result instanceof Error) await postpone(ctx, corp.corpId, groups[index]!, result)
  }
  const isUnanswered = results.every(result => result instanceof WecomUnavailable)
  return { entities: groups.length, unreachable: isUnanswered ? results[0] : undefined }
}

function groupByEntity(events: DueEvent[]): Group[] {
  const groups = new Map<string, Group>()
  for (const event of events) {
    const group = groups.get(event.entity)
    if (group) group.events.push(event)
    else groups.set(event.entity, { entity: event.entity, events: [event] })
  }
  return [...groups.values()]
}

/**
 * Anybody can send a hint, and each costs a call to WeCom, so they are limited to one per entity and second
 * (docs/interface/address-book.md#notice-of-changes).
 */
async function withoutTooEarly(
  ctx: Core,
  corpId: string,
  groups: Group[],
  touched: Touched,
): Promise<Group[]> {
  const isTooEarly = (group: Group) => {
    // After a clock was set back, the last read may lie in the future.
    const ago = ctx.now() - touched.lastRead(group.entity)
    return group.events.every(event => event.source === 'hint') && ago >= 0 && ago < 1000
  }
  const early = groups.filter(isTooEarly)
  if (early.length > 0) {
    await store.delayEvents(
      ctx.db,
      corpId,
      early.flatMap(group =>
        group.events.map(event => ({ id: event.id, at: new Date(touched.lastRead(group.entity) + 1000) })),
      ),
    )
  }
  return groups.filter(group => !isTooEarly(group))
}

async function readGroup(
  ctx: Core,
  source: Source,
  group: Group,
  touched: Touched,
): Promise<Outcome | Error> {
  if (group.entity === supplementEntity) return { group, operations: [{ kind: 'member', op: 'supplement' }] }
  touched.note(group.entity, ctx.now())
  try {
    const [kind, id = ''] = splitEntity(group.entity)
    if (kind === 'user') return await readUser(ctx, source, group, id, touched)
    if (kind === 'party') return await readParty(source, group, Number(id))
    if (kind === 'tag') return await readTag(source, group, Number(id))
    const note = {
      zh: '未知的事件类型，仅作记录',
      en: 'a type of event that is not known, kept as a record only',
    }
    return { group, operations: [], note }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function splitEntity(entity: string): [string, string?] {
  const cut = entity.indexOf(':')
  return cut < 0 ? [entity] : [entity.slice(0, cut), entity.slice(cut + 1)]
}

async function readUser(
  ctx: Core,
  source: Source,
  group: Group,
  key: string,
  touched: Touched,
): Promise<Outcome> {
  const told = group.events.flatMap(event =>
    event.plain ? [{ ...parseContactEvent(event.plain), receivedAt: event.receivedAt }] : [],
  )
  const renames = told.flatMap(renameOf)
  const operations: Operation[] = [...told.flatMap(departureOf), ...renames]
  const userIds = new Map([[key, told.at(-1)?.userId ?? key]])
  for (const { to } of renames) userIds.set(userKey(to), to)
  let note: Words | undefined
  const again: string[] = []
  for (const [one, userId] of userIds) {
    touched.note(`user:${one}`, ctx.now())
    const member = await source.member(userId)
    if (member === 'unknown') {
      note = unseen({ zh: '成员', en: 'member' })
      const own = fromEvents(told, one)
      if (own) operations.push(own)
    } else if (member) operations.push(memberPut(member))
    else {
      operations.push({ kind: 'member', op: 'drop', userId })
      // The member was renamed again or deleted; that event may have come first, when there was nobody to apply it to.
      if (one !== key) again.push(`user:${one}`)
    }
  }
  return { group, operations, again, ...(note ? { note } : {}) }
}

function unseen(what: Words): Words {
  return {
    zh: `该${what.zh}不在可见范围内（60011），保留原有资料`,
    en: `this ${what.en} is outside the visible range (60011): what was there before is kept`,
  }
}

const clockToleranceMs = 5000

type Told = ContactEvent & { receivedAt: Date }

function renameOf({ userId, newUserId, createTime }: Told) {
  if (!userId || !newUserId || userId === newUserId) return []
  return [{ kind: 'member', op: 'rename', from: userId, to: newUserId, at: timeOf(createTime) } as const]
}

/**
 * A deleted member has left even if WeCom knows the userid again: it then belongs to a new person, who inherits nothing.
 * `bornBefore` makes a repetition safe, because it spares a person who came after the event.
 */
function departureOf({ changeType, userId, createTime, receivedAt }: Told) {
  if (changeType !== 'delete_user' || !userId) return []
  const at = timeOf(createTime)
  const bornBefore = new Date(Math.min(receivedAt.getTime(), at.getTime() + clockToleranceMs))
  return [{ kind: 'member', op: 'leave', userId, at, bornBefore } as const]
}

function timeOf(seconds: number): Date {
  return new Date(seconds * 1000)
}

/** Where WeCom may not be asked, the event's own fields are all that is known (docs/interface/address-book.md#mirror). */
function fromEvents(events: ContactEvent[], key: string): Operation | undefined {
  const last = events.findLast(event => userKey(event.newUserId ?? event.userId ?? '') === key)
  if (!last?.userId) return undefined
  if (last.changeType === 'delete_user') return { kind: 'member', op: 'drop', userId: last.userId }
  if (!last.departments) return undefined
  const departments = last.departments
  const member: UpstreamMember = {
    userId: last.newUserId ?? last.userId,
    departments,
    mainDepartment: last.mainDepartment ?? departments[0] ?? 0,
    orders: departments.map(() => 0),
    leaderIn: departments.map((_, index) => last.isLeaderInDept?.[index] ?? 0),
    ...(last.name === undefined ? {} : { name: last.name }),
    ...(last.status === undefined ? {} : { status: last.status }),
  }
  return memberPut(member)
}

async function readParty(source: Source, group: Group, id: number): Promise<Outcome> {
  const department = await source.department(id)
  if (department === 'unknown')
    return { group, operations: [], note: unseen({ zh: '部门', en: 'department' }) }
  if (department) return { group, operations: [{ kind: 'department', op: 'put', department }] }
  return { group, operations: [{ kind: 'department', op: 'drop', id }] }
}

async function readTag(source: Source, group: Group, id: number): Promise<Outcome> {
  const tag = await source.tag(id)
  if (tag === 'unknown') return { group, operations: [], note: unseen({ zh: '标签', en: 'tag' }) }
  if (tag) return { group, operations: [{ kind: 'tag', op: 'put', tag }] }
  return { group, operations: [{ kind: 'tag', op: 'drop', id }] }
}

/** Leavers free their userid first, then renames move people to it; only then is it written who has which userid. */
const rank = { leave: 0, rename: 1, put: 2, drop: 3, supplement: 4 }

async function apply(ctx: Needs, corpId: string, lease: Lease, outcomes: Outcome[]): Promise<void> {
  if (outcomes.length === 0) return
  const operations = outcomes.flatMap(outcome => outcome.operations).sort((a, b) => rank[a.op] - rank[b.op])
  try {
    await writeDirectory(ctx, corpId, operations, async (tx, { ended }) => {
      await endAccess(tx, corpId, ended, new Date(ctx.now()))
      const isFilling = outcomes.some(({ group }) => group.entity === supplementEntity)
      const open = isFilling && (await hasOpenSupplements(tx, corpId)) ? supplementEntity : undefined
      await store.finishEvents(tx, corpId, doneBut(outcomes, open), new Date(ctx.now()))
      const again = outcomes.flatMap(outcome => outcome.again ?? [])
      if (again.length > 0) await store.reopenRenames(tx, corpId, again, new Date(ctx.now()))
      await holdLease(tx, lease)
    })
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    const [only, ...rest] = outcomes
    // An entity that cannot be written must not hold up the others, so they are tried one by one.
    if (rest.length > 0) for (const outcome of outcomes) await apply(ctx, corpId, lease, [outcome])
    else if (only) await postpone(ctx, corpId, only.group, error as Error)
  }
}

/** Leaves out the entity `open`, which needs more than one transaction: its event stays open. */
function doneBut(outcomes: Outcome[], open: string | undefined) {
  return outcomes.flatMap(({ group, note }) =>
    group.entity === open
      ? []
      : group.events.map(event => ({ id: event.id, hits: event.hits, ...(note ? { note } : {}) })),
  )
}

/**
 * Whether WeCom is unreachable or refuses calls. The event is not to blame for that, so it is retried for as long as it
 * takes.
 */
function isOutage(error: Error): boolean {
  if (error instanceof WecomUnavailable) return true
  return (
    error instanceof WecomError &&
    error.kind !== 'invalid' &&
    error.kind !== 'other' &&
    error.kind !== 'notFound'
  )
}

async function postpone(ctx: Core, corpId: string, group: Group, error: Error): Promise<void> {
  ctx.log.warn({ entity: group.entity, error: describeError(error).error }, 'contact event postponed')
  const why = failureWords(error, errorAtMost)
  await postponeEvents(
    ctx,
    corpId,
    group.events.map(event => {
      const attempts = event.attempts + 1
      const at = new Date(ctx.now() + growingDelayMs(event.attempts, delays))
      const parked = !isOutage(error) && attempts >= parkAfter
      return { id: event.id, at, error: why, attempts, parked }
    }),
  )
}
