/**
 * WeCom's answer counts, not the event. Events and hints say what to read. Only renames, departures, and fields under the
 * restrictions of 2022 are taken from them. The codes 60011 and 48009 prove nothing.
 */

import type { Core } from '../../../platform/core.ts'
import type { DueEvent } from '../../../platform/inbox/event-store.ts'
import * as store from '../../../platform/inbox/event-store.ts'
import { type Failure, type FailureReport, postpone } from '../../../platform/inbox/postpone.ts'
import { applyGroups } from '../../../platform/inbox/work.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { holdLease, type Lease } from '../../../platform/queue/queue-store.ts'
import type { Words } from '../../../platform/words.ts'
import { type ContactEvent, parseContactEvent } from '../../../upstream/transport/xml.ts'
import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import type { Corp } from '../../corps/corps.ts'
import { noteRegime } from '../../corps/noted.ts'
import type { UpstreamMember } from '../../directory/entities.ts'
import { userKey } from '../../directory/mirror/members.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { hasOpenSupplements, supplementEntity } from '../../directory/supplement/supplement-store.ts'
import { memberPut, type Operation } from '../../directory/write/plan.ts'
import { writeDirectory } from '../../directory/write/writer.ts'
import { failureWords } from '../failure.ts'
import { isForbiddenForContact, openSource, type Source } from '../runs/source.ts'
import type { ReadTimes } from '../touched.ts'
import { afterWrite } from './after-write.ts'

type Needs = Core & { offered: FeatureOffers } & { mirrors: Mirrors }

const batchEvents = 400
const telling: FailureReport = { log: 'contact event postponed', wordsOf: failureWords, isOutage }

/** All open events of one entity, in the order they arrived. */
type Group = { entity: string; events: DueEvent[] }

/**
 * The operations that one group leads to. `note` is set when WeCom would not show the entity. `again` lists entities whose
 * finished renames are reopened, because they may have been processed too early.
 */
type Outcome = Group & { operations: Operation[]; note?: Words; again?: string[] }

/** `unreachable`: WeCom answered to nothing that it was asked. */
export type ProcessResult = { entities: number; unreachable?: WecomUnavailable | undefined }

/**
 * Processes the events that are due and returns how many entities they were about. Events are only a signal: WeCom is asked
 * once per entity for its current state, however many events there are. Results are written in the transaction that
 * finishes the events.
 */
export async function processEvents(
  ctx: Needs,
  corp: Corp,
  lease: Lease,
  touched: ReadTimes,
): Promise<ProcessResult> {
  const { corpId } = corp
  const box = { corpId, stream: 'directory' } as const
  const events = await store.dueEvents(ctx.db, box, new Date(ctx.now()), batchEvents)
  const entities = Map.groupBy(events, event => event.entity)
  const due = Array.from(entities, ([entity, its]): Group => ({ entity, events: its }))
  const groups = await withoutTooEarly(ctx, corpId, due, touched)
  if (groups.length === 0) return { entities: 0 }
  const source = openSource(ctx, corp)
  const results = await Promise.all(groups.map(group => readGroup(ctx, source, group, touched)))
  const outcomes = results.filter(result => 'operations' in result)
  const failures = results.filter(result => 'error' in result)
  // If the corp is already known as restricted, this is just one refused call, and its events wait like any other.
  const isNews = corp.regime !== 'restricted'
  if (isNews && failures.some(({ error }) => isForbiddenForContact(error))) {
    await noteRegime(ctx, corp, 'restricted')
    return { entities: groups.length }
  }
  await applyGroups(ctx, lease, telling, outcomes, together => apply(ctx, lease, together))
  if (failures.length > 0) await postpone(ctx, lease, failures, telling)
  const silences = failures.flatMap(({ error }) => (error instanceof WecomUnavailable ? [error] : []))
  return { entities: groups.length, unreachable: silences.length === groups.length ? silences[0] : undefined }
}

/**
 * Anybody can send a hint, and each costs a call to WeCom, so they are limited to one per entity and second
 * (docs/interface/address-book.md#notice-of-changes).
 */
async function withoutTooEarly(
  ctx: Core,
  corpId: string,
  groups: Group[],
  touched: ReadTimes,
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
  touched: ReadTimes,
): Promise<Outcome | (Group & Failure)> {
  if (group.entity === supplementEntity)
    return { ...group, operations: [{ kind: 'member', op: 'supplement' }] }
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
    return { ...group, operations: [], note }
  } catch (error) {
    return { ...group, error: error instanceof Error ? error : new Error(String(error)) }
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
  touched: ReadTimes,
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
  return { ...group, operations, again, ...(note ? { note } : {}) }
}

function unseen(what: Words): Words {
  return {
    zh: `该${what.zh}不在可见范围内（60011），保留原有资料`,
    en: `this ${what.en} is outside the visible range (60011): what was there before is kept`,
  }
}

const clockToleranceMs = 5000

type MemberEvent = ContactEvent & { receivedAt: Date }

function renameOf({ userId, newUserId, createTime }: MemberEvent) {
  if (!userId || !newUserId || userId === newUserId) return []
  return [{ kind: 'member', op: 'rename', from: userId, to: newUserId, at: timeOf(createTime) } as const]
}

/**
 * A deleted member has left even if WeCom knows the userid again: it then belongs to a new person, who inherits nothing.
 * `bornBefore` makes a repetition safe, because it spares a person who came after the event.
 */
function departureOf({ changeType, userId, createTime, receivedAt }: MemberEvent) {
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
    return { ...group, operations: [], note: unseen({ zh: '部门', en: 'department' }) }
  if (department) return { ...group, operations: [{ kind: 'department', op: 'put', department }] }
  return { ...group, operations: [{ kind: 'department', op: 'drop', id }] }
}

async function readTag(source: Source, group: Group, id: number): Promise<Outcome> {
  const tag = await source.tag(id)
  if (tag === 'unknown') return { ...group, operations: [], note: unseen({ zh: '标签', en: 'tag' }) }
  if (tag) return { ...group, operations: [{ kind: 'tag', op: 'put', tag }] }
  return { ...group, operations: [{ kind: 'tag', op: 'drop', id }] }
}

/** Leavers free their userid first, then renames move people to it; only then is it written who has which userid. */
const rank = { leave: 0, rename: 1, put: 2, drop: 3, supplement: 4 }

async function apply(ctx: Needs, lease: Lease, outcomes: readonly Outcome[]): Promise<void> {
  const { corpId } = lease
  const operations = outcomes.flatMap(outcome => outcome.operations).sort((a, b) => rank[a.op] - rank[b.op])
  await writeDirectory(ctx, corpId, operations, async (tx, written) => {
    await afterWrite(ctx, tx, corpId, written)
    const isFilling = outcomes.some(({ entity }) => entity === supplementEntity)
    const open = isFilling && (await hasOpenSupplements(tx, corpId)) ? supplementEntity : undefined
    await store.finishEvents(tx, corpId, doneBut(outcomes, open), new Date(ctx.now()))
    const again = outcomes.flatMap(outcome => outcome.again ?? [])
    if (again.length > 0) await store.reopenRenames(tx, corpId, again, new Date(ctx.now()))
    await holdLease(tx, lease)
  })
}

/** Leaves out the entity `open`, which needs more than one transaction: its event stays open. */
function doneBut(outcomes: readonly Outcome[], open: string | undefined) {
  return outcomes.flatMap(({ entity, events, note }) =>
    entity === open ? [] : events.map(({ id, hits }) => ({ id, hits, ...(note ? { note } : {}) })),
  )
}

/** Whether WeCom is unreachable or refuses calls. */
function isOutage(error: Error): boolean {
  if (error instanceof WecomUnavailable) return true
  return (
    error instanceof WecomError &&
    error.kind !== 'invalid' &&
    error.kind !== 'other' &&
    error.kind !== 'notFound'
  )
}
