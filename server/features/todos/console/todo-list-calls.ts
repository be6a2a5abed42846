import { type Static, Type } from 'typebox'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalText, type Values } from '../../../platform/http/input.ts'
import { exporting, pageOf, paging, several } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import { peopleOf, type TodoPerson } from '../people/people.ts'
import { personByKey } from '../people/people-store.ts'
import type { TodoKind } from '../todo.ts'
import * as store from './list-store.ts'

type Needs = Core & { apps: Apps; mirrors: Mirrors }

/** `overdue`: open, and its time is over. */
const states = ['open', 'overdue', 'done', 'withdrawn'] as const

export const todoFilterInput = {
  words: optionalText('标题、流程、发起人或编号的一部分', { max: 64 }),
  app: optionalText('应用', { max: 64 }),
  source: optionalText('待办来源', { max: 64 }),
  person: optionalText('处理人的 userId', { max: 64 }),
  kind: optionalChoice('待办或待阅', ['todo', 'read']),
  state: several('状态', states),
}

export const todoPersonSchema = Type.Object({
  /** Both are '' for somebody whom the address book does not know any more. */
  userId: Type.String(),
  name: Type.String(),
  hasLeft: Type.Boolean(),
})

const rowSchema = Type.Object({
  id: Type.Number(),
  appId: Type.String(),
  appName: Type.String(),
  todoNo: Type.String(),
  kind: Type.Enum(['todo', 'read']),
  state: Type.Enum(states),
  title: Type.String(),
  sender: Type.String(),
  process: Type.String(),
  step: Type.String(),
  priority: Type.Number(),
  holder: todoPersonSchema,
  /** Whom its sender means, where somebody else has it. */
  meant: Type.Union([todoPersonSchema, Type.Null()]),
  createdAt: Type.String(),
  /** '' where there is none. */
  dueAt: Type.String(),
  readAt: Type.String(),
  endedAt: Type.String(),
})
type Row = Static<typeof rowSchema>

export const listTodosOfCorp = pageCall({
  method: 'GET',
  path: '/web/console/todos',
  access: administrator('super'),
  point: 'todo:read',
  directory: true,
  input: {
    ...todoFilterInput,
    ...paging,
    sort: optionalChoice('排序', ['createdAt', '-createdAt', 'dueAt', '-dueAt']),
  },
  output: Type.Object({
    list: Type.Array(rowSchema),
    total: Type.Number(),
    /** False when only a part of them was looked at. */
    isWhole: Type.Boolean(),
    /** Name of the person of the filter; '' without one. */
    person: Type.String(),
  }),
  async handle(ctx: Needs, { input, corpId }) {
    const { sort = '-createdAt' } = input
    const { filter, person } = await filterOf(ctx, corpId, input)
    const order = {
      field: sort.replace('-', '') as store.ConsoleSort['field'],
      descending: sort.startsWith('-'),
    }
    const { rows, total, isWhole } = await store.listForConsole(ctx.db, corpId, filter, order, pageOf(input))
    return { list: await rowsOf(ctx, corpId, rows), total, isWhole, person }
  },
})

/** Throws 1007. */
async function filterOf(
  ctx: Needs,
  corpId: string,
  input: Values<typeof todoFilterInput>,
): Promise<{ filter: store.ConsoleFilter; person: string }> {
  const { words = '', app, source, person, kind, state } = input
  const holder = person === undefined ? undefined : await personOf(ctx, corpId, person)
  return {
    person: holder?.name ?? '',
    filter: {
      appId: app,
      sourceId: source,
      holderId: holder?.id,
      kind,
      states: state?.filter(one => one !== 'overdue'),
      overdueAt: state?.includes('overdue') ? new Date(ctx.now()) : undefined,
      words,
    },
  }
}

/** Returns a person, leavers too as long as their userid is known. @throws ApiError 1007 */
export async function personOf(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  userId: string,
): Promise<{ id: number; userId: string; name: string }> {
  const key = userKey(userId)
  const found = ctx.mirrors.of(corpId).members.byKey(key) ?? (await personByKey(ctx.db, corpId, key))
  if (!found) throw new ApiError('unknownMember', told`${userId}`)
  return found
}

async function rowsOf(ctx: Needs, corpId: string, rows: readonly store.ListedTodo[]): Promise<Row[]> {
  const person = await peopleOf(
    ctx,
    corpId,
    rows.flatMap(one => [one.memberId, one.holderId]),
  )
  const now = ctx.now()
  return rows.map(one => rowOf(ctx, one, person, now))
}

function rowOf({ apps }: Needs, one: store.ListedTodo, person: (id: number) => TodoPerson, now: number): Row {
  const { id, appId, todoNo, kind, title, sender, process, step, priority, memberId, holderId } = one
  const when = (at: Date | null) => at?.toISOString() ?? ''
  return {
    id,
    appId,
    todoNo,
    kind,
    title,
    sender,
    process,
    step,
    priority,
    state: one.state === 'open' && one.dueAt && one.dueAt.getTime() < now ? 'overdue' : one.state,
    appName: apps.find(appId)?.name ?? appId,
    holder: person(holderId),
    meant: memberId === holderId ? null : person(memberId),
    createdAt: one.createdAt.toISOString(),
    dueAt: when(one.dueAt),
    readAt: when(one.readAt),
    endedAt: when(one.endedAt),
  }
}

export const countTodosByApp = pageCall({
  method: 'GET',
  path: '/web/console/todos/apps',
  access: administrator('super'),
  point: 'todo:read',
  input: {},
  output: Type.Object({
    /** Of all apps that have to-dos open, the most first. */
    list: Type.Array(
      Type.Object({
        appId: Type.String(),
        appName: Type.String(),
        open: Type.Number(),
        overdue: Type.Number(),
      }),
    ),
  }),
  async handle(ctx: Core & { apps: Apps }, { corpId }) {
    const apps = ctx.apps.ofCorp(corpId).filter(app => app.builtin === null)
    const counts = await store.countByApp(
      ctx.db,
      corpId,
      apps.map(app => app.id),
      new Date(ctx.now()),
    )
    return {
      list: counts
        .filter(one => one.open > 0)
        .map(one => ({ ...one, appName: ctx.apps.find(one.appId)?.name ?? one.appId }))
        .sort((one, other) => other.open - one.open),
    }
  },
})

const heads = {
  zh: [
    '编号',
    '应用',
    '标题',
    '类型',
    '状态',
    '处理人',
    '处理人 userId',
    '原处理人',
    '发起人',
    '流程',
    '环节',
    '发起时间',
    '截止时间',
    '打开时间',
    '结束时间',
  ],
  en: [
    'Number',
    'App',
    'Title',
    'Kind',
    'State',
    'Holder',
    'userId of the holder',
    'Sent to',
    'Sender',
    'Process',
    'Step',
    'Sent at',
    'Due at',
    'Opened at',
    'Ended at',
  ],
} as const

export const kindWords: Record<TodoKind, Words> = {
  todo: { zh: '待办', en: 'To do' },
  read: { zh: '待阅', en: 'To read' },
}
export const stateWords: Record<Row['state'], Words> = {
  open: { zh: '待处理', en: 'Open' },
  overdue: { zh: '已超时', en: 'Overdue' },
  done: { zh: '已办', en: 'Done' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
}

/** The list as a file, the newest first. */
export const exportTodos = pageCall({
  method: 'GET',
  path: '/web/console/todos/export',
  access: administrator('super'),
  point: 'todo:export',
  directory: true,
  input: { ...todoFilterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: Needs, { input, visitor, corpId, reply }) {
    const language = input.language ?? 'zh'
    const { filter } = await filterOf(ctx, corpId, input)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'todos', input })
    return sendCsv(reply, {
      name: 'todos',
      head: heads[language],
      chunks: chunksOf(ctx, corpId, filter),
      cells: row => [
        row.todoNo,
        row.appName,
        row.title,
        kindWords[row.kind][language],
        stateWords[row.state][language],
        row.holder.name,
        row.holder.userId,
        row.meant?.name ?? '',
        row.sender,
        row.process,
        row.step,
        row.createdAt,
        row.dueAt,
        row.readAt,
        row.endedAt,
      ],
    })
  },
})

async function* chunksOf(ctx: Needs, corpId: string, filter: store.ConsoleFilter): AsyncGenerator<Row[]> {
  for await (const rows of store.allForConsole(ctx.db, corpId, filter)) yield await rowsOf(ctx, corpId, rows)
}
