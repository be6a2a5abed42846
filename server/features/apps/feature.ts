import type { Developers } from '../../callers/developers/developers.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { WecomOptions } from '../../organisation/corps/clients/clients.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import * as adminApps from './admin/app-calls.ts'
import * as adminMenus from './admin/menu-calls.ts'
import { appSection } from './admin/settings-section.ts'
import { type Apps, createApps } from './catalog.ts'
import { appMenuCommands } from './commands/app-menu.ts'
import { appCommands } from './commands/apps.ts'
import { ticketCommands } from './commands/ticket.ts'
import * as appsConsole from './console/apps.ts'
import { listOwnedApps } from './console/owned-apps.ts'
import { getPopupRule, setPopupRule } from './console/popup-rule.ts'
import { appsSearched } from './console/searched.ts'
import { wecomJssdkConfig } from './jssdk/jssdk-api.ts'
import * as menusConsole from './menus/menu-calls.ts'
import { appPersonal, appRetention } from './retention.ts'
import { appsWithGroup } from './store.ts'
import { issueTicketCall } from './ticket-api.ts'
import { appValues } from './trial-values.ts'
import type { SignInWays } from './workbench/open-app.ts'
import { pickerApp, pickerDepartments, pickerMembers, pickerNames, pickerSearch } from './workbench/picker.ts'
import { myProfile } from './workbench/profile.ts'
import { myWaiting } from './workbench/waiting.ts'
import { createWorkbench, type Workbench } from './workbench/workbench.ts'
import * as workbench from './workbench/workbench-calls.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
  roles: Roles
  sessions: Sessions
  wecomOptions: WecomOptions
}
type Services = { apps: Apps; workbench: Workbench }
type LaterServices = { appSignIns: SignInWays }

/** The app centre and the workbench. */
export const appsFeature = feature<Needs, Services, LaterServices>()({
  name: 'apps',
  scopes: ['ticket:issue'],
  calls: [issueTicketCall, wecomJssdkConfig],
  pageCalls: [
    listOwnedApps,
    workbench.getWorkbench,
    myWaiting,
    workbench.openAppCall,
    workbench.freshTicket,
    workbench.reachApp,
    workbench.changeFavourite,
    workbench.orderFavouritesCall,
    pickerApp,
    pickerDepartments,
    pickerMembers,
    pickerNames,
    pickerSearch,
    myProfile,
    getPopupRule,
    setPopupRule,
    appsConsole.listAppsCall,
    appsConsole.getApp,
    appsConsole.appChoices,
    appsConsole.addAppCall,
    appsConsole.saveApp,
    appsConsole.enableApp,
    appsConsole.appDependants,
    appsConsole.removeAppCall,
    appsConsole.countVisibleCall,
    appsConsole.appIcon,
    menusConsole.getMenu,
    menusConsole.saveMenuCall,
    menusConsole.syncMenuCall,
    menusConsole.listMenuVersions,
    menusConsole.listMenuAttempts,
    menusConsole.menuDifferenceCall,
    menusConsole.rollBackMenuCall,
  ],
  adminCalls: [
    adminApps.adminApps,
    adminApps.adminAddApp,
    adminApps.adminSetApp,
    adminApps.adminRemoveApp,
    adminMenus.adminMenu,
    adminMenus.adminSyncMenu,
    adminMenus.adminRollBackMenu,
  ],
  inRange: { kind: 'app', list: ({ apps }, corpId) => apps.ofCorp(corpId) },
  search: { apps: appsSearched },
  commands: [...appCommands, ...appMenuCommands, ...ticketCommands],
  commandGroups: {
    app: { zh: '创建、修改和删除应用中心的应用', en: 'Create, change and delete the apps of the app centre' },
    ticket: { zh: '为成员签发打开应用的 jessionId', en: 'Issue jessionIds with which members open apps' },
  },
  settings: { apps: appSection },
  personal: appPersonal,
  async groupUses(_ctx, tx, corpId, groupId) {
    const apps = groupId === undefined ? [] : await appsWithGroup(tx, corpId, groupId)
    return apps.map(({ id, name }) => ({
      zh: `应用“${name}”`,
      en: `the app "${name}"`,
      point: 'app:edit',
      appId: id,
    }))
  },
  tables: appRetention,
  kept: [
    {
      of: 'app',
      table: 'app',
      column: 'id',
      refers: { column: 'dev_id', table: 'developer', key: 'dev_id', otherwise: 'null' },
    },
    { of: 'app', table: 'app_icon', column: 'app_id' },
    { of: 'app', table: 'app_menu_version', column: 'app_id' },
    { of: 'developer', table: 'app', column: 'dev_id', onlyReference: 'id' },
  ],
  trialValues: appValues,
  async create(ctx) {
    const apps = createApps(ctx)
    return { apps, workbench: await createWorkbench({ ...ctx, apps }) }
  },
  readers: ({ apps }) => [apps],
  drain: ({ workbench }) => workbench.unread.stopWaiting(),
})
