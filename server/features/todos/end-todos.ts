import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import * as store from './store.ts'
import { tellOfTodos, type WritingTodos } from './tell-of-todos.ts'
import type { Todo } from './todo.ts'
import { appOf, memberOf, type TodoWriter } from './writer.ts'

type Needs = WritingTodos

/** Finishes or withdraws what is open of a number: one person's, or all of it. */
export type TodoEnd = { agentId: string; todoNo: string; userId: string | undefined }

/**
 * Ends what is open of a to-do, and returns how many that were; what has ended before stays as it is. Throws 1000 when there is no
 * such to-do, 1002, 1007.
 */
export async function endTodos(
  ctx: Needs,
  writer: TodoWriter,
  state: 'done' | 'withdrawn',
  { agentId, todoNo, userId }: TodoEnd,
): Promise<{ ended: number; todos: Todo[] }> {
  const { corpId } = writer
  const appId = appOf(writer, agentId).id
  const memberId = userId === undefined ? undefined : (await memberOf(writer, userId)).id
  const at = new Date(ctx.now())
  return ctx.db.transaction().execute(async tx => {
    const which = memberId === undefined ? { appId, todoNo } : { appId, todoNo, memberId }
    const todos = await store.lockOf(tx, corpId, which)
    if (todos.length === 0) throw noTodo(todoNo)
    const open = todos.filter(one => one.state === 'open')
    await store.endTodos(
      tx,
      corpId,
      open.map(one => one.id),
      state,
      at,
    )
    const became = open.map(one => ({ id: one.id, appId, from: one.state, to: state }))
    await tellOfTodos(tx, ctx, corpId, became, at)
    return { ended: open.length, todos }
  })
}

export function noTodo(todoNo: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有待办 ${todoNo}，或它不属于您的应用`,
    en: told`there is no to-do ${todoNo}, or it is not of one of your apps`,
  })
}
