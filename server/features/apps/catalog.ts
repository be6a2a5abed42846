import type { Corps } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { App } from './app.ts'
import { withAddress } from './builtin.ts'
import type { Menu } from './menus/menu.ts'
import * as store from './store.ts'
import { visibilityFor } from './visibility.ts'

export type Apps = {
  /** Rereads the apps of one corp, or of all corps. */
  reload(corpId?: string): Promise<void>
  /** Sorted by larger sortNo first, then by creation. */
  ofCorp(corpId: string): readonly App[]
  find(id: string): App | undefined
  /** Throws 1000 when the corp has no such app. */
  get(corpId: string, id: string): App
  /** The current menu; [] without one. Read once per version. */
  menuOf(app: App): Promise<Menu>
}

export function noApp(id: string): ApiError {
  return new ApiError('badParameter', { zh: told`没有应用 ${id}`, en: told`there is no app ${id}` })
}

export function createApps(ctx: Core & { corps: Corps }): Apps {
  let apps = new Map<string, App>()
  let byCorp = new Map<string, App[]>()
  const menus = new Map<string, { n: number; menu: Promise<Menu> }>()

  return {
    async reload(corpId) {
      const read = (await store.allApps(ctx.db, corpId)).map(app => withAddress(ctx, app))
      const others = [...apps.values()].filter(app => corpId !== undefined && app.corpId !== corpId)
      apps = new Map([...others, ...read].map(app => [app.id, app]))
      // The lists of the other corps stay the same objects, so what was derived from them stays valid.
      if (corpId === undefined) byCorp = Map.groupBy(read, app => app.corpId)
      else byCorp.set(corpId, read)
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
 * The enabled apps with a home page that this person may see, in the app centre's order. The local administrator, who
 * is in no department, sees all apps of the corp.
 */
export function visibleApps(
  ctx: Core & { apps: Apps; corps: Corps; mirrors: Mirrors },
  corpId: string,
  person: Person,
): App[] {
  const open = ctx.apps
    .ofCorp(corpId)
    .filter(app => app.enabled && (app.homeUrl || app.mobileUrl))
    // A built-in app has the name of the feature that answers it.
    .filter(({ builtin }) => builtin === null || isOn(ctx, corpId, builtin))
  if (!person.member) return open
  const sees = visibilityFor(ctx.mirrors.of(corpId), person.member)
  return open.filter(app => sees(app.visibility))
}

/**
 * The menu of an app, sorted; [] for an unknown app or one without a menu. `menuUrl` of app-urls.ts tells where an
 * entry leads.
 */
export async function menuOf(ctx: Core & { apps: Apps }, appId: string): Promise<Menu> {
  const app = ctx.apps.find(appId)
  return app ? ctx.apps.menuOf(app) : []
}
