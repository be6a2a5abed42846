import { Type } from 'typebox'
import { type View, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import {
  type Field,
  objectSchema,
  optionalChoice,
  optionalInteger,
  optionalText,
  text,
} from '../../../platform/http/input.ts'
import { milliseconds } from '../../../platform/http/input-rules.ts'
import { type Language, languageOf, type Words } from '../../../platform/words.ts'
import { endTodos } from '../end-todos.ts'
import { type PutResult, putTodos, todosAtMost } from '../put-todos.ts'
import { contentFields, todoFields } from '../read-todo.ts'
import { reconcile } from '../reconcile.ts'
import { badgeFields, setBadges } from '../set-badges.ts'
import * as store from '../store.ts'
import type { WritingTodos } from '../tell-of-todos.ts'
import type { Todo } from '../todo.ts'
import { appOf, developerAsWriter, memberOf } from '../writer.ts'
import { sampleTodo, type TodoWire, todoSchema, todoWires } from './todo-schema.ts'

type Needs = WritingTodos

/** Rows are read by the rule, one by one. */
function rowsOf(
  fields: Parameters<typeof objectSchema>[0],
  about: Words,
): Field<unknown, unknown, true, Words> {
  return {
    about,
    schema: Type.Array(objectSchema(fields), { maxItems: todosAtMost, about }),
    required: true,
    read: value => value,
    missing: () => undefined,
  }
}

const agentId = text(
  { zh: '应用 id 或企业微信 agentId', en: 'Id of the app, or its agentId in WeCom' },
  { max: 64 },
)
const todoNo = text({ zh: '待办编号', en: 'Number of the to-do' }, { max: 128 })
const userId = optionalText({ zh: '待办人的 userId', en: 'userId of the person' }, { max: 64 })

const putRow = Type.Object({
  todoNo: Type.String({
    about: { zh: '待办编号；读不出时为空', en: 'Number of the to-do; empty where it was not read' },
  }),
  result: Type.Enum(['created', 'updated', 'same', 'stale', 'refused'], {
    about: {
      zh: 'created 新建；updated 已更新；same 没有变化；stale 已有更新的版本，没有改变；refused 未写入',
      en: 'created; updated; same: nothing changed; stale: a newer version was there; refused: not written',
    },
  }),
  code: Type.String({
    about: { zh: '未写入时的返回码，其他为空', en: 'The code where it was refused, otherwise empty' },
  }),
  reason: Type.String({ about: { zh: '未写入的原因，其他为空', en: 'Why it was refused, otherwise empty' } }),
})

export function putWire(result: PutResult, given: unknown, language: Language) {
  if (result.result !== 'refused')
    return { todoNo: result.todo.todoNo, result: result.result, code: '', reason: '' }
  const said = (given as { todoNo?: unknown } | null)?.todoNo
  const { error } = result
  const todoNo = typeof said === 'string' ? said.slice(0, 128) : ''
  return { todoNo, result: 'refused' as const, code: error.code, reason: error.messageIn(language) }
}

export const putTodosCall = endpoint({
  methods: ['POST'],
  path: '/api/todo/put',
  section: 'wisp',
  summary: { zh: '写入待办', en: 'Put to-dos' },
  description: {
    zh: '应用、编号和人确定一条待办：没有时新建，已有时改为这里的内容；已办和已撤回的可以重新打开。一次最多 500 条，每条各有结果，一条有错不影响其他。同一条在一次里出现两次时以后面的为准。',
    en: 'App, number and person identify a to-do: a new one is created, one that is there becomes what is given here, and what was done or withdrawn may be opened again. Up to 500 at once, each with its own result; what is wrong with one does not keep the others out. Of one that is given twice the later counts.',
  },
  access: { by: 'developer', scope: 'todo:write' },
  directory: true,
  input: { list: rowsOf(todoFields, { zh: '待办', en: 'The to-dos' }) },
  output: Type.Object({ list: Type.Array(putRow) }),
  refusedIn: ({ list }) => list.filter(one => one.result === 'refused').length,
  errors: [],
  sample: { list: [{ todoNo: sampleTodo.todoNo, result: 'created', code: '', reason: '' }] },
  sampleInput: {
    list: [
      {
        todoNo: 'try-{unique}',
        userId: '{receiver}',
        agentId: '{appId}',
        title: '试一试',
        url: 'https://oa.example.com/approve?id=118',
      },
    ],
  },
  async handle(ctx: Needs, { input, developer, request }) {
    const language = languageOf(request.headers['accept-language'])
    const results = await putTodos(ctx, developerAsWriter(ctx, developer), input.list)
    const given = input.list as readonly unknown[]
    return { list: results.map((result, index) => putWire(result, given[index], language)) }
  },
})

const ended = Type.Object({
  ended: Type.Integer({ about: { zh: '这次结束了几条', en: 'How many this ended' } }),
  total: Type.Integer({
    about: { zh: '这个编号（和人）共有几条', en: 'How many there are of this number (and person)' },
  }),
})
const endInput = { agentId, todoNo, userId }
const endSample = { ended: 1, total: 1 }

export const finishTodoCall = endpoint({
  methods: ['POST'],
  path: '/api/todo/finish',
  section: 'wisp',
  summary: { zh: '办结待办', en: 'Finish a to-do' },
  description: {
    zh: '不填 userId 时办结这个编号下所有人的。已结束的不变，再次调用仍返回成功。',
    en: "Without userId everybody's of this number. What has ended stays as it is, and to finish it again succeeds.",
  },
  access: { by: 'developer', scope: 'todo:write' },
  directory: true,
  input: endInput,
  logged: ['todoNo', 'userId'],
  output: ended,
  errors: ['unknownDeveloper', 'unknownMember'],
  sample: endSample,
  sampleInput: { agentId: '{appId}', todoNo: '{todoNo}' },
  async handle(ctx: Needs, { input, developer }) {
    const { ended, todos } = await endTodos(ctx, developerAsWriter(ctx, developer), 'done', input)
    return { ended, total: todos.length }
  },
})

export const withdrawTodoCall = endpoint({
  methods: ['POST'],
  path: '/api/todo/withdraw',
  section: 'wisp',
  summary: { zh: '撤回待办', en: 'Withdraw a to-do' },
  description: {
    zh: '不填 userId 时撤回这个编号下所有人的。已结束的不变。',
    en: "Without userId everybody's of this number. What has ended stays as it is.",
  },
  access: { by: 'developer', scope: 'todo:write' },
  directory: true,
  input: endInput,
  logged: ['todoNo', 'userId'],
  output: ended,
  errors: ['unknownDeveloper', 'unknownMember'],
  sample: endSample,
  sampleInput: { agentId: '{appId}', todoNo: '{todoNo}' },
  async handle(ctx: Needs, { input, developer }) {
    const { ended, todos } = await endTodos(ctx, developerAsWriter(ctx, developer), 'withdrawn', input)
    return { ended, total: todos.length }
  },
})

export const getTodoCall = endpoint({
  methods: ['GET'],
  path: '/api/todo/get',
  section: 'wisp',
  summary: { zh: '查询待办', en: 'Get a to-do' },
  description: {
    zh: '一个编号下每个人一条；没有时列表为空。只含数据范围内的人。',
    en: 'One for each person of the number; an empty list when there is none. Only people within your data scope.',
  },
  access: { by: 'developer', scope: 'todo:read' },
  directory: true,
  input: endInput,
  logged: ['todoNo', 'userId'],
  output: Type.Object({ list: Type.Array(todoSchema) }),
  errors: ['unknownDeveloper', 'unknownMember'],
  sample: { list: [sampleTodo] },
  sampleInput: { agentId: '{appId}', todoNo: '{todoNo}' },
  async handle(ctx: Needs, { input, developer }) {
    const filter = await filterOf(ctx, developer, { ...input, kind: undefined, state: undefined })
    const view = viewOf(ctx, developer)
    const page = { limit: todosAtMost, offset: 0, order: 'newest' as const }
    const todos = await store.listTodos(ctx.db, developer.corpId, filter, page)
    return { list: await wiresOf(ctx, view, todos) }
  },
})

async function wiresOf(ctx: Needs, view: View, todos: readonly Todo[]): Promise<TodoWire[]> {
  return (await todoWires(ctx, view, todos)).flatMap(one => one ?? [])
}

const filterInput = {
  agentId: optionalText(
    { zh: '应用，不填为自己的全部应用', en: 'The app; all of your apps without it' },
    { max: 64 },
  ),
  userId,
  kind: optionalChoice({ zh: 'todo 待办；read 待阅', en: 'todo or read' }, ['todo', 'read']),
  state: optionalChoice({ zh: '状态，不填为全部', en: 'State; all without it' }, [
    'open',
    'done',
    'withdrawn',
  ]),
}

type Filter = {
  agentId: string | undefined
  userId: string | undefined
  kind: 'todo' | 'read' | undefined
  state: 'open' | 'done' | 'withdrawn' | undefined
  todoNo?: string
}

/** Throws 1002, 1007. */
async function filterOf(ctx: Needs, developer: Caller, given: Filter): Promise<store.TodoFilter> {
  const { corpId, devId } = developer
  const writer = developerAsWriter(ctx, developer)
  const own = ctx.apps.ofCorp(corpId).filter(app => app.devId === devId)
  return {
    appIds: given.agentId === undefined ? own.map(app => app.id) : [appOf(writer, given.agentId).id],
    memberId: given.userId === undefined ? undefined : (await memberOf(writer, given.userId)).id,
    todoNo: given.todoNo,
    kind: given.kind,
    states: given.state === undefined ? ['open', 'done', 'withdrawn'] : [given.state],
    words: '',
  }
}

export const listTodosCall = endpoint({
  methods: ['GET'],
  path: '/api/todo/list',
  section: 'wisp',
  summary: { zh: '待办列表', en: 'List to-dos' },
  description: {
    zh: '自己应用的待办，新的在前；人不在数据范围内的不返回，但计入 total。',
    en: 'The to-dos of your apps, new ones first; those of people outside of your data scope are left out, and counted in total.',
  },
  access: { by: 'developer', scope: 'todo:read' },
  directory: true,
  input: {
    ...filterInput,
    pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 10_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 50', en: 'How many a page; 50 by default' },
      { min: 1, max: 1000 },
    ),
  },
  logged: ['userId', 'kind', 'state', 'pageNo', 'pageSize'],
  output: Type.Object({
    list: Type.Array(todoSchema),
    total: Type.Integer({ about: { zh: '总数', en: 'How many in all' } }),
  }),
  errors: ['unknownDeveloper', 'unknownMember'],
  sample: { list: [sampleTodo], total: 1 },
  sampleInput: { pageNo: 1, pageSize: 20 },
  async handle(ctx: Needs, { input, developer }) {
    const { pageNo = 1, pageSize = 50 } = input
    const filter = await filterOf(ctx, developer, input)
    const view = viewOf(ctx, developer)
    const page = { limit: pageSize, offset: (pageNo - 1) * pageSize, order: 'newest' as const }
    const [todos, total] = await Promise.all([
      store.listTodos(ctx.db, developer.corpId, filter, page),
      store.countTodos(ctx.db, developer.corpId, filter),
    ])
    return { list: await wiresOf(ctx, view, todos), total }
  },
})

export const countTodosCall = endpoint({
  methods: ['GET'],
  path: '/api/todo/count',
  section: 'wisp',
  summary: { zh: '待办数量', en: 'Count to-dos' },
  description: {
    zh: '自己应用的待办有多少条，可按人、应用、类型和状态。',
    en: 'How many to-dos your apps have, by person, app, kind and state.',
  },
  access: { by: 'developer', scope: 'todo:read' },
  directory: true,
  input: filterInput,
  logged: ['userId', 'kind', 'state'],
  output: Type.Object({ count: Type.Integer({ about: { zh: '数量', en: 'How many' } }) }),
  errors: ['unknownDeveloper', 'unknownMember'],
  sample: { count: 3 },
  sampleInput: { state: 'open' },
  async handle(ctx: Needs, { input, developer }) {
    const filter = await filterOf(ctx, developer, input)
    return { count: await store.countTodos(ctx.db, developer.corpId, filter) }
  },
})

export const reconcileTodosCall = endpoint({
  methods: ['POST'],
  path: '/api/todo/reconcile',
  section: 'wisp',
  summary: { zh: '核对一个人的待办', en: "Reconcile a person's to-dos" },
  description: {
    zh: '把一个人在应用里此刻未办的全部列出：这里没有的新建；这里未办、清单里没有、且在 asOf 之前修改的撤回；之后修改的保留。最多 500 条，有错时全部不变。',
    en: 'Give all that a person has open in the app at a moment: what is missing here is created; what is open here, absent from the list and was changed before asOf is withdrawn; what was changed later stays. Up to 500; when one is wrong nothing changes.',
  },
  access: { by: 'developer', scope: 'todo:write' },
  directory: true,
  input: {
    agentId,
    userId: text({ zh: '待办人的 userId', en: 'userId of the person' }, { max: 64 }),
    asOf: milliseconds({ zh: '清单的时刻，毫秒时间戳', en: 'The moment of the list, in ms since 1970' }),
    list: rowsOf(contentFields, {
      zh: '未办的全部待办；没有时为空数组',
      en: 'All that is open; an empty array when nothing is',
    }),
  },
  logged: ['userId', 'asOf'],
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        todoNo: Type.String({ about: { zh: '待办编号', en: 'Number of the to-do' } }),
        result: Type.Enum(['created', 'updated', 'same', 'stale', 'withdrawn', 'kept'], {
          about: {
            zh: 'created 新建；updated 已更新；same 没有变化；stale 已有更新的版本；withdrawn 已撤回；kept 清单之后修改，保留',
            en: 'created; updated; same; stale: a newer version was there; withdrawn; kept: changed after the list',
          },
        }),
      }),
    ),
  }),
  errors: ['unknownDeveloper', 'unknownMember'],
  sample: { list: [{ todoNo: sampleTodo.todoNo, result: 'withdrawn' }] },
  sampleInput: {
    agentId: '{appId}',
    userId: '{receiver}',
    // Nothing that somebody has open is as old, so that whoever tries the call withdraws nothing.
    asOf: 1_767_225_600_000,
    list: [{ todoNo: 'try-{unique}', title: '试一试', url: 'https://oa.example.com/approve?id=118' }],
  },
  async handle(ctx: Needs, { input, developer }) {
    return { list: await reconcile(ctx, developerAsWriter(ctx, developer), input) }
  },
})

export const setBadgesCall = endpoint({
  methods: ['POST'],
  path: '/api/badge/set',
  section: 'wisp',
  summary: { zh: '设置应用角标', en: "Set numbers on an app's tile" },
  description: {
    zh: '自己计数的应用在工作台上的数字；用待办的应用显示其待办数，不需要设置。最多 500 个，有错时全部不变。',
    en: 'The number on the tile of an app that counts itself; an app with to-dos shows those and needs none. Up to 500; when one is wrong nothing changes.',
  },
  access: { by: 'developer', scope: 'todo:write' },
  directory: true,
  input: { agentId, list: rowsOf(badgeFields, { zh: '成员与数字', en: 'Members and numbers' }) },
  output: Type.Object({ set: Type.Integer({ about: { zh: '设置了几人', en: 'For how many' } }) }),
  errors: ['unknownDeveloper', 'unknownMember'],
  sample: { set: 1 },
  sampleInput: { agentId: '{appId}', list: [{ userId: '{receiver}', count: 3 }] },
  handle(ctx: Needs, { input, developer }) {
    return setBadges(ctx, developerAsWriter(ctx, developer), input.agentId, input.list)
  },
})
