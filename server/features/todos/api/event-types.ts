import { Type } from 'typebox'
import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { sampleTodo, todoSchema } from './todo-schema.ts'

const scope = 'todo:read'
const data = todoSchema
const doneAt = '2026-11-29T03:00:00.000Z'

const ofNow = {
  zh: 'data 是发送时的内容：在此期间已办或已撤回的，state 为 done 或 withdrawn',
  en: 'data is as of sending: when it was done or withdrawn in the meantime, state is done or withdrawn',
}

/** What becomes of the to-dos of a developer's apps. */
export const todoEvents = {
  'todo.opened': {
    title: { zh: '有新的待办，或重新打开', en: 'A to-do was opened, or opened again' },
    when: {
      zh: `写入成为待处理时。${ofNow.zh}`,
      en: `When it is written and open. ${ofNow.en}`,
    },
    scope,
    data,
    sample: sampleTodo,
  },
  'todo.done': {
    title: { zh: '待办已办', en: 'A to-do was done' },
    when: {
      zh: '应用办结，或本人在工作台点「完成」时',
      en: 'When the app finished it, or the person did on the workbench',
    },
    scope,
    data,
    sample: { ...sampleTodo, state: 'done', changedAt: doneAt, endedAt: doneAt },
  },
  'todo.withdrawn': {
    title: { zh: '待办已撤回', en: 'A to-do was withdrawn' },
    when: {
      zh: '应用撤回，或对账时不在清单里',
      en: 'When the app withdrew it, or it was not in the list when reconciling',
    },
    scope,
    data,
    sample: { ...sampleTodo, state: 'withdrawn', changedAt: doneAt, endedAt: doneAt },
  },
  'todo.read': {
    title: { zh: '待办被本人打开', en: 'A to-do was opened by its person' },
    when: {
      zh: '本人第一次从 wisp 的链接打开时',
      en: "When the person opens it by wisp's link for the first time",
    },
    scope,
    data,
    sample: { ...sampleTodo, readAt: '2026-11-29T02:00:00.000Z' },
  },
  'todo.overdue': {
    title: { zh: '待办超时', en: 'A to-do is overdue' },
    when: {
      zh: '截止时间已过而仍待处理时，每个截止时间一次',
      en: 'When its due time passes while it is open, once for each due time',
    },
    scope,
    data,
    sample: sampleTodo,
  },
  'todo.transferred': {
    title: { zh: '待办换人处理', en: 'A to-do changed hands' },
    when: {
      zh: '委托开始或结束，或离职人员的待办移交给别人时；编号和 userId 不变',
      en: 'When a delegation begins or ends, or what a leaver had is passed on; number and userId stay',
    },
    scope,
    data: Type.Object({
      ...todoSchema.properties,
      from: Type.String({ about: { zh: '原来由谁处理的 userId', en: 'userId of who had it' } }),
      to: Type.String({ about: { zh: '现在由谁处理的 userId', en: 'userId of who has it now' } }),
    }),
    sample: { ...sampleTodo, holderUserId: 'lisi', holderName: '李四', from: 'zhangsan', to: 'lisi' },
  },
} as const satisfies EventTypes
