import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { choice, optionalChoice, optionalIds, optionalText, text } from '../../../platform/http/input.ts'
import { ready } from '../../../platform/http/output.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import type { Apps } from '../catalog.ts'
import { menuSchema } from '../menus/menu.ts'
import { popupsAreLimited } from '../popup-rule.ts'
import { reachOfApp } from '../reach.ts'
import { dropFavourite, favouritesAtMost, orderFavourites, putFavourite } from './arrange.ts'
import { openApp, renewTicket, type SignInWays } from './open-app.ts'
import { openableApp, type Workbench, workbenchSchema } from './workbench.ts'

type Needs = Core & { workbench: Workbench }

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
  /** Whether it opens in a tab of the browser: its cookies would be lost in a frame. */
  tab: Type.Boolean(),
  /** Origins whose window messages are accepted and whose pages get tickets. */
  origins: Type.Array(Type.String()),
  menu: menuSchema,
  /** True when popups may only show pages of `origins`. */
  popupsLimited: Type.Boolean(),
})
export type OpenedApp = Static<typeof openedAppSchema>

export const openAppCall = pageCall({
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
    ctx: Core & { apps: Apps; appSignIns: SignInWays; corps: Corps; mirrors: Mirrors; workbench: Workbench },
    { input, visitor, corpId },
  ): Promise<OpenedApp> {
    const isPhone = input.device === 'phone'
    const wanted = { appId: input.appId, path: input.menuPath, isPhone }
    const { app, url, menu, inTab } = await openApp(ctx, corpId, visitor, wanted)
    return {
      id: app.id,
      title: app.name,
      url,
      frame: !inTab && (!isPhone || app.openIn === 'frame'),
      tab: inTab,
      origins: [...app.origins],
      menu,
      popupsLimited: await popupsAreLimited(ctx.db, corpId),
    }
  },
})

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
  handle: (
    ctx: Core & { apps: Apps; appSignIns: SignInWays; corps: Corps; mirrors: Mirrors },
    { input, visitor, corpId },
  ) => renewTicket(ctx, corpId, visitor, input.appId),
})

/** Whether an opened app responds and may be shown in a frame. */
export const reachApp = pageCall({
  method: 'POST',
  path: '/web/portal/reach',
  access: person,
  outgoing: 'handler',
  directory: true,
  input: { appId },
  output: Type.Object({
    reach: Type.Enum(['ok', 'down', 'broken', 'slow', 'unframed', 'unknown']),
  }),
  async handle(
    ctx: Core & { apps: Apps; corps: Corps; mirrors: Mirrors; outbound: Outbound },
    { input, visitor, corpId, request, goOut },
  ) {
    const app = openableApp(ctx, corpId, visitor, input.appId)
    const look = { corpId, url: app.homeUrl || app.mobileUrl, portalOrigin: originOf(ctx, request) }
    return { reach: await reachOfApp(ctx, look, goOut) }
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
    ctx: Core & { apps: Apps; corps: Corps; mirrors: Mirrors; workbench: Workbench },
    { input, visitor, corpId },
  ) {
    const change = input.act === 'put' ? putFavourite : dropFavourite
    await change(ctx, corpId, visitor, input.appId)
    return {}
  },
})

export const orderFavouritesCall = pageCall({
  method: 'POST',
  path: '/web/portal/favourites/order',
  access: person,
  input: { appIds: optionalIds('应用 id，按想要的顺序', { max: favouritesAtMost }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await orderFavourites(ctx, corpId, visitor, input.appIds)
    return {}
  },
})
