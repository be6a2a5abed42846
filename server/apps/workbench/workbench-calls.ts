import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Core } from '../../core.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { ApiError } from '../../http/errors.ts'
import { choice, optionalChoice, optionalIds, optionalText, text } from '../../http/input.ts'
import { ready } from '../../http/output.ts'
import { pageCall, person } from '../../http/page-call.ts'
import type { Visitor } from '../../people/sessions.ts'
import { issueTicket } from '../../people/tickets.ts'
import type { Outbound } from '../../security/outbound.ts'
import type { Db } from '../../storage/db.ts'
import type { App } from '../app.ts'
import { menuUrl, takesTicket, ticketUrl } from '../app-urls.ts'
import type { Apps } from '../catalog.ts'
import type { Menu } from '../menus/menu.ts'
import { menuSchema } from '../menus/menu.ts'
import { popupsAreLimited } from '../popup-rule.ts'
import { reachOf } from '../reach.ts'
import type { Workbench } from './workbench.ts'
import { openableApp, ownerOf, workbenchSchema } from './workbench.ts'
import * as store from './workbench-store.ts'

type Needs = Core & { workbench: Workbench }

const recentKept = 12
const favouritesAtMost = 100
const appId = text('应用 id', { max: 64 })

/** Answers with ready bytes and an ETag. */
export const getWorkbench = pageCall({
  method: 'GET',
  path: '/web/portal/workbench',
  access: person,
  input: {},
  output: workbenchSchema,
  handle(ctx: Needs, { visitor, corpId }) {
    const answer = ({ bytes, etag }: { bytes: Buffer; etag: string }) => ready({ envelope: bytes, etag })
    const kept = ctx.workbench.kept(corpId, visitor)
    return kept ? answer(kept) : ctx.workbench.read(corpId, visitor).then(answer)
  },
})

const openedAppSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  /** Contains a ticket if the page may get one. */
  url: Type.String(),
  /** False when the page must be opened top-level instead of in a frame. */
  frame: Type.Boolean(),
  /** Origins whose window messages are accepted and whose pages get tickets. */
  origins: Type.Array(Type.String()),
  menu: menuSchema,
  /** True when popups may only show pages of `origins`. */
  popupsLimited: Type.Boolean(),
})
export type OpenedApp = Static<typeof openedAppSchema>

export const openApp = pageCall({
  method: 'POST',
  path: '/web/portal/open',
  access: person,
  directory: true,
  input: {
    appId,
    menuPath: optionalText('菜单项的 path，或应用自己网站上的地址；默认主页', { max: 2000 }),
    device: optionalChoice('默认 desktop', ['desktop', 'phone']),
  },
  output: openedAppSchema,
  async handle(
    ctx: Core & { apps: Apps; mirrors: Mirrors; workbench: Workbench },
    { input, visitor, corpId },
  ): Promise<OpenedApp> {
    const app = openableApp(ctx, corpId, visitor, input.appId)
    const menu = await ctx.apps.menuOf(app)
    const isPhone = input.device === 'phone'
    const url = addressOf(app, menu, isPhone, input.menuPath)
    const jessionId = takesTicket(app, url) ? await openedTicket(ctx, corpId, visitor, app) : undefined
    return {
      id: app.id,
      title: app.name,
      url: jessionId === undefined ? url : ticketUrl(url, jessionId),
      frame: !isPhone || app.openIn === 'frame',
      origins: [...app.origins],
      menu,
      popupsLimited: await popupsAreLimited(ctx.db, corpId),
    }
  },
})

/** Anybody can craft a link that contains a path, so it must lead to something that the app itself shows. */
function addressOf(app: App, menu: Menu, isPhone: boolean, path: string | undefined): string {
  if (path === undefined) return isPhone ? app.mobileUrl || app.homeUrl : app.homeUrl || app.mobileUrl
  const url = menuUrl(app, path)
  if (url === undefined || !(takesTicket(app, url) || isInMenu(menu, path)))
    throw new ApiError('badParameter', {
      zh: `「${app.name}」没有这个页面`,
      en: `'${app.name}' has no such page`,
    })
  return url
}

function isInMenu(menu: Menu, path: string): boolean {
  return menu.some(item => item.path === path || isInMenu(item.children, path))
}

async function openedTicket(ctx: Needs, corpId: string, visitor: Visitor, app: App): Promise<string> {
  const { jessionId } = await ctx.db.transaction().execute(async tx => {
    await store.noteOpened(tx, corpId, ownerOf(visitor), app.id, recentKept)
    await ctx.workbench.changed(tx, corpId, visitor)
    return ticketFor(tx, ctx, corpId, visitor, app)
  })
  ctx.workbench.forget(corpId, visitor)
  return jessionId
}

function ticketFor(db: Db, ctx: Core, corpId: string, visitor: Visitor, app: App) {
  const holder = visitor.member ? { memberId: visitor.member.id } : { adminName: visitor.adminName }
  return issueTicket(db, ctx, { corpId, appId: app.id, sessionId: visitor.sessionId, ...holder })
}

/** Gives a new ticket to an open page that asks the portal for one. */
export const freshTicket = pageCall({
  method: 'POST',
  path: '/web/portal/ticket',
  access: person,
  directory: true,
  input: { appId },
  output: Type.Object({
    jessionId: Type.String(),
    expiresIn: Type.Number(),
  }),
  async handle(ctx: Core & { apps: Apps; mirrors: Mirrors }, { input, visitor, corpId }) {
    const app = openableApp(ctx, corpId, visitor, input.appId)
    return ticketFor(ctx.db, ctx, corpId, visitor, app)
  },
})

/** Whether an opened app responds and may be shown in a frame. */
export const reachApp = pageCall({
  method: 'POST',
  path: '/web/portal/reach',
  access: person,
  directory: true,
  input: { appId },
  output: Type.Object({
    reach: Type.Enum(['ok', 'down', 'broken', 'slow', 'unframed', 'unknown']),
  }),
  async handle(
    ctx: Core & { apps: Apps; mirrors: Mirrors; outbound: Outbound },
    { input, visitor, corpId, request },
  ) {
    const app = openableApp(ctx, corpId, visitor, input.appId)
    return { reach: await reachOf(ctx, app.homeUrl || app.mobileUrl, originOf(ctx, request)) }
  },
})

function originOf(ctx: Core, request: FastifyRequest): string {
  return request.headers.origin ?? new URL(ctx.publicUrl()).origin
}

export const changeFavourite = pageCall({
  method: 'POST',
  path: '/web/portal/favourites',
  access: person,
  directory: true,
  input: { appId, act: choice('做什么', ['put', 'drop']) },
  output: Type.Object({}),
  async handle(
    ctx: Core & { apps: Apps; mirrors: Mirrors; workbench: Workbench },
    { input, visitor, corpId },
  ) {
    const owner = ownerOf(visitor)
    if (input.act === 'put') openableApp(ctx, corpId, visitor, input.appId)
    await ctx.db.transaction().execute(async tx => {
      if (input.act === 'drop') await store.dropFavourite(tx, corpId, owner, input.appId)
      else if (!(await store.putFavourite(tx, corpId, owner, input.appId, favouritesAtMost)))
        throw new ApiError('badParameter', {
          zh: `常用应用最多 ${favouritesAtMost} 个`,
          en: `at most ${favouritesAtMost} apps can be favourites`,
        })
      await ctx.workbench.changed(tx, corpId, visitor)
    })
    ctx.workbench.forget(corpId, visitor)
    return {}
  },
})

export const orderFavourites = pageCall({
  method: 'POST',
  path: '/web/portal/favourites/order',
  access: person,
  input: { appIds: optionalIds('应用 id，按想要的顺序', { max: favouritesAtMost }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await ctx.db.transaction().execute(async tx => {
      await store.orderFavourites(tx, corpId, ownerOf(visitor), input.appIds)
      await ctx.workbench.changed(tx, corpId, visitor)
    })
    ctx.workbench.forget(corpId, visitor)
    return {}
  },
})
