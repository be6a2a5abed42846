import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Apps } from '../apps/catalog.ts'
import { todoEvents } from './api/event-types.ts'
import * as api from './api/todos-api.ts'
import * as listed from './console/todo-list-calls.ts'
import { readTodos } from './event-content.ts'
import * as mine from './person/my-todo-calls.ts'
import { todoRetention } from './retention.ts'
import { todoValues } from './trial-values.ts'

type Needs = Core & { apps: Apps; mirrors: Mirrors }

/** What people have to do in the apps of the corp, in one list (统一待办). */
export const todosFeature = feature<Needs>()({
  name: 'todos',
  scopes: ['todo:read', 'todo:write'],
  calls: [
    api.putTodosCall,
    api.finishTodoCall,
    api.withdrawTodoCall,
    api.getTodoCall,
    api.listTodosCall,
    api.countTodosCall,
    api.reconcileTodosCall,
    api.setBadgesCall,
  ],
  pageCalls: [
    mine.myTodos,
    mine.myTileNumbers,
    mine.openMyTodoCall,
    mine.finishMyTodoCall,
    listed.listTodosOfCorp,
    listed.countTodosByApp,
    listed.exportTodos,
  ],
  eventTypes: todoEvents,
  events: readTodos,
  waiting: mine.todosWaiting,
  tables: todoRetention,
  trialValues: todoValues,
})
