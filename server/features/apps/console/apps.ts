import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import { allDevelopers } from '../../../callers/developers/store.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  flag,
  optionalChoice,
  optionalInteger,
  optionalText,
  structured,
  text,
} from '../../../platform/http/input.ts'
import { maybeOrderOf, onPage, paging, sorting } from '../../../platform/http/list-input.ts'
import { fileSchema, ready } from '../../../platform/http/output.ts'
import { administrator, pageCall, person } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type Language, languageOf } from '../../../platform/words.ts'
import { addApp, listApps, removeApp, setApp, whatDependsOn } from '../apps.ts'
import type { Apps } from '../catalog.ts'
import { findIcon } from '../icon-store.ts'
import { type SyncResult, syncAfterSave, syncOutcomeSchema } from '../menus/menu-sync.ts'
import * as store from '../store.ts'
import { countVisible, toEveryone, visibilityOf } from '../visibility.ts'
import { appDetail, appDetailSchema, appRow, appRowSchema, fits, toSettings } from './app-view.ts'

type Needs = Core & { apps: Apps }

const appId = text('应用 id', { max: 64 })
const optional = Type.Optional
const ids = Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 1000 })

export const visibilityShape = Type.Object({
  everyone: Type.Boolean(),
  departments: ids,
  userIds: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 1000 }),
  tags: ids,
  groups: optional(ids),
})

const settingsShape = Type.Object({
  name: optional(Type.String({ maxLength: 64 })),
  devId: optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
  agentId: optional(Type.Union([Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), Type.Null()])),
  homeUrl: optional(Type.String({ maxLength: 2000 })),
  mobileUrl: optional(Type.String({ maxLength: 2000 })),
  category: optional(Type.String({ maxLength: 32 })),
  description: optional(Type.String({ maxLength: 500 })),
  sortNo: optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  openIn: optional(Type.Union([Type.Literal('top'), Type.Literal('frame')])),
  origins: optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 20 })),
  syncMenu: optional(Type.Boolean()),
  payShortcut: optional(Type.Boolean()),
  syncUrl: optional(Type.String({ maxLength: 2000 })),
  visibility: optional(visibilityShape),
  icon: optional(Type.Union([Type.String({ maxLength: 400_000 }), Type.Null()])),
})
const settings = structured('设置；icon 是 base64，null 表示去掉', settingsShape)

export const listAppsCall = pageCall({
  method: 'GET',
  path: '/web/apps/list',
  range: 'apps',
  access: administrator('super'),
  point: 'app:read',
  input: {
    text: optionalText('名称、拼音、id、分类或地址', { max: 64 }),
    enabled: optionalChoice('状态', ['1', '0']),
    developer: optionalText('devId；none 表示没有开发者', { max: 64 }),
    category: optionalText('分类', { max: 32 }),
    ...paging,
    sort: sorting,
  },
  output: Type.Object({
    list: Type.Array(appRowSchema),
    total: Type.Number(),
    categories: Type.Array(Type.String()),
  }),
  async handle(
    ctx: Core & { corps: Corps; developers: Developers },
    { input, corpId, request, visitor: { only } },
  ) {
    const all = (await listApps(ctx, corpId)).filter(({ id }) => !only || only.appIds.has(id))
    const found = all.filter(app => fits(ctx, app, input))
    const sort = maybeOrderOf(input.sort, ['name', 'category', 'sortNo', 'updatedAt', 'createdAt'])
    if (sort) found.sort((a, b) => sort.sign * compare[sort.by](a, b) || (a.id < b.id ? -1 : 1))
    const last = await store.lastAttempts(ctx.db, corpId)
    const language = languageOf(request.headers['accept-language'])
    return {
      list: onPage(found, input).map(app => appRow(ctx, app, last.get(app.id), language)),
      total: found.length,
      categories: [...new Set(all.map(app => app.category).filter(Boolean))],
    }
  },
})

type App = Awaited<ReturnType<typeof listApps>>[number]
const byName = new Intl.Collator('zh-CN')
const compare = {
  name: (a: App, b: App) => byName.compare(a.name, b.name),
  category: (a: App, b: App) => byName.compare(a.category, b.category),
  sortNo: (a: App, b: App) => a.sortNo - b.sortNo,
  updatedAt: (a: App, b: App) => a.updatedAt.getTime() - b.updatedAt.getTime(),
  createdAt: (a: App, b: App) => a.createdAt.getTime() - b.createdAt.getTime(),
}

export const getApp = pageCall({
  method: 'GET',
  path: '/web/apps/app',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  directory: true,
  input: { id: appId },
  output: appDetailSchema,
  handle: (
    ctx: Core & { apps: Apps; developers: Developers; mirrors: Mirrors },
    { input, corpId, request },
  ) => appDetail(ctx, corpId, input.id, languageOf(request.headers['accept-language'])),
})

/** The choices of the form: the corp's agents and developers, and the categories in use. */
export const appChoices = pageCall({
  method: 'GET',
  path: '/web/apps/choices',
  range: 'apps',
  access: administrator('super'),
  point: 'app:read',
  input: {},
  output: Type.Object({
    agents: Type.Array(
      Type.Object({
        agentId: Type.Number(),
        name: Type.String(),
      }),
    ),
    developers: Type.Array(
      Type.Object({
        devId: Type.String(),
        name: Type.String(),
        enabled: Type.Boolean(),
      }),
    ),
    categories: Type.Array(Type.String()),
  }),
  async handle(ctx: Core & { apps: Apps; corps: Corps }, { corpId, visitor: { only } }) {
    const apps = ctx.apps.ofCorp(corpId).filter(({ id }) => !only || only.appIds.has(id))
    const developers = await allDevelopers(ctx.db)
    return {
      agents: ctx.corps.get(corpId).agents.map(({ agentId, name }) => ({ agentId, name })),
      developers: developers
        .filter(one => one.corpId === corpId && (!only || only.devIds.has(one.devId)))
        .map(({ devId, name, enabled }) => ({ devId, name, enabled })),
      categories: [...new Set(apps.map(app => app.category).filter(Boolean))],
    }
  },
})

const savedAppSchema = Type.Object({
  id: Type.String(),
  version: Type.Number(),
  /** The result of the sync that a save starts; null for an app that does not sync. */
  sync: Type.Union([syncOutcomeSchema, Type.Null()]),
})
export type SavedApp = Static<typeof savedAppSchema>

export const addAppCall = pageCall({
  method: 'POST',
  path: '/web/apps/add',
  access: administrator('super'),
  point: 'app:edit',
  outgoing: 'handler',
  directory: true,
  input: { settings },
  output: savedAppSchema,
  async handle(
    ctx: Core & { apps: Apps; corps: Corps; developers: Developers; mirrors: Mirrors; outbound: Outbound },
    { input, visitor, corpId, request, goOut },
  ): Promise<SavedApp> {
    const { name = '', ...rest } = await toSettings(ctx, corpId, input.settings, undefined)
    if (rest.syncMenu) await goOut()
    const { id } = await addApp(ctx, visitor.actor, corpId, { name, ...rest })
    const sync = await syncAfterSave(ctx, visitor, ctx.apps.get(corpId, id))
    return saved(ctx, corpId, id, sync, languageOf(request.headers['accept-language']))
  },
})

export const saveApp = pageCall({
  method: 'POST',
  path: '/web/apps/save',
  range: 'app',
  access: administrator('super'),
  point: 'app:edit',
  outgoing: 'handler',
  directory: true,
  input: {
    id: appId,
    version: optionalInteger('打开表单时的 version；他人在此后保存过则拒绝', { min: 1, max: 2_147_483_647 }),
    settings,
  },
  output: savedAppSchema,
  async handle(
    ctx: Core & { apps: Apps; developers: Developers; mirrors: Mirrors; outbound: Outbound },
    { input, visitor, corpId, request, goOut },
  ): Promise<SavedApp> {
    const before = ctx.apps.get(corpId, input.id)
    if (input.version === undefined) throw new ApiError('missingParameter', 'version')
    const change = await toSettings(ctx, corpId, input.settings, before.visibility)
    if (change.syncMenu ?? before.syncMenu) await goOut()
    const app = await setApp(ctx, visitor.actor, corpId, input.id, change, input.version)
    const sync = await syncAfterSave(ctx, visitor, app)
    return saved(ctx, corpId, app.id, sync, languageOf(request.headers['accept-language']))
  },
})

function saved(
  ctx: Needs,
  corpId: string,
  id: string,
  sync: SyncResult | undefined,
  language: Language,
): SavedApp {
  const { version } = ctx.apps.get(corpId, id)
  return { id, version, sync: sync ? store.attemptIn(language, sync) : null }
}

export const enableApp = pageCall({
  method: 'POST',
  path: '/web/apps/enable',
  range: 'app',
  access: administrator('super'),
  point: 'app:edit',
  input: { id: appId, enabled: flag('1 启用，0 停用：其 jessionId 立即失效') },
  output: Type.Object({
    id: Type.String(),
    version: Type.Number(),
    enabled: Type.Boolean(),
  }),
  async handle(
    ctx: Core & { apps: Apps; developers: Developers; mirrors: Pick<Mirrors, 'load'> },
    { input, visitor, corpId },
  ) {
    const { id, version, enabled } = await setApp(ctx, visitor.actor, corpId, input.id, {
      enabled: input.enabled,
    })
    return { id, version, enabled }
  },
})

export const appDependants = pageCall({
  method: 'GET',
  path: '/web/apps/dependants',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  input: { id: appId },
  output: Type.Object({
    liveTickets: Type.Number(),
    menuVersions: Type.Number(),
  }),
  handle: (ctx: Needs, { input, corpId }) => whatDependsOn(ctx, ctx.apps.get(corpId, input.id)),
})

export const removeAppCall = pageCall({
  method: 'POST',
  path: '/web/apps/remove',
  range: 'app',
  access: administrator('super'),
  point: 'app:edit',
  input: { id: appId },
  output: Type.Object({}),
  async handle(ctx: Core & { offered: FeatureOffers }, { input, visitor, corpId }) {
    await removeApp(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

/** This only reads, but it is a POST because its input is too long for a URL. */
export const countVisibleCall = pageCall({
  method: 'POST',
  path: '/web/apps/count-visible',
  access: administrator('super'),
  point: 'app:read',
  directory: true,
  input: { visibility: structured('可见范围', visibilityShape) },
  output: Type.Object({
    members: Type.Number(),
    active: Type.Number(),
  }),
  async handle(ctx: Core & { mirrors: Mirrors }, { input, corpId }) {
    const visibility = await visibilityOf(ctx, corpId, input.visibility, toEveryone)
    return countVisible(ctx.mirrors.of(corpId), visibility)
  },
})

const iconSeconds = 86_400

export const appIcon = pageCall({
  method: 'GET',
  path: '/web/apps/icon',
  access: person,
  input: { id: appId, v: optionalText('iconHash，或其开头', { max: 64 }) },
  output: fileSchema,
  async handle(ctx: Needs, { input, corpId, request, reply }) {
    const { iconHash } = ctx.apps.get(corpId, input.id)
    const etag = `"${iconHash}"`
    reply.header('etag', etag)
    if (iconHash && request.headers['if-none-match'] === etag)
      return reply.header('cache-control', `private, max-age=${iconSeconds}`).code(304).send()
    const icon = iconHash ? await findIcon(ctx.db, input.id) : undefined
    if (!icon)
      throw new ApiError(
        'badParameter',
        { zh: told`应用 ${input.id} 没有图标`, en: told`the app ${input.id} has no icon` },
        { status: 404 },
      )
    return ready({ file: icon.bytes, type: icon.type, maxAgeSeconds: iconSeconds })
  },
})
