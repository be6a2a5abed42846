import { ApiError } from '../../platform/http/errors.ts'
import { readObject, text } from '../../platform/http/input.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import { readContent, todoFields } from './read-todo.ts'
import * as store from './store.ts'
import { type TodoTransition, tellOfTodos, type WritingTodos } from './tell-of-todos.ts'
import { keyOf, type Todo, type TodoContent } from './todo.ts'
import { appOf, type TodoWriter } from './writer.ts'

type Needs = WritingTodos

export const todosAtMost = 500

/** `stale`: the database has a newer version. `refused`: `error` says why. */
export type PutResult =
  | { result: 'created' | 'updated' | 'same' | 'stale'; todo: Pick<Todo, 'id' | 'todoNo'> }
  | { result: 'refused'; error: ApiError }

/** A to-do that was read and may be written; `index` is where it stood. */
export type PutItem = { index: number; row: store.TodoRow; isForLeaver?: boolean }

/**
 * Writes to-dos, each with its own result: a wrong to-do does not keep the others out. If the list names a to-do twice, the later
 * row counts. Throws 1000 and 1001 only for the list itself.
 */
export async function putTodos(
  ctx: Needs,
  writer: TodoWriter,
  given: unknown,
  isTrial = false,
): Promise<PutResult[]> {
  const list = readList(given)
  const at = new Date(ctx.now())
  const read = await readAll(writer, list, at)
  const results: PutResult[] = read.map(one =>
    one instanceof ApiError
      ? { result: 'refused', error: one }
      : { result: 'same', todo: { id: 0, todoNo: '' } },
  )
  const wanted = read.flatMap((one, index) => (one instanceof ApiError ? [] : [{ index, ...one }]))
  await ctx.db
    .transaction()
    .execute(async tx => {
      for (const [index, result] of await writeTodos(tx, ctx, writer.corpId, wanted, at))
        results[index] = result
      if (isTrial) throw new Tried()
    })
    .catch(untried)
  return results
}

/** What `putTodos` would do now. */
export function tryTodos(ctx: Needs, writer: TodoWriter, given: unknown): Promise<PutResult[]> {
  return putTodos(ctx, writer, given, true)
}

/** Takes back the transaction of a trial. */
class Tried extends Error {}

function untried(error: unknown): void {
  if (!(error instanceof Tried)) throw error
}

/** Writes rows that are known to be right, and tells of them, in the caller's transaction. */
export async function writeTodos(
  tx: Db,
  ctx: Needs,
  corpId: string,
  wanted: readonly PutItem[],
  at: Date,
): Promise<[number, PutResult][]> {
  const became: TodoTransition[] = []
  const results: [number, PutResult][] = []
  for (const wave of wavesOf(wanted)) {
    const done = await putWave(tx, corpId, wave, at)
    results.push(...done.results)
    became.push(...done.became)
  }
  await tellOfTodos(tx, ctx, corpId, became, at)
  return results
}

/** Returns the rows of `list`. @throws ApiError 1001 if it is missing, 1000 if it is no array or too long. */
export function readList(given: unknown): unknown[] {
  if (given === undefined || given === null || given === '') throw new ApiError('missingParameter', 'list')
  if (!Array.isArray(given))
    throw new ApiError('badParameter', { zh: 'list 应为数组', en: 'list should be an array' })
  if (given.length > todosAtMost)
    throw new ApiError('badParameter', {
      zh: told`list 最多 ${own(todosAtMost)} 个，收到 ${own(given.length)} 个`,
      en: told`list takes at most ${own(todosAtMost)}, got ${own(given.length)}`,
    })
  return given
}

async function readAll(
  writer: TodoWriter,
  list: readonly unknown[],
  at: Date,
): Promise<(Omit<PutItem, 'index'> | ApiError)[]> {
  const read = list.map((one, index) => caught(() => readRow(writer, one, `list[${index}]`)))
  const userIds = read.flatMap(one => (one instanceof ApiError ? [] : [one.userId]))
  const members = await writer.membersOf([...new Set(userIds)])
  return read.map(one => {
    if (one instanceof ApiError) return one
    const { userId, appId, content } = one
    const member = members.get(userId)
    if (!member) return new ApiError('unknownMember', told`${userId}`)
    const row = { ...content, appId, memberId: member.id, createdAt: content.createdAt ?? at }
    return { row, isForLeaver: member.hasLeft === true }
  })
}

function readRow(
  writer: TodoWriter,
  given: unknown,
  name: string,
): { userId: string; appId: string; content: TodoContent & { todoNo: string } } {
  const row = readObject(given, name)
  const content = readContent(row, `${name}.`)
  const read = (field: 'userId' | 'agentId') => {
    const value = row[field]
    if (value === undefined || value === null || value === '')
      throw new ApiError('missingParameter', told`${own(`${name}.${field}`)}`)
    return text(todoFields[field].about, { max: 64 }).read(value, `${name}.${field}`)
  }
  return { content, userId: read('userId'), appId: appOf(writer, read('agentId')).id }
}

function caught<T>(work: () => T): T | ApiError {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error
  }
}

/** Divides the list so that no wave has the same to-do twice. */
function wavesOf(wanted: readonly PutItem[]): PutItem[][] {
  const waves: Map<string, PutItem>[] = []
  for (const one of wanted) {
    const key = keyOf(one.row)
    const wave = waves.find(known => !known.has(key))
    if (wave) wave.set(key, one)
    else waves.push(new Map([[key, one]]))
  }
  return waves.map(wave => [...wave.values()])
}

/** The results of a wave, each with the index of its to-do, and the to-dos that changed, of which developers and WeCom are told. */
export type WaveResult = { results: [number, PutResult][]; became: TodoTransition[] }

/** Writes to-dos of which no two are the same. */
export async function putWave(
  tx: Db,
  corpId: string,
  wave: readonly PutItem[],
  at: Date,
): Promise<WaveResult> {
  const done: WaveResult = { results: [], became: [] }
  let open = [...wave]
  // Another node may insert a to-do after this one looked for it. The loop then looks for that to-do again.
  while (open.length > 0) {
    const stored = byKey(await store.lockTodos(tx, corpId, rowsOf(open)))
    const [known, unknown] = partition(open, one => stored.has(keyOf(one.row)))
    const [ofLeavers, news] = partition(unknown, one => one.isForLeaver === true)
    for (const { index } of ofLeavers) done.results.push([index, gone()])
    await updateKnown(tx, corpId, known, stored, at, done)
    open = await insertNew(tx, corpId, news, at, done)
  }
  return done
}

/** Updates stored to-dos. A row that changes nothing still stores its newer version, so that an older list does not withdraw the to-do. */
async function updateKnown(
  tx: Db,
  corpId: string,
  known: readonly PutItem[],
  stored: ReadonlyMap<string, Todo>,
  at: Date,
  done: WaveResult,
): Promise<void> {
  const before = (row: store.TodoRow) => stored.get(keyOf(row))!
  const changed = rowsOf(known).filter(row => outcomeOf(row, before(row)) === 'updated')
  const newer = rowsOf(known).filter(row => isSameButNewer(row, before(row)))
  if (changed.length > 0) await store.updateTodos(tx, corpId, changed, at)
  if (newer.length > 0) await store.noteVersions(tx, corpId, newer)
  for (const { index, row } of known) {
    const todo = before(row)
    done.results.push([index, { result: outcomeOf(row, todo), todo }])
  }
  for (const row of changed) {
    const { id, state: from } = before(row)
    done.became.push({ id, appId: row.appId, from, to: row.state, notify: row.notify })
  }
}

/** Inserts new to-dos, and returns those that another node has inserted meanwhile. */
async function insertNew(
  tx: Db,
  corpId: string,
  news: readonly PutItem[],
  at: Date,
  done: WaveResult,
): Promise<PutItem[]> {
  if (news.length === 0) return []
  const made = byKey(await store.insertTodos(tx, corpId, rowsOf(news), at))
  for (const { index, row } of news) {
    const todo = made.get(keyOf(row))
    if (!todo) continue
    const { id, appId, state: to, notify } = todo
    done.results.push([index, { result: 'created', todo }])
    done.became.push({ id, appId, from: undefined, to, notify })
  }
  return news.filter(one => !made.has(keyOf(one.row)))
}

function rowsOf(wanted: readonly PutItem[]): store.TodoRow[] {
  return wanted.map(one => one.row)
}

function byKey(todos: readonly Todo[]): Map<string, Todo> {
  return new Map(todos.map(one => [keyOf(one), one]))
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): [yes: T[], no: T[]] {
  return [all.filter(test), all.filter(one => !test(one))]
}

/** A member who has left keeps their to-dos, under their userid, and gets no new ones. */
function gone(): PutResult {
  const error = new ApiError('unknownMember', {
    zh: '此人已离职，不能有新的待办',
    en: 'this member has left and gets no new to-dos',
  })
  return { result: 'refused', error }
}

/** `createdAt` is not compared: a sender that does not say it would change it each time. */
const compared = [
  'kind',
  'state',
  'title',
  'pcUrl',
  'mobileUrl',
  'sender',
  'process',
  'step',
  'content',
  'priority',
  'finishBy',
  'notify',
] as const

function outcomeOf(row: store.TodoRow, stored: Todo): 'updated' | 'same' | 'stale' {
  if (row.version !== null && stored.version !== null && row.version < stored.version) return 'stale'
  const isSame =
    compared.every(name => row[name] === stored[name]) && row.dueAt?.getTime() === stored.dueAt?.getTime()
  return isSame ? 'same' : 'updated'
}

function isSameButNewer(row: store.TodoRow, stored: Todo): boolean {
  return outcomeOf(row, stored) === 'same' && row.version !== null && row.version !== stored.version
}
