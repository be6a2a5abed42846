/**
 * Pushes about one flow of an OA are applied one after the other, under an advisory lock, because a to-do that is still missing
 * has no row. The order is that of the sender's times or, without any, of arrival. The end of a to-do that has not come yet
 * waits for it. What is not understood is kept in the same transaction.
 *
 * A push of an OA, such as `POST /api/todo/source/<key>/rest/ofs/…`: `routes.ts` (which source, its addresses) →
 * `weaver/answer.ts` (encoding, JSON, XML or SOAP) → `weaver/read.ts` (what it says of a to-do) → this file (persons; the
 * flow's lock, then todos/put-todos.ts) → the vendor's words.
 */

import { todosById } from '../../todos/store.ts'
import type { WritingTodos } from '../../todos/tell-of-todos.ts'
import { NotUnderstood } from '../reason.ts'
import type { Item } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import { notePushed } from '../source-store.ts'
import { keep, printOf } from '../unrecognised/keep.ts'
import { deletePrints, deleteUnrecognised, waitingOfFlow } from '../unrecognised/store.ts'
import { isGroup, type Outcome, type PutChange, type StateChange, type TodoChange } from './change.ts'
import { changeOne, changeState, isMeant } from './change-state.ts'
import { flowOf } from './flow.ts'
import { type Person, personsOf } from './persons.ts'
import { lockFlows, pushedByTodo, pushedOfFlow } from './pushed-store.ts'
import { type FlowWork, type PutResult, put, type Receiver } from './put.ts'
import type { Reader } from './reader.ts'

export type ApplyNeeds = WritingTodos

/** The result of an item: an outcome for each receiver's to-do, and what wisp did not understand of the item. */
export type Result = { outcomes: Outcome[]; refusals: NotUnderstood[] }

type Job = { call: string; item: Item; change: TodoChange | NotUnderstood }

/** All items of a push are applied in one transaction; the reader is that of the sender's vendor. */
type PushWork = Omit<FlowWork<SourceOfApp>, 'arrival'> & {
  reader: Reader
  persons: ReadonlyMap<string, Person>
  at: Date
}

type ChangeWork = FlowWork<SourceOfApp> & Pick<PushWork, 'reader' | 'persons'>

/** Applies the items of a push in one transaction. Items that wisp does not understand are kept, and the others are applied. */
export async function applyItems(
  ctx: ApplyNeeds,
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
      const work: PushWork = { tx, ctx, source, reader, persons, at }
      for (const job of jobs) results.push(await applyJob(work, job))
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
): TodoChange | NotUnderstood {
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

/** Tries again after a deadlock: another node may write the same to-dos by the API, in another order. */
async function withoutDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left--)
    try {
      return await work()
    } catch (error) {
      const deadlock = '40P01'
      if (left === 0 || !(error instanceof Error && 'code' in error && error.code === deadlock)) throw error
    }
}

async function applyJob(work: PushWork, { call, item, change }: Job): Promise<Result> {
  const { tx, ctx, source, reader, at } = work
  if (change instanceof NotUnderstood) {
    await keep(tx, ctx, source, { call, item, why: change }, at)
    return { outcomes: [], refusals: [change] }
  }
  const arrival = { flow: flowOf(change.flow), arrivedAt: at, at }
  const done = await applyChange({ ...work, arrival }, change)
  for (const { receiver, why } of done.left) {
    const left = receiver === undefined ? item : reader.only(item, receiver)
    await keep(tx, ctx, source, { call, item: left, why, flow: arrival.flow }, at)
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

type Leftover = { receiver: string | undefined; why: NotUnderstood }

export type ApplyResult = {
  outcomes: Outcome[]
  /** Receivers for whom nothing is left to do. */
  understood: string[] | 'all'
  /** The parts of the item that are kept because wisp did not understand them; `receiver` is undefined for the whole item. */
  left: Leftover[]
}

/** Applies a change in the caller's transaction, which has locked the flow. */
export async function applyChange(work: ChangeWork, change: TodoChange): Promise<ApplyResult> {
  if (change.how === 'put') return applyPut(work, change)
  const named = await formerOf(work, change)
  const { known, left } = split(change.receivers === 'all' ? [] : change.receivers, work.persons, named)
  if (change.receivers !== 'all' && known.length === 0) return { outcomes: [], understood: [], left }
  const receivers = change.receivers === 'all' ? 'all' : known
  const { outcomes, absent, isNowhere } = await changeState(work, change, receivers)
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

async function applyPut(work: ChangeWork, change: PutChange): Promise<ApplyResult> {
  const { source, persons } = work
  const sender = persons.get(change.sender.value)
  if (change.sender.isRequired && !isMember(sender) && !source.takesUnknownSender) {
    const why = new NotUnderstood('unknownSender', change.sender.value)
    return { outcomes: [], understood: [], left: [{ receiver: undefined, why }] }
  }
  const { known, left } = split(change.receivers, persons, await formerOf(work, change))
  const name = isMember(sender) ? sender.name : change.content.sender || change.sender.value
  const written = await put(work, change, name, known)
  for (const [index, one] of written.entries())
    if (one.todo.state === 'open' && (one.outcome === 'created' || one.outcome === 'updated'))
      await applyWaiting(work, one.todo, known[index]!)
  return { outcomes: written.map(one => one.outcome), understood: known.map(one => one.value), left }
}

function isMember(person: Person | undefined): person is Exclude<Person, string> {
  return typeof person === 'object'
}

/**
 * Returns the owners (`member.id`) of the stored to-dos by the sender's names of their receivers. A member who has left, or whose number
 * another member has too, keeps the to-dos of before.
 */
async function formerOf(
  { tx, source, arrival }: FlowWork,
  { names }: TodoChange,
): Promise<Map<string, number>> {
  const { corpId, id } = source
  const pushed = (await pushedOfFlow(tx, corpId, id, arrival.flow)).filter(one => isMeant(names, one.names))
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
  const left: Leftover[] = []
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

/** Applies the changes that arrived before their to-do and waited for it. */
async function applyWaiting(work: ChangeWork, todo: PutResult['todo'], receiver: Receiver): Promise<void> {
  const { tx, source, reader, arrival } = work
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
    await changeOne(work, change, { pushed, todo: now })
    if (change.receivers !== 'all') await deleteUnrecognised(tx, corpId, [kept.id])
  }
}

/** Whether a waiting change is about an earlier to-do that had the same names. */
function isBefore({ version }: StateChange, todo: PutResult['todo'], keptAt: Date): boolean {
  if (version !== null && todo.version !== null) return version < todo.version
  const sentAt = todo.version ?? todo.createdAt.getTime()
  return keptAt.getTime() < sentAt - slackMs
}
