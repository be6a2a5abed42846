/**
 * The folders of todos/: person/ is what people see and do; reminders/ what is due; delegations/ who has what; cards/ cards in
 * WeCom that follow the to-dos; wecom-workbench/ the numbers on WeCom's own workbench.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Apps } from '../apps/catalog.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import type { Outbox } from '../messages/accept/outbox.ts'
import type { Dispatcher } from '../messages/deliver/dispatcher.ts'
import type { Messages } from '../messages/fate/status.ts'
import type { QuietHoursOfCorps } from '../quiet-hours/catalog.ts'
import { todoCommands } from './admin/commands.ts'
import { quietSection, todoAppSection } from './admin/settings-section.ts'
import * as admin from './admin/todo-calls.ts'
import { todoEvents } from './api/event-types.ts'
import * as api from './api/todos-api.ts'
import { todoTools } from './api/tools.ts'
import { takeCardPress } from './cards/take-card-press.ts'
import { handleCards } from './cards/work.ts'
import * as listed from './console/todo-list-calls.ts'
import * as delegations from './delegations/delegation-calls.ts'
import { giveBackTodos } from './delegations/give-back.ts'
import { scheduleHolders } from './delegations/settle-holders.ts'
import { readTodos } from './event-content.ts'
import { delegateMine, endMyDelegation, myDelegations } from './person/my-delegations.ts'
import * as mine from './person/my-todo-calls.ts'
import { handleReminders, scheduleReminders } from './reminders/work.ts'
import { todoPersonal, todoRetention } from './retention.ts'
import * as cardSettings from './settings/card-settings.ts'
import { createTodoSettings, type TodoSettings } from './settings/catalog.ts'
import * as settings from './settings/settings-calls.ts'
import { todoValues } from './trial-values.ts'
import { handleWorkbench } from './wecom-workbench/work.ts'

type Needs = Core & {
  apps: Apps
  corps: Corps
  jobs: Jobs
  mirrors: Mirrors
  offered: FeatureOffers
  queue: Queue
  quietHours: QuietHoursOfCorps
  inbox: Inbox
}
type Services = { todoSettings: TodoSettings }
/** Reminders are messages. */
type LaterServices = {
  dispatcher: Dispatcher
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  outbox: Outbox
}

/** What people have to do in the apps of the corp, in one list (统一待办). */
export const todosFeature = feature<Needs, Services, LaterServices>()({
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
    settings.todoAppSettingsCall,
    settings.saveTodoAppSettings,
    cardSettings.todoCardsCall,
    cardSettings.saveTodoCards,
    delegations.listDelegationsCall,
    delegations.addDelegationCall,
    delegations.endDelegationCall,
    delegations.listLeavers,
    delegations.leaverEstate,
    delegations.passOnCall,
    myDelegations,
    delegateMine,
    endMyDelegation,
  ],
  adminCalls: [
    admin.adminTodoSettings,
    admin.adminSetTodoSettings,
    admin.adminSetTodoCards,
    admin.adminDelegations,
    admin.adminDelegate,
    admin.adminEndDelegation,
    admin.adminLeaver,
    admin.adminPassOn,
  ],
  commands: todoCommands,
  commandGroups: {
    todo: {
      zh: '列出、委托和移交待办，设置提醒',
      en: 'List, delegate and pass on to-dos, set their reminders',
    },
  },
  settings: { todos: quietSection, todoApps: todoAppSection },
  tools: todoTools,
  eventTypes: todoEvents,
  events: readTodos,
  waiting: mine.todosWaiting,
  personal: todoPersonal,
  tables: todoRetention,
  kept: [{ of: 'app', table: 'todo_app_setting', column: 'app_id' }],
  trialValues: todoValues,
  create: ctx => ({ todoSettings: createTodoSettings(ctx, ctx.apps) }),
  readers: ({ todoSettings }) => [todoSettings],
  cardPressed: takeCardPress,
  arrived: giveBackTodos,
  work(ctx) {
    handleCards(ctx)
    handleReminders(ctx)
    handleWorkbench(ctx)
  },
  schedule(ctx) {
    scheduleReminders(ctx)
    scheduleHolders(ctx)
  },
})
