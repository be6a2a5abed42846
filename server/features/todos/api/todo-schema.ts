import { type Static, Type } from 'typebox'
import type { View } from '../../../organisation/directory/read/view.ts'
import { visibleMember } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import { peopleById } from '../people/people-store.ts'
import type { Todo } from '../todo.ts'

const timeText = (zh: string, en: string) => Type.String({ about: { zh, en } })

/** A to-do as its app's developer sees it. */
export const todoSchema = Type.Object({
  todoId: Type.String({ about: { zh: '待办 id', en: 'Id of the to-do' } }),
  agentId: Type.String({ about: { zh: '应用 id', en: 'Id of the app' } }),
  todoNo: Type.String({ about: { zh: '待办编号', en: 'Number of the to-do' } }),
  userId: Type.String({ about: { zh: '待办人现在的 userId', en: 'userId of the person now' } }),
  userName: Type.String({ about: { zh: '待办人的姓名', en: 'Name of the person' } }),
  holderUserId: Type.String({
    about: {
      zh: '现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空',
      en: 'userId of who has it now: not userId when it is delegated or passed on; empty outside of your data scope',
    },
  }),
  holderName: Type.String({ about: { zh: '现在由谁处理的姓名', en: 'Name of who has it now' } }),
  kind: Type.Enum(['todo', 'read'], {
    about: { zh: 'todo 待办；read 待阅', en: 'todo, or read: something to read' },
  }),
  state: Type.Enum(['open', 'done', 'withdrawn'], {
    about: { zh: 'open 待处理；done 已办；withdrawn 已撤回', en: 'open; done; withdrawn' },
  }),
  title: Type.String({ about: { zh: '标题', en: 'Title' } }),
  pcUrl: Type.String({ about: { zh: '电脑上打开的地址', en: 'Where it is done on a desktop' } }),
  mobileUrl: Type.String({ about: { zh: '手机上打开的地址', en: 'Where it is done on a phone' } }),
  sender: Type.String({ about: { zh: '发起人', en: 'Who sent it' } }),
  process: Type.String({ about: { zh: '流程名称', en: 'Name of the process' } }),
  step: Type.String({ about: { zh: '当前环节', en: 'Current step' } }),
  content: Type.String({ about: { zh: '说明', en: 'More about it' } }),
  priority: Type.Enum(['0', '1', '2'], {
    about: { zh: '0 普通；1 重要；2 紧急', en: '0 normal, 1 important, 2 urgent' },
  }),
  finishBy: Type.Enum(['app', 'person'], { about: { zh: '由谁办结', en: 'Who finishes it' } }),
  version: Type.String({
    about: { zh: '发送方的毫秒时间戳，没有则为空', en: "The sender's time in ms; empty without one" },
  }),
  dueAt: timeText('截止时间，没有则为空', 'Due at; empty without one'),
  createdAt: timeText('发起时间', 'Sent at'),
  changedAt: timeText('最近一次修改', 'Last changed at'),
  readAt: timeText('本人首次打开的时间，没有则为空', 'When the person first opened it; empty before'),
  endedAt: timeText('办结或撤回的时间，没有则为空', 'When it was done or withdrawn; empty before'),
})
export type TodoWire = Static<typeof todoSchema>

export const sampleTodo: TodoWire = {
  todoId: '2048',
  agentId: 'app1f0c2a9e8d7b',
  todoNo: 'leave-2026-118',
  userId: 'zhangsan',
  userName: '张三',
  holderUserId: 'zhangsan',
  holderName: '张三',
  kind: 'todo',
  state: 'open',
  title: '李四的请假申请',
  pcUrl: 'https://oa.example.com/approve?id=118',
  mobileUrl: 'https://oa.example.com/m/approve?id=118',
  sender: '李四',
  process: '请假',
  step: '部门审批',
  content: '事假一天',
  priority: '1',
  finishBy: 'app',
  version: '1795996800000',
  dueAt: '2026-12-01T10:00:00.000Z',
  createdAt: '2026-11-29T01:00:00.000Z',
  changedAt: '2026-11-29T01:00:01.000Z',
  readAt: '',
  endedAt: '',
}

/**
 * To-dos as their app's developer sees them, in order; undefined for those of people whom the developer does not see (any more). Who has
 * left is still named where somebody whom the developer sees has got what they had.
 */
export async function todoWires(
  ctx: Core,
  view: View,
  todos: readonly Todo[],
): Promise<(TodoWire | undefined)[]> {
  const seen = (id: number) => visibleMember(view, view.mirror.members.byId(id))
  const strange = todos.filter(one => one.memberId !== one.holderId && !seen(one.memberId))
  const left = new Map(
    (await peopleById(ctx.db, view.mirror.corpId, [...new Set(strange.map(one => one.memberId))])).map(
      one => [one.id, one],
    ),
  )
  return todos.map(todo => {
    const holder = seen(todo.holderId)
    const person = seen(todo.memberId) ?? (holder && left.get(todo.memberId))
    return person && wireOf(todo, person, holder)
  })
}

type PersonName = { readonly userId: string; readonly name: string }

function wireOf(todo: Todo, person: PersonName, holder: PersonName | undefined): TodoWire {
  const { id, appId, priority, version } = todo
  const when = (at: Date | null) => at?.toISOString() ?? ''
  return {
    todoId: String(id),
    agentId: appId,
    todoNo: todo.todoNo,
    userId: person.userId,
    userName: person.name,
    holderUserId: holder?.userId ?? '',
    holderName: holder?.name ?? '',
    kind: todo.kind,
    state: todo.state,
    title: todo.title,
    pcUrl: todo.pcUrl,
    mobileUrl: todo.mobileUrl,
    sender: todo.sender,
    process: todo.process,
    step: todo.step,
    content: todo.content,
    finishBy: todo.finishBy,
    priority: String(priority) as TodoWire['priority'],
    version: version === null ? '' : String(version),
    dueAt: when(todo.dueAt),
    createdAt: when(todo.createdAt),
    changedAt: when(todo.changedAt),
    readAt: when(todo.readAt),
    endedAt: when(todo.endedAt),
  }
}
