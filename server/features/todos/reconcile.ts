import { ApiError } from '../../platform/http/errors.ts'
import { readObject } from '../../platform/http/input.ts'
import { own, told } from '../../platform/http/told.ts'
import { type PutResult, putWave, readList } from './put-todos.ts'
import { readContent } from './read-todo.ts'
import * as store from './store.ts'
import { tellOfTodos, type WritingTodos } from './tell-of-todos.ts'
import type { Todo, TodoContent } from './todo.ts'
import { appOf, presentMemberOf, type TodoWriter } from './writer.ts'

type Needs = WritingTodos

export type ReconcileResult = {
  todoNo: string
  /** `kept`: it is open here, not in the list, and changed after `asOf`. */
  result: 'created' | 'updated' | 'same' | 'stale' | 'withdrawn' | 'kept'
}

/**
 * Makes a person's open to-dos of an app what the list says they were at `asOf`: what is missing here is created, what is open here
 * and was last changed before is withdrawn. All of it or, when a row is wrong, nothing. Throws 1000, 1001, 1002, 1007.
 */
export async function reconcile(
  ctx: Needs,
  writer: TodoWriter,
  given: { agentId: string; userId: string; asOf: number; list: unknown },
): Promise<ReconcileResult[]> {
  const { corpId } = writer
  const appId = appOf(writer, given.agentId).id
  const memberId = (await presentMemberOf(writer, given.userId)).id
  const at = new Date(ctx.now())
  const read = readRows(given.list)
  const rows = read.map(one => ({
    ...one,
    appId,
    memberId,
    createdAt: one.createdAt ?? at,
    version: one.version ?? given.asOf,
  }))
  return ctx.db.transaction().execute(async tx => {
    const held = await store.lockOpenOrNamed(
      tx,
      corpId,
      { appId, memberId },
      rows.map(one => one.todoNo),
    )
    const stored = new Map(held.map(one => [one.todoNo, one]))
    const isNewer = (index: number) => isNewerThan(stored.get(rows[index]!.todoNo), read[index]!, given.asOf)
    const wave = rows.map((row, index) => ({ row, index })).filter(one => !isNewer(one.index))
    const { results: written, became } = await putWave(tx, corpId, wave, at)
    const put = [
      ...written,
      ...rows.flatMap((row, index): [number, PutResult][] => {
        const todo = stored.get(row.todoNo)
        return todo && isNewer(index) ? [[index, { result: 'stale', todo }]] : []
      }),
    ]
    const listed = new Set(rows.map(one => one.todoNo))
    const absent = held.filter(one => !listed.has(one.todoNo))
    const gone = absent.filter(one => (one.version ?? one.changedAt.getTime()) < given.asOf)
    await store.endTodos(
      tx,
      corpId,
      gone.map(one => one.id),
      'withdrawn',
      at,
    )
    const withdrawn = gone.map(({ id }) => ({ id, appId, from: 'open' as const, to: 'withdrawn' as const }))
    await tellOfTodos(tx, ctx, corpId, [...became, ...withdrawn], at)
    const results = put.flatMap(([index, one]): [number, ReconcileResult][] =>
      one.result === 'refused' ? [] : [[index, { todoNo: rows[index]!.todoNo, result: one.result }]],
    )
    return [
      ...results.sort(([one], [other]) => one - other).map(([, result]) => result),
      ...absent.map(
        one => ({ todoNo: one.todoNo, result: gone.includes(one) ? 'withdrawn' : 'kept' }) as const,
      ),
    ]
  })
}

/** What ended after the list was made stays so, and what changed after it is compared by the sender's own times alone. */
function isNewerThan(stored: Todo | undefined, { version }: TodoContent, asOf: number): boolean {
  if (!stored) return false
  if (stored.endedAt) return stored.endedAt.getTime() > asOf
  return version === null && (stored.version ?? stored.changedAt.getTime()) > asOf
}

function readRows(given: unknown) {
  // A person without open to-dos has an empty list.
  const rows = (Array.isArray(given) && given.length === 0 ? [] : readList(given)).map((one, index) => {
    const name = `list[${index}]`
    const content = readContent(readObject(one, name), `${name}.`)
    if (content.state !== 'open')
      throw new ApiError('badParameter', {
        zh: told`${own(name)}.state 应为 open：这里只列出未办的`,
        en: told`${own(name)}.state should be open: only open to-dos are listed here`,
      })
    return content
  })
  const seen = new Set<string>()
  rows.forEach(({ todoNo }, index) => {
    if (seen.has(todoNo))
      throw new ApiError('badParameter', {
        zh: told`list[${own(index)}].todoNo 重复：${todoNo}`,
        en: told`list[${own(index)}].todoNo is repeated: ${todoNo}`,
      })
    seen.add(todoNo)
  })
  return rows
}
