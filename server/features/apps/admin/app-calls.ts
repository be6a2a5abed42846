import { Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { optionalStructured, structured, text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { App } from '../app.ts'
import { addApp, listApps, removeApp, setApp } from '../apps.ts'
import type { Apps } from '../catalog.ts'
import { toSettings } from '../console/app-view.ts'
import { namesOf } from '../visibility.ts'
import { appSettingsOf, appSettingsShape } from './settings-shape.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; mirrors: Mirrors }

export const appIdInput = text({ zh: '应用 id', en: 'Id of the app' }, { max: 64 })

const icon = Type.Union([Type.String({ maxLength: 400_000 }), Type.Null()], {
  about: { zh: '图标，base64；null 去掉', en: 'Icon in base64; null removes it' },
})

const appShape = Type.Object({
  id: Type.String(),
  ...appSettingsShape,
  isBuiltin: Type.Boolean({ about: { zh: '是否内置', en: 'Whether wisp itself answers it' } }),
  hasIcon: Type.Boolean(),
  hasMenu: Type.Boolean(),
  createdAt: time,
  updatedAt: time,
})

const sampleApp = {
  id: 'app3f9c2a7be1d0',
  name: '报修',
  devId: 'wd3f9c2a7be1d04865',
  agentId: null,
  enabled: true,
  payShortcut: false,
  homeUrl: 'https://repair.example.com/',
  mobileUrl: '',
  category: '后勤',
  description: '',
  sortNo: 0,
  openIn: 'frame',
  origins: [],
  syncMenu: false,
  syncUrl: '',
  visibility: { everyone: true, departments: [], userIds: [], tags: [] },
  isBuiltin: false,
  hasIcon: false,
  hasMenu: false,
  createdAt: '2026-11-26T08:00:00.000Z',
  updatedAt: '2026-11-26T08:00:00.000Z',
}

async function shown(ctx: Needs, app: App) {
  const { members } = await namesOf(ctx, app.corpId, app.visibility)
  return {
    id: app.id,
    ...appSettingsOf(
      app,
      members.map(one => one.userId),
    ),
    isBuiltin: app.builtin !== null,
    hasIcon: app.iconHash !== null,
    hasMenu: app.menuN !== null,
    createdAt: app.createdAt,
    updatedAt: app.updatedAt,
  }
}

export const adminApps = adminCall({
  method: 'GET',
  path: '/api/admin/apps',
  summary: { zh: '应用列表', en: 'Apps' },
  scope: 'admin:read',
  point: 'app:read',
  reach: 'corp',
  directory: true,
  input: {},
  output: Type.Object({ list: Type.Array(appShape) }),
  errors: [],
  sample: { list: [sampleApp] },
  async handle(ctx: Needs, { corpId }) {
    const apps = await listApps(ctx, corpId)
    return { list: await Promise.all(apps.map(app => shown(ctx, app))) }
  },
})

const { name, enabled: _enabled, ...rest } = appSettingsShape

export const adminAddApp = adminCall({
  method: 'POST',
  path: '/api/admin/app/add',
  summary: { zh: '创建应用', en: 'Add an app' },
  description: {
    zh: '默认全员可见。菜单不随保存同步，见 `POST /api/admin/app/sync`。',
    en: 'Everyone sees it unless it says otherwise. Its menu is not synced with it: see `POST /api/admin/app/sync`.',
  },
  scope: 'admin:apps',
  point: 'app:edit',
  reach: 'corp',
  directory: true,
  input: {
    name: structured({ zh: '名称', en: 'Name' }, name),
    settings: optionalStructured(
      { zh: '其余设置', en: 'The other settings' },
      Type.Partial(Type.Object({ ...rest, icon }), { additionalProperties: false }),
    ),
  },
  output: appShape,
  errors: ['unknownDeveloper', 'unknownDepartment', 'unknownTag', 'unknownMember'],
  sample: sampleApp,
  sampleInput: { name: '报修', settings: { homeUrl: 'https://repair.example.com/' } },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const settings = await toSettings(ctx, corpId, input.settings ?? {}, undefined)
    const { id } = await addApp(ctx, caller.actor, corpId, { ...settings, name: input.name })
    return shown(ctx, ctx.apps.get(corpId, id))
  },
})

export const adminSetApp = adminCall({
  method: 'POST',
  path: '/api/admin/app/set',
  range: 'app',
  summary: { zh: '修改、启用或停用应用', en: 'Change, enable or disable an app' },
  scope: 'admin:apps',
  point: 'app:edit',
  reach: 'corp',
  directory: true,
  input: {
    id: appIdInput,
    settings: structured(
      { zh: '要改的设置；没有写的不变', en: 'The settings to change; what is left out stays' },
      Type.Partial(Type.Object({ ...appSettingsShape, icon }), {
        additionalProperties: false,
        minProperties: 1,
      }),
    ),
  },
  output: appShape,
  errors: ['unknownDeveloper', 'unknownDepartment', 'unknownTag', 'unknownMember'],
  sample: sampleApp,
  sampleInput: { id: '{appId}', settings: { enabled: false } },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const { visibility } = ctx.apps.get(corpId, input.id)
    const settings = await toSettings(ctx, corpId, input.settings, visibility)
    return shown(ctx, await setApp(ctx, caller.actor, corpId, input.id, settings))
  },
})

export const adminRemoveApp = adminCall({
  method: 'POST',
  path: '/api/admin/app/remove',
  range: 'app',
  summary: { zh: '删除应用', en: 'Remove an app' },
  description: {
    zh: '连同菜单及其全部版本、登录设置和待办；其 jessionId 立即失效。30 天内可以用 /api/admin/app/restore 恢复，编号和登录密钥不变；待办不恢复，由程序重新对账。',
    en: 'With its menu and all its versions, its sign-in and its to-dos; its jessionIds end at once. /api/admin/app/restore brings it back within 30 days, with the same id and client secret; to-dos do not come back: reconcile them again.',
  },
  scope: 'admin:apps',
  point: 'app:edit',
  reach: 'corp',
  input: { id: appIdInput },
  output: Type.Object({}),
  errors: [],
  sample: {},
  sampleInput: { id: '{appId}' },
  async handle(ctx: Core & { offered: FeatureOffers }, { corpId, input, caller }) {
    await removeApp(ctx, caller.actor, corpId, input.id)
    return {}
  },
})
