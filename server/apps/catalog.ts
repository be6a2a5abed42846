import type { Context } from '../context.ts'
import { ApiError } from '../http/errors.ts'
import type { Person } from '../people/people.ts'
import type { Menu } from './menus/menu.ts'
import * as store from './store.ts'
import { type Visibility, visibilityFor } from './visibility.ts'

/** An app of the app centre, as every node has it in memory. */
export type App = {
  readonly id: string
  readonly corpId: string
  readonly name: string
  readonly devId: string | null
  readonly agentId: number | null
  readonly enabled: boolean
  /** At least one of the two is given for an app that people can open. */
  readonly homeUrl: string
  readonly mobileUrl: string
  readonly category: string
  readonly description: string
  readonly sortNo: number
  /** How a phone opens it; a desktop always uses a frame. */
  readonly openIn: 'top' | 'frame'
  /** As registered, without those of the home URLs. */
  readonly ownOrigins: readonly string[]
  /** All web origins whose pages may get a ticket: the registered ones and those of the home URLs. */
  readonly origins: readonly string[]
  readonly syncMenu: boolean
  readonly syncUrl: string
  readonly visibility: Visibility
  /** For `/web/apps/icon?id&v`; null: no icon. */
  readonly iconHash: string | null
  /** Null: no menu. */
  readonly menuN: number | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly updatedBy: string
}

export type Apps = {
  reload(): Promise<void>
  /** Larger sortNo first, then in the order they were created. */
  ofCorp(corpId: string): readonly App[]
  find(id: string): App | undefined
  /** Throws 1000 when there is none in this corp. */
  get(corpId: string, id: string): App
  /** The menu that is shown now; [] without one. Read once per version. */
  menuOf(app: App): Promise<Menu>
}

export function noApp(id: string): ApiError {
  return new ApiError('badParameter', { zh: `没有应用 ${id}`, en: `there is no app ${id}` })
}

export function createApps(ctx: Pick<Context, 'db'>): Apps {
  let apps = new Map<string, App>()
  let byCorp = new Map<string, App[]>()
  const menus = new Map<string, { n: number; menu: Promise<Menu> }>()

  return {
    async reload() {
      const rows = await store.allApps(ctx.db)
      apps = new Map(rows.map(app => [app.id, app]))
      byCorp = Map.groupBy(apps.values(), app => app.corpId)
      for (const id of menus.keys()) if (!apps.has(id)) menus.delete(id)
    },
    ofCorp: corpId => byCorp.get(corpId) ?? [],
    find: id => apps.get(id),
    get(corpId, id) {
      const app = apps.get(id)
      if (app?.corpId !== corpId) throw noApp(id)
      return app
    },
    menuOf(app) {
      const n = app.menuN
      if (n === null) return Promise.resolve([])
      const known = menus.get(app.id)
      if (known?.n === n) return known.menu
      const menu = store.menuVersion(ctx.db, app.id, n).then(row => row?.menu ?? [])
      menus.set(app.id, { n, menu })
      menu.catch(() => menus.delete(app.id))
      return menu
    },
  }
}

/**
 * The enabled apps with a home page that this person may see, in the app centre's order. The local administrator, who is
 * in no department, sees all of the corp.
 */
export function visibleApps(ctx: Context, corpId: string, person: Person): App[] {
  const open = ctx.apps.ofCorp(corpId).filter(app => app.enabled && (app.homeUrl || app.mobileUrl))
  if (!person.member) return open
  const sees = visibilityFor(ctx.mirrors.of(corpId), person.member)
  return open.filter(app => sees(app.visibility))
}

/** The menu of an app, sorted; [] for an unknown app or one without a menu. Where an entry leads: `menuUrl` of app-urls.ts. */
export async function menuOf(ctx: Context, appId: string): Promise<Menu> {
  const app = ctx.apps.find(appId)
  return app ? ctx.apps.menuOf(app) : []
}
