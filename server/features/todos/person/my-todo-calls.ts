import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { flag, optionalChoice, optionalText } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../../platform/http/list-input.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import { type DueItem, dueAtMost, type WaitingRow } from '../../../platform/manifest/waiting.ts'
import type { Apps } from '../../apps/catalog.ts'
import { badgesOf } from '../badge-store.ts'
import { peopleById } from '../people/people-store.ts'
import * as store from '../store.ts'
import type { WritingTodos } from '../tell-of-todos.ts'
import { finishMyTodo, openMyTodo, tileNumbers } from './my-todos.ts'

type NamingNeeds = Core & { apps: Apps }

const myTodoSchema = Type.Object({
  id: Type.Number(),
  appId: Type.String(),
  appName: Type.String(),
  kind: Type.Enum(['todo', 'read']),
  state: Type.Enum(['open', 'done', 'withdrawn']),
  title: Type.String(),
  /** Whom its sender means, where that is somebody else; '' otherwise. */
  meantName: Type.String(),
  sender: Type.String(),
  process: Type.String(),
  step: Type.String(),
  content: Type.String(),
  priority: Type.Number(),
  /** ISO 8601; '' without one. */
  dueAt: Type.String(),
  createdAt: Type.String(),
  readAt: Type.String(),
  endedAt: Type.String(),
  /** It has a button 完成. */
  mayFinish: Type.Boolean(),
})
export type MyTodo = Static<typeof myTodoSchema>

export const myTodos = pageCall({
  method: 'GET',
  path: '/web/todos',
  access: person,
  input: {
    ...paging,
    /** `ended`: done or withdrawn, of either kind. */
    view: optionalChoice('待办、待阅或已办', ['todo', 'read', 'ended']),
    appId: optionalText('应用', { max: 64 }),
    words: optionalText('标题、流程、发起人或编号的一部分', { max: 64 }),
    order: optionalChoice('排序', ['newest', 'due']),
  },
  output: Type.Object({
    list: Type.Array(myTodoSchema),
    total: Type.Number(),
    /** Open ones, without the filter. */
    open: Type.Object({ todo: Type.Number(), read: Type.Number() }),
    /** Apps of which the person has open ones. */
    apps: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), count: Type.Number() })),
  }),
  async handle(ctx: NamingNeeds, { input, visitor, corpId }) {
    const memberId = visitor.member?.id
    if (memberId === undefined) return { list: [], total: 0, open: { todo: 0, read: 0 }, apps: [] }
    const { view = 'todo', appId, words = '', order = 'newest' } = input
    const filter = {
      appIds: appId === undefined ? undefined : [appId],
      memberId: undefined,
      holderId: memberId,
      todoNo: undefined,
      kind: view === 'ended' ? undefined : view,
      states: view === 'ended' ? ['done', 'withdrawn'] : ['open'],
      words,
    } satisfies store.TodoFilter
    const isCounted = view !== 'ended' && words === ''
    const [{ todos, counts }, found] = await Promise.all([
      store.listHeld(ctx.db, corpId, filter, { ...pageOf(input), order }),
      isCounted ? undefined : store.countTodos(ctx.db, corpId, filter),
    ])
    const total = found ?? openOf(counts, view, appId)
    const others = todos.flatMap(one => (one.memberId === one.holderId ? [] : [one.memberId]))
    const names = new Map(
      (await peopleById(ctx.db, corpId, [...new Set(others)])).map(one => [one.id, one.name]),
    )
    const list = todos.map(todo => rowOf(ctx, todo, names.get(todo.memberId)))
    return { list, total, ...sumsOf(ctx, counts) }
  },
})

/** How many of these are open, of an app or of all. */
function openOf(counts: readonly store.OpenCount[], kind: string, appId: string | undefined): number {
  return counts
    .filter(one => one.kind === kind && (appId === undefined || one.appId === appId))
    .reduce((sum, one) => sum + one.count, 0)
}

function sumsOf({ apps }: NamingNeeds, counts: readonly store.OpenCount[]) {
  const sum = (some: readonly store.OpenCount[]) => some.reduce((sum, one) => sum + one.count, 0)
  const byApp = Map.groupBy(counts, one => one.appId)
  return {
    open: {
      todo: sum(counts.filter(one => one.kind === 'todo')),
      read: sum(counts.filter(one => one.kind === 'read')),
    },
    apps: [...byApp]
      .map(([id, some]) => ({ id, name: apps.find(id)?.name ?? id, count: sum(some) }))
      .sort((one, other) => other.count - one.count),
  }
}

function rowOf({ apps }: NamingNeeds, todo: store.ShownTodo, meantName = ''): MyTodo {
  const { id, appId, kind, state, title, sender, process, step, content, priority, finishBy } = todo
  const when = (at: number | null) => (at === null ? '' : new Date(at).toISOString())
  return {
    id,
    appId,
    kind,
    state,
    title,
    sender,
    process,
    step,
    content,
    priority,
    appName: apps.find(appId)?.name ?? appId,
    meantName: todo.memberId === todo.holderId ? '' : meantName,
    dueAt: when(todo.dueAt),
    createdAt: when(todo.createdAt),
    readAt: when(todo.readAt),
    endedAt: when(todo.endedAt),
    mayFinish: finishBy === 'person' && state === 'open',
  }
}

/** The numbers on the tiles of the workbench. */
export const myTileNumbers = pageCall({
  method: 'GET',
  path: '/web/todos/tiles',
  access: person,
  unattended: true,
  input: {},
  output: Type.Object({
    list: Type.Array(Type.Object({ appId: Type.String(), count: Type.Number() })),
    open: Type.Object({ todo: Type.Number(), read: Type.Number() }),
  }),
  async handle(ctx: NamingNeeds, { visitor, corpId }) {
    const memberId = visitor.member?.id
    if (memberId === undefined) return { list: [], open: { todo: 0, read: 0 } }
    const [counts, badges] = await Promise.all([
      store.countOpenOf(ctx.db, corpId, memberId),
      badgesOf(ctx.db, corpId, memberId),
    ])
    const list = [...tileNumbers(counts, badges)].map(([appId, count]) => ({ appId, count }))
    return { list, open: sumsOf(ctx, counts).open }
  },
})

export const openMyTodoCall = pageCall({
  method: 'POST',
  path: '/web/todos/open',
  access: person,
  directory: true,
  input: { id: requiredId('待办'), isPhone: flag('1：在手机上打开') },
  output: Type.Object({ url: Type.String(), state: Type.Enum(['open', 'done', 'withdrawn']) }),
  handle: (ctx: WritingTodos, { input, visitor, corpId }) => openMyTodo(ctx, corpId, visitor, input),
})

export const finishMyTodoCall = pageCall({
  method: 'POST',
  path: '/web/todos/finish',
  access: person,
  directory: true,
  input: { id: requiredId('待办') },
  output: Type.Object({}),
  async handle(ctx: WritingTodos, { input, visitor, corpId }) {
    await finishMyTodo(ctx, corpId, visitor, input.id)
    return {}
  },
})

/** Rows on the first page of the workbench, and the to-dos that are due first. */
export async function todosWaiting(ctx: NamingNeeds, corpId: string, visitor: Person): Promise<WaitingRow[]> {
  if (!visitor.member) return []
  const filter = {
    appIds: undefined,
    memberId: undefined,
    holderId: visitor.member.id,
    todoNo: undefined,
    kind: 'todo',
    states: ['open'],
    words: '',
  } satisfies store.TodoFilter
  const page = { limit: dueAtMost, offset: 0, order: 'due' } as const
  const { todos, counts } = await store.listHeld(ctx.db, corpId, filter, page)
  const { open } = sumsOf(ctx, counts)
  const rows: WaitingRow[] = [
    {
      icon: 'todo',
      title: { zh: '待办', en: 'To-dos' },
      count: open.todo,
      link: { to: 'todos' },
      due: todos.flatMap(todo => dueItemOf(ctx, todo)),
    },
    { icon: 'todo', title: { zh: '待阅', en: 'To read' }, count: open.read, link: { to: 'todos' } },
  ]
  return rows.filter(row => row.count > 0)
}

function dueItemOf({ apps }: NamingNeeds, { id, appId, title, dueAt }: store.ShownTodo): DueItem[] {
  if (dueAt === null) return []
  return [{ id, title, note: apps.find(appId)?.name ?? '', dueAt: new Date(dueAt), link: { to: 'todo' } }]
}
