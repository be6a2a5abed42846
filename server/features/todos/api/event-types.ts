import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { sampleTodo, todoSchema } from './todo-schema.ts'

const scope = 'todo:read'
const data = todoSchema
const doneAt = '2026-11-29T03:00:00.000Z'

/** What becomes of the to-dos of a developer's apps. */
export const todoEvents = {
  'todo.opened': {
    title: { zh: '有新的待办，或重新打开', en: 'A to-do was opened, or opened again' },
    when: { zh: '写入成为待处理时', en: 'When it is written and open' },
    ...{ scope, data, sample: sampleTodo },
  },
  'todo.done': {
    title: { zh: '待办已办', en: 'A to-do was done' },
    when: {
      zh: '应用办结，或本人在工作台点「完成」时',
      en: 'When the app finished it, or the person did on the workbench',
    },
    ...{ scope, data, sample: { ...sampleTodo, state: 'done', changedAt: doneAt, endedAt: doneAt } },
  },
  'todo.withdrawn': {
    title: { zh: '待办已撤回', en: 'A to-do was withdrawn' },
    when: {
      zh: '应用撤回，或对账时不在清单里',
      en: 'When the app withdrew it, or it was not in the list when reconciling',
    },
    ...{ scope, data, sample: { ...sampleTodo, state: 'withdrawn', changedAt: doneAt, endedAt: doneAt } },
  },
  'todo.read': {
    title: { zh: '待办被本人打开', en: 'A to-do was opened by its person' },
    when: {
      zh: '本人第一次从 wisp 的链接打开时',
      en: "When the person opens it by wisp's link for the first time",
    },
    ...{ scope, data, sample: { ...sampleTodo, readAt: '2026-11-29T02:00:00.000Z' } },
  },
} as const satisfies EventTypes
