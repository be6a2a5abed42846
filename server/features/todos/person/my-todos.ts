import { issueTicket } from '../../../callers/tickets/tickets.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { refused } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { takesTicket, ticketUrl } from '../../apps/app-urls.ts'
import { visibilityFor } from '../../apps/visibility.ts'
import * as store from '../store.ts'
import { tellOfTodos, type WritingTodos } from '../tell-of-todos.ts'
import type { Todo, TodoState } from '../todo.ts'
import { noteReading } from './note-reading.ts'

type Needs = WritingTodos

/** Of whoever has it alone, whoever else has the link. Throws 403. */
async function myTodo(db: Db, corpId: string, visitor: Visitor, id: number): Promise<Todo> {
  const todo = await store.findTodo(db, corpId, id)
  const { member } = visitor
  if (todo && member && todo.holderId === member.id) return todo
  if (todo && member && todo.memberId === member.id)
    throw refused({
      zh: '这条待办已委托或移交给别人处理',
      en: 'this to-do has been delegated or passed on to somebody else',
    })
  throw refused({ zh: '不是您的待办，或它已被删除', en: 'this is not your to-do, or it has been deleted' })
}

/**
 * Where a to-do is done, with a ticket on the app's own origins, and in which state it was; notes that it was read. What is only to be read, and which its
 * person may finish, is done by it. Throws 403, and 1000 when the app is off.
 */
export async function openMyTodo(
  ctx: Needs,
  corpId: string,
  visitor: Visitor,
  { id, isPhone }: { id: number; isPhone: boolean },
): Promise<{ url: string; state: TodoState }> {
  const at = new Date(ctx.now())
  return ctx.db.transaction().execute(async tx => {
    const todo = await myTodo(tx, corpId, visitor, id)
    const app = ctx.apps.find(todo.appId)
    if (!app?.enabled)
      throw new ApiError('badParameter', {
        zh: told`“${app?.name ?? todo.appId}”已停用，待办不能打开；请联系管理员`,
        en: told`“${app?.name ?? todo.appId}” is disabled, so the to-do cannot be opened: ask your administrator`,
      })
    const url = isPhone ? todo.mobileUrl || todo.pcUrl : todo.pcUrl || todo.mobileUrl
    const { member } = visitor
    const sees = member && visibilityFor(ctx.mirrors.of(corpId), member)(app.visibility)
    let target = url
    if (member && sees && takesTicket(app, url)) {
      const holder = { corpId, appId: app.id, sessionId: visitor.sessionId, memberId: member.id }
      target = ticketUrl(url, (await issueTicket(tx, ctx, holder)).jessionId)
    }
    await noteReading(tx, ctx, corpId, todo, at)
    if (todo.kind === 'read' && todo.finishBy === 'person' && todo.state === 'open')
      await finish(tx, ctx, corpId, todo, at)
    return { url: target, state: todo.state }
  })
}

/** What its person finishes. Throws 403, and 1000 for one that only its app does. */
export async function finishMyTodo(ctx: Needs, corpId: string, visitor: Visitor, id: number): Promise<void> {
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    const { appId, todoNo, memberId, finishBy } = await myTodo(tx, corpId, visitor, id)
    if (finishBy !== 'person')
      throw new ApiError('badParameter', {
        zh: '这条待办由应用办结，请打开后处理',
        en: 'only the app finishes this to-do: open it and finish it there',
      })
    const [todo] = await store.lockTodos(tx, corpId, [{ appId, todoNo, memberId }])
    if (todo?.state === 'withdrawn')
      throw new ApiError('badParameter', {
        zh: told`待办 ${todoNo} 已被撤回，不需要办理`,
        en: told`the to-do ${todoNo} was withdrawn and need not be finished`,
      })
    if (todo?.state === 'open') await finish(tx, ctx, corpId, todo, at)
  })
}

async function finish(tx: Db, ctx: Needs, corpId: string, todo: Todo, at: Date): Promise<void> {
  await store.endTodos(tx, corpId, [todo.id], 'done', at)
  await tellOfTodos(tx, ctx, corpId, [{ id: todo.id, appId: todo.appId, from: 'open', to: 'done' }], at)
}

/** The number on each app's tile: its open to-dos, or else what the app itself has counted. Those of 0 are left out. */
export function tileNumbers(
  open: readonly { appId: string; count: number }[],
  badges: readonly { appId: string; count: number }[],
): Map<string, number> {
  const numbers = new Map(badges.map(one => [one.appId, one.count]))
  const ofTodos = new Map<string, number>()
  for (const { appId, count } of open) ofTodos.set(appId, (ofTodos.get(appId) ?? 0) + count)
  for (const [appId, count] of ofTodos) numbers.set(appId, count)
  return numbers
}
