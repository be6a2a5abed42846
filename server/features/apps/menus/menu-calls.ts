import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalInteger, structured, text } from '../../../platform/http/input.ts'
import { onPage, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import type { Apps } from '../catalog.ts'
import * as store from '../store.ts'
import { menuSchema } from './menu.ts'
import { menuChangeSchema, menuDifference } from './menu-difference.ts'
import { type SyncOutcome, syncMenu, syncOutcomeSchema, whyNotSynced } from './menu-sync.ts'
import { menuVersionsOf, rollBackMenu, saveMenu, storedMenuSchema, versionOf } from './versions.ts'

type Needs = Core & { apps: Apps }

const appId = text('应用 id', { max: 64 })
const number = { min: 1, max: 2_147_483_647 }
const needed = (description: string) => ({ ...optionalInteger(description, number), required: true })

const attemptRowSchema = Type.Object({
  outcome: Type.Enum(['new', 'same', 'failed']),
  actor: Type.String(),
  n: Type.Union([Type.Number(), Type.Null()]),
  items: Type.Number(),
  /** The beginning of the answer, without the ticket. */
  answer: Type.String(),
  ms: Type.Number(),
  error: Type.String(),
  at: Type.String(),
})
export type AttemptRow = Static<typeof attemptRowSchema>

export const getMenu = pageCall({
  method: 'GET',
  path: '/web/apps/menu',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  input: { id: appId },
  output: Type.Object({
    id: Type.String(),
    name: Type.String(),
    /** Relative paths in the menu start from this URL. */
    homeUrl: Type.String(),
    syncMenu: Type.Boolean(),
    syncUrl: Type.String(),
    /** Why the sync button is disabled; null when it is enabled. */
    notSynced: Type.Union([Type.String(), Type.Null()]),
    /** Number of the current version; null without a menu. */
    n: Type.Union([Type.Number(), Type.Null()]),
    menu: menuSchema,
    lastAttempt: Type.Union([attemptRowSchema, Type.Null()]),
  }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const app = ctx.apps.get(corpId, input.id)
    const notSynced = whyNotSynced(app)
    const language = languageOf(request.headers['accept-language'])
    const [last] = await store.attempts(ctx.db, app.id, 1)
    return {
      id: app.id,
      name: app.name,
      homeUrl: app.homeUrl || app.mobileUrl,
      syncMenu: app.syncMenu,
      syncUrl: app.syncUrl,
      notSynced: notSynced ? wordsIn(language, notSynced) : null,
      n: app.menuN,
      menu: await ctx.apps.menuOf(app),
      lastAttempt: last ? attemptRow(language, last) : null,
    }
  },
})

function attemptRow(language: Language, attempt: store.MenuAttempt): AttemptRow {
  return { ...store.attemptIn(language, attempt), at: attempt.at.toISOString() }
}

export const saveMenuCall = pageCall({
  method: 'POST',
  path: '/web/apps/menu/save',
  range: 'app',
  access: administrator('super'),
  point: 'app:edit',
  input: {
    id: appId,
    basedOn: optionalInteger('编辑时的菜单版本；没有菜单时不填', number),
    menuList: structured('菜单', Type.Array(Type.Unknown(), { maxItems: 5000 })),
  },
  output: storedMenuSchema,
  handle: (ctx: Needs, { input, visitor, corpId }) =>
    saveMenu(ctx, visitor.actor, ctx.apps.get(corpId, input.id), input.menuList, input.basedOn ?? null),
})

export const syncMenuCall = pageCall({
  method: 'POST',
  path: '/web/apps/menu/sync',
  range: 'app',
  access: administrator('super'),
  point: 'app:edit',
  outgoing: true,
  input: { id: appId },
  output: syncOutcomeSchema,
  async handle(
    ctx: Core & { apps: Apps; outbound: Outbound },
    { input, visitor, corpId, request },
  ): Promise<SyncOutcome> {
    const synced = await syncMenu(ctx, visitor, ctx.apps.get(corpId, input.id))
    return store.attemptIn(languageOf(request.headers['accept-language']), synced)
  },
})

const menuVersionRowSchema = Type.Object({
  actor: Type.String(),
  n: Type.Number(),
  items: Type.Number(),
  source: Type.Enum(['sync', 'edit', 'rollback']),
  createdAt: Type.String(),
  isCurrent: Type.Boolean(),
})

export const listMenuVersions = pageCall({
  method: 'GET',
  path: '/web/apps/menu/versions',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  input: { id: appId, ...paging },
  output: Type.Object({
    list: Type.Array(menuVersionRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, corpId }) {
    const all = await menuVersionsOf(ctx, ctx.apps.get(corpId, input.id))
    return {
      list: onPage(all, input).map(one => ({ ...one, createdAt: one.createdAt.toISOString() })),
      total: all.length,
    }
  },
})

export const listMenuAttempts = pageCall({
  method: 'GET',
  path: '/web/apps/menu/attempts',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  input: { id: appId, ...paging },
  output: Type.Object({
    list: Type.Array(attemptRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const all = await store.attempts(ctx.db, ctx.apps.get(corpId, input.id).id, 200)
    const language = languageOf(request.headers['accept-language'])
    const list = onPage(all, input).map(one => attemptRow(language, one))
    return { list, total: all.length }
  },
})

/** `menu` is the menu of version `to`, for a preview. */
export const menuDifferenceCall = pageCall({
  method: 'GET',
  path: '/web/apps/menu/difference',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  input: { id: appId, from: needed('旧版本'), to: needed('新版本') },
  output: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    changes: Type.Array(menuChangeSchema),
    menu: menuSchema,
  }),
  async handle(ctx: Needs, { input, corpId }) {
    const app = ctx.apps.get(corpId, input.id)
    const [from, to] = [input.from ?? 0, input.to ?? 0]
    const [before, after] = await Promise.all([versionOf(ctx.db, app, from), versionOf(ctx.db, app, to)])
    return { from, to, changes: menuDifference(before.menu, after.menu), menu: after.menu }
  },
})

export const rollBackMenuCall = pageCall({
  method: 'POST',
  path: '/web/apps/menu/rollback',
  range: 'app',
  access: administrator('super'),
  point: 'app:edit',
  input: { id: appId, n: needed('恢复到哪个版本') },
  output: storedMenuSchema,
  handle: (ctx: Needs, { input, visitor, corpId }) =>
    rollBackMenu(ctx, visitor.actor, ctx.apps.get(corpId, input.id), input.n ?? 0),
})
