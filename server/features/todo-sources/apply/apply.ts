/**
 * Pushes about one flow of an OA are applied one after the other, under an advisory lock, because a to-do that is still missing
 * has no row. The order is that of the sender's times or, without any, of arrival. The end of a to-do that has not come yet
 * waits for it. What is not understood is kept in the same transaction.
 *
 * A push of an OA, such as `POST /api/todo/source/<key>/rest/ofs/…`: `routes.ts` (which source, its addresses) →
 * `weaver/answer.ts` (encoding, JSON, XML or SOAP) → `weaver/read.ts` (what it says of a to-do) → this file (persons; the
 * flow's lock, then todos/put-todos.ts) → the vendor's words.
 */

import type { Db } from '../../../platform/storage/db.ts'
import { todosById } from '../../todos/store.ts'
import type { WritingTodos } from '../../todos/tell-of-todos.ts'
import { NotUnderstood } from '../reason.ts'
import type { Item } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import { notePushed } from '../source-store.ts'
import { keep, printOf } from '../unrecognised/keep.ts'
import { deletePrints, deleteUnrecognised, waitingOfFlow } from '../unrecognised/store.ts'
import { type Change, isGroup, type Outcome, type Put, type Turn } from './change.ts'
import { flowOf } from './flow.ts'
import { type Person, personsOf } from './persons.ts'
import { lockFlows, pushedByTodo, pushedOfFlow } from './pushed-store.ts'
import { type Arrival, put, type Receiver, type Written } from './put.ts'
import type { Reader } from './reader.ts'
import { isMeant, turn, turnOne } from './turn.ts'

export type Applying = WritingTodos

/** What became of an item: of each receiver's to-do, and what of it was not understood. */
export type Result = { outcomes: Outcome[]; refusals: NotUnderstood[] }

type Job = { call: string; item: Item; change: Change | NotUnderstood }

/** Applies what a push says, all in one transaction; what is not understood of it is kept and keeps nothing else out. */
export async function applyItems(
  ctx: Applying,
  source: SourceOfApp,
  reader: Reader,
  call: string,
  items: readonly Item[],
): Promise<Result[]> {
  const at = new Date(ctx.now())
  const jobs = items.map((item): Job => ({ call, item, change: readOne(reader, source, call, item) }))
  const persons = await personsOf(ctx, source, jobs.flatMap(valuesOf))
  const flows = jobs.flatMap(({ change }) => (change instanceof NotUnderstood ? [] : [flowOf(change.flow)]))
  const results = await withoutDeadlock(() =>
    ctx.db.transaction().execute(async tx => {
      await lockFlows(tx, source.corpId, source.id, flows)
      const results: Result[] = []
      for (const job of jobs) results.push(await applyJob(tx, ctx, source, reader, job, persons, at))
      return results
    }),
  )
  await notePushed(ctx.db, source.corpId, source.id, at)
  return results
}

export function readOne(
  reader: Reader,
  source: SourceOfApp,
  call: string,
  item: Item,
): Change | NotUnderstood {
  try {
    return reader.read(source, call, item)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return error
  }
}

export function valuesOf({ change }: Pick<Job, 'change'>): string[] {
  if (change instanceof NotUnderstood) return []
  const receivers = change.receivers === 'all' ? [] : change.receivers
  return change.how === 'put' ? [...receivers, change.sender.value] : [...receivers]
}

/** Another node may write the same to-dos by the API, in another order. */
async function withoutDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left--)
    try {
      return await work()
    } catch (error) {
      const deadlock = '40P01'
      if (left === 0 || !(error instanceof Error && 'code' in error && error.code === deadlock)) throw error
    }
}

async function applyJob(
  tx: Db,
  ctx: Applying,
  source: SourceOfApp,
  reader: Reader,
  { call, item, change }: Job,
  persons: ReadonlyMap<string, Person>,
  at: Date,
): Promise<Result> {
  if (change instanceof NotUnderstood) {
    await keep(tx, ctx, source, { call, item, why: change }, at)
    return { outcomes: [], refusals: [change] }
  }
  const done = await applyChange(tx, ctx, source, reader, change, persons, {
    flow: flowOf(change.flow),
    arrivedAt: at,
    at,
  })
  for (const { receiver, why } of done.left) {
    const left = receiver === undefined ? item : reader.only(item, receiver)
    await keep(tx, ctx, source, { call, item: left, why, flow: flowOf(change.flow) }, at)
  }
  const prints = done.understood === 'all' ? [item] : done.understood.map(one => reader.only(item, one))
  await deletePrints(
    tx,
    source.corpId,
    source.id,
    prints.map(one => printOf(call, one)),
  )
  const refusals = done.left.filter(({ why }) => why.reason !== 'noTodo').map(({ why }) => why)
  return { outcomes: done.outcomes, refusals }
}

type Left = { receiver: string | undefined; why: NotUnderstood }

export type Applied = {
  outcomes: Outcome[]
  /** Receivers for whom nothing is left to do. */
  understood: string[] | 'all'
  /** What is to be kept; without a receiver it is all of the item. */
  left: Left[]
}

/** In the caller's transaction, which has locked the flow. */
export async function applyChange(
  tx: Db,
  ctx: Applying,
  source: SourceOfApp,
  reader: Reader,
  change: Change,
  persons: ReadonlyMap<string, Person>,
  arrival: Arrival,
): Promise<Applied> {
  if (change.how === 'put') return applyPut(tx, ctx, source, reader, change, persons, arrival)
  const named = await formerOf(tx, source, change, arrival)
  const { known, left } = split(change.receivers === 'all' ? [] : change.receivers, persons, named)
  if (change.receivers !== 'all' && known.length === 0) return { outcomes: [], understood: [], left }
  const receivers = change.receivers === 'all' ? 'all' : known
  const { outcomes, absent, isNowhere } = await turn(tx, ctx, source, change, receivers, arrival)
  const gone = new Set(absent.map(one => one.value))
  const waiting = absent.map(({ value }) => ({ receiver: value, why: new NotUnderstood('noTodo', value) }))
  if (receivers !== 'all')
    return {
      outcomes,
      understood: known.map(one => one.value).filter(value => !gone.has(value)),
      left: [...left, ...waiting],
    }
  if (!isNowhere) return { outcomes, understood: 'all', left: [] }
  const why = new NotUnderstood('noTodo', change.flow.at(-1) ?? '')
  return { outcomes, understood: [], left: [{ receiver: undefined, why }] }
}

async function applyPut(
  tx: Db,
  ctx: Applying,
  source: SourceOfApp,
  reader: Reader,
  change: Put,
  persons: ReadonlyMap<string, Person>,
  arrival: Arrival,
): Promise<Applied> {
  const sender = persons.get(change.sender.value)
  if (change.sender.isRequired && !isMember(sender) && !source.takesUnknownSender) {
    const why = new NotUnderstood('unknownSender', change.sender.value)
    return { outcomes: [], understood: [], left: [{ receiver: undefined, why }] }
  }
  const { known, left } = split(change.receivers, persons, await formerOf(tx, source, change, arrival))
  const name = isMember(sender) ? sender.name : change.content.sender || change.sender.value
  const written = await put(tx, ctx, source, change, name, known, arrival)
  for (const [index, one] of written.entries())
    if (one.todo.state === 'open' && (one.outcome === 'created' || one.outcome === 'updated'))
      await applyWaiting(tx, ctx, source, reader, one.todo, known[index]!, arrival)
  return { outcomes: written.map(one => one.outcome), understood: known.map(one => one.value), left }
}

function isMember(person: Person | undefined): person is Exclude<Person, string> {
  return typeof person === 'object'
}

/**
 * Whose the to-dos are that are there already, by what the sender called their persons: who has left, or shares a number now, still has
 * what they had.
 */
async function formerOf(
  tx: Db,
  { corpId, id }: SourceOfApp,
  { names }: Change,
  { flow }: Arrival,
): Promise<Map<string, number>> {
  const pushed = (await pushedOfFlow(tx, corpId, id, flow)).filter(one => isMeant(names, one.names))
  const todos = await todosById(
    tx,
    corpId,
    pushed.map(one => one.todoId),
  )
  const memberOf = new Map(todos.map(todo => [todo.id, todo.memberId]))
  return new Map(
    pushed.flatMap(({ receiver, todoId }) => {
      const memberId = memberOf.get(todoId)
      return memberId === undefined ? [] : [[receiver, memberId] as const]
    }),
  )
}

function split(
  values: readonly string[],
  persons: ReadonlyMap<string, Person>,
  former: ReadonlyMap<string, number>,
) {
  const known = new Map<number, Receiver>()
  const left: Left[] = []
  for (const value of new Set(values)) {
    const person = persons.get(value) ?? 'unknown'
    const memberId = isMember(person) ? person.id : former.get(value)
    if (memberId !== undefined) known.set(memberId, { value, memberId })
    else {
      const reason = person === 'doubled' ? 'doubledReceiver' : 'unknownReceiver'
      left.push({ receiver: value, why: new NotUnderstood(isGroup(value) ? 'notAPerson' : reason, value) })
    }
  }
  return { known: [...known.values()], left }
}

/** Clocks of two machines differ, and some senders tell the time to the minute. */
const slackMs = 600_000

/** What came before its to-do, because it was quicker or had been lost, is applied to the to-do when that comes. */
async function applyWaiting(
  tx: Db,
  ctx: Applying,
  source: SourceOfApp,
  reader: Reader,
  todo: Written['todo'],
  receiver: Receiver,
  arrival: Arrival,
): Promise<void> {
  const { corpId, id } = source
  for (const kept of await waitingOfFlow(tx, corpId, id, arrival.flow)) {
    const change = kept.item && readOne(reader, source, kept.call, kept.item)
    if (!change || change instanceof NotUnderstood || change.how === 'put') continue
    if (change.receivers !== 'all' && !change.receivers.includes(receiver.value)) continue
    const [pushed] = (await pushedByTodo(tx, corpId, id, [todo.id])).values()
    const [now] = await todosById(tx, corpId, [todo.id])
    if (!pushed || !now || !isMeant(change.orNames ?? change.names, pushed.names)) continue
    if (isBefore(change, todo, kept.firstAt)) {
      if (change.receivers !== 'all') await deleteUnrecognised(tx, corpId, [kept.id])
      continue
    }
    await turnOne(tx, ctx, source, change, { pushed, todo: now }, arrival)
    if (change.receivers !== 'all') await deleteUnrecognised(tx, corpId, [kept.id])
  }
}

/** Whether what waited is about an earlier to-do of the same names. */
function isBefore({ version }: Turn, todo: Written['todo'], keptAt: Date): boolean {
  if (version !== null && todo.version !== null) return version < todo.version
  const sentAt = todo.version ?? todo.createdAt.getTime()
  return keptAt.getTime() < sentAt - slackMs
}
