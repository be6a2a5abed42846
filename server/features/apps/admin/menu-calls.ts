import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { integer } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import type { Apps } from '../catalog.ts'
import { menuSchema } from '../menus/menu.ts'
import { syncMenu } from '../menus/menu-sync.ts'
import { menuVersionsOf, rollBackMenu } from '../menus/versions.ts'
import { attemptIn } from '../store.ts'
import { appIdInput } from './app-calls.ts'

type Needs = Core & { apps: Apps }

export const adminMenu = adminCall({
  method: 'GET',
  path: '/api/admin/app/menu',
  range: 'app',
  summary: { zh: '应用的菜单与版本', en: 'The menu of an app, and its versions' },
  scope: 'admin:read',
  point: 'app:read',
  reach: 'corp',
  input: { id: appIdInput },
  output: Type.Object({
    n: Type.Union([Type.Number(), Type.Null()], {
      about: { zh: '当前版本；null 为没有菜单', en: 'The present version; null: no menu' },
    }),
    menuList: menuSchema,
    versions: Type.Array(
      Type.Object({
        n: Type.Number(),
        source: Type.String({ about: { zh: '来源', en: 'Where it is from: sync, edit, rollback' } }),
        items: Type.Number(),
        actor: Type.String(),
        createdAt: time,
        isCurrent: Type.Boolean(),
      }),
    ),
  }),
  errors: [],
  sample: {
    n: 1,
    menuList: [{ name: '首页', path: '/home', orderNum: 1, children: [] }],
    versions: [
      {
        n: 1,
        source: 'sync',
        items: 1,
        actor: 'admin',
        createdAt: '2026-11-26T08:00:00.000Z',
        isCurrent: true,
      },
    ],
  },
  sampleInput: { id: '{appId}' },
  async handle(ctx: Needs, { corpId, input }) {
    const app = ctx.apps.get(corpId, input.id)
    const [menuList, versions] = await Promise.all([ctx.apps.menuOf(app), menuVersionsOf(ctx, app)])
    return { n: app.menuN, menuList, versions }
  },
})

export const adminSyncMenu = adminCall({
  method: 'POST',
  path: '/api/admin/app/sync',
  range: 'app',
  summary: { zh: '同步应用的菜单', en: 'Sync the menu of an app' },
  description: {
    zh: '以创建令牌的人的身份。答复有误时原菜单保持不变。',
    en: "As the token's maker. When the answer is bad, the old menu stays.",
  },
  scope: 'admin:apps',
  point: 'app:edit',
  reach: 'corp',
  directory: true,
  outgoing: true,
  input: { id: appIdInput },
  output: Type.Object({
    outcome: Type.Enum(['new', 'same', 'failed']),
    n: Type.Union([Type.Number(), Type.Null()], { about: { zh: '菜单的版本', en: 'Version of the menu' } }),
    items: Type.Number(),
    error: Type.String({ about: { zh: '失败的原因', en: 'Why it failed' } }),
  }),
  errors: [],
  sample: { outcome: 'new', n: 2, items: 3, error: '' },
  sampleInput: { id: '{appId}' },
  async handle(ctx: Needs & { mirrors: Mirrors; outbound: Outbound }, { corpId, input, caller, language }) {
    const presser = { ...caller.person, corpId, actor: caller.actor }
    return attemptIn(language, await syncMenu(ctx, presser, ctx.apps.get(corpId, input.id)))
  },
})

export const adminRollBackMenu = adminCall({
  method: 'POST',
  path: '/api/admin/app/menu/rollback',
  range: 'app',
  summary: { zh: '恢复应用的菜单', en: 'Roll the menu of an app back' },
  scope: 'admin:apps',
  point: 'app:edit',
  reach: 'corp',
  input: {
    id: appIdInput,
    n: integer({ zh: '恢复到哪个版本', en: 'To which version' }, { min: 1, max: 2_147_483_647 }),
  },
  output: Type.Object({ n: Type.Number({ about: { zh: '新版本', en: 'The new version' } }) }),
  errors: [],
  sample: { n: 3 },
  sampleInput: { id: '{appId}', n: 1 },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const { n } = await rollBackMenu(ctx, caller.actor, ctx.apps.get(corpId, input.id), input.n)
    return { n }
  },
})
