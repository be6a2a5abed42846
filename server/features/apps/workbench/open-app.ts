/**
 * Opening an app: `POST /web/portal/open` → this file (may this person see the app, is the address a page of it) →
 * `callers/tickets/tickets.ts` (a jessionId for this person, app and session) → the app's address with the ticket, if it is on
 * the app's own origins → a frame, or the phone itself → the app's server asks `GET /api/user/getInfo`.
 */

import { issueTicket } from '../../../callers/tickets/tickets.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { App } from '../app.ts'
import { menuUrl, takesTicket, ticketUrl } from '../app-urls.ts'
import type { Apps } from '../catalog.ts'
import type { Menu } from '../menus/menu.ts'
import { openableApp, ownerOf, type Workbench } from './workbench.ts'
import * as store from './workbench-store.ts'

/** How an app signs people in, where it is not by a jessionId (app-sign-in/, which is built on this room). */
export type SignInWays = {
  of(appId: string): { kind: 'none' | 'oidc' | 'cas'; isFramed: boolean } | undefined
}

type Needs = Core & { apps: Apps; appSignIns: SignInWays; corps: Corps; mirrors: Mirrors }

const recentKept = 12

/** `path`: a path of the app's menu, or an address on its own origins; undefined means its home page. */
export type OpenRequest = { appId: string; path: string | undefined; isPhone: boolean }

/**
 * The address to show for an app, with a ticket if the page may get one: apps that sign people in by another way get none, and
 * open in a tab of the browser, because frames lose their cookies. The app is noted as opened. Throws 403 for an app
 * that is not open to this person, 1000 for a page that it does not have.
 */
export async function openApp(
  ctx: Needs & { workbench: Workbench },
  corpId: string,
  visitor: Visitor,
  { appId, path, isPhone }: OpenRequest,
): Promise<{ app: App; url: string; menu: Menu; inTab: boolean }> {
  const app = openableApp(ctx, corpId, visitor, appId)
  const menu = await ctx.apps.menuOf(app)
  const url = addressOf(app, menu, isPhone, path)
  const way = ctx.appSignIns.of(app.id)
  const inTab = way !== undefined && way.kind !== 'none' && !way.isFramed
  if (!takesTicket(app, url)) return { app, url, menu, inTab }
  const ticket = await ctx.db.transaction().execute(async tx => {
    await store.noteOpened(tx, corpId, ownerOf(visitor), app.id, recentKept)
    await ctx.workbench.changed(tx, corpId, visitor)
    return way ? undefined : ticketFor(tx, ctx, corpId, visitor, app)
  })
  ctx.workbench.forget(corpId, visitor)
  return { app, url: ticket ? ticketUrl(url, ticket.jessionId) : url, menu, inTab }
}

/** A new ticket for a page that is open already. Throws 403. */
export function renewTicket(ctx: Needs, corpId: string, visitor: Visitor, appId: string) {
  const app = openableApp(ctx, corpId, visitor, appId)
  if (ctx.appSignIns.of(app.id))
    throw new ApiError('badParameter', {
      zh: told`“${app.name}”不用 jessionId 登录，请从工作台打开它`,
      en: told`“${app.name}” does not sign members in by jessionId: open it from the workbench`,
    })
  return ticketFor(ctx.db, ctx, corpId, visitor, app)
}

/** Anybody can craft a link that contains a path, so it must lead to something that the app itself shows. */
function addressOf(app: App, menu: Menu, isPhone: boolean, path: string | undefined): string {
  if (path === undefined) return isPhone ? app.mobileUrl || app.homeUrl : app.homeUrl || app.mobileUrl
  const url = menuUrl(app, path)
  if (url === undefined || !(takesTicket(app, url) || isInMenu(menu, path)))
    throw new ApiError('badParameter', {
      zh: told`“${app.name}”没有这个页面，请从工作台重新打开`,
      en: told`“${app.name}” has no such page: open it from the workbench again`,
    })
  return url
}

/** Whether an app has a page by this path. Throws 1000. */
export async function checkPage(ctx: { apps: Apps }, app: App, path: string): Promise<void> {
  addressOf(app, await ctx.apps.menuOf(app), true, path)
}

function isInMenu(menu: Menu, path: string): boolean {
  return menu.some(item => item.path === path || isInMenu(item.children, path))
}

function ticketFor(db: Db, ctx: Core, corpId: string, visitor: Visitor, app: App) {
  const holder = visitor.member ? { memberId: visitor.member.id } : { adminName: visitor.adminName }
  return issueTicket(db, ctx, { corpId, appId: app.id, sessionId: visitor.sessionId, ...holder })
}
