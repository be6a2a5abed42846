import { Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import { addApp, listApps, setApp } from '../apps.ts'
import type { Apps } from '../catalog.ts'
import { toSettings } from '../console/app-view.ts'
import { namesOf } from '../visibility.ts'
import { appSettingsOf, appSettingsShape } from './settings-shape.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; mirrors: Mirrors }

const { name, ...rest } = appSettingsShape
const ofBuiltin = [
  'id',
  'name',
  'agentId',
  'enabled',
  'category',
  'description',
  'sortNo',
  'visibility',
] as const

/** Apps in the file of settings, without icons. Menus come from the apps, and are synced by `wisp app sync`. */
export const appSection = settingsSection({
  key: 'id',
  refersTo: { devId: 'developers' },
  shape: Type.Object(
    {
      id: Type.Optional(Type.String({ maxLength: 64 })),
      name,
      ...Type.Partial(Type.Object(rest)).properties,
    },
    { additionalProperties: false },
  ),
  async read(ctx: Needs, corpId) {
    const apps = await listApps(ctx, corpId)
    return Promise.all(
      apps.map(async app => {
        const { members } = await namesOf(ctx, corpId, app.visibility)
        const userIds = members.map(one => one.userId)
        const item = { id: app.id, ...appSettingsOf(app, userIds) }
        // The rest of a built-in app is wisp's, and may not be set.
        return app.builtin ? Object.fromEntries(ofBuiltin.map(part => [part, item[part]])) : item
      }),
    )
  },
  async add(ctx, actor, corpId, { id: _id, ...settings }) {
    const given = await toSettings(ctx, corpId, settings, undefined)
    return (await addApp(ctx, actor, corpId, { ...given, name: settings.name })).id
  },
  async set(ctx, actor, corpId, key, { id: _id, ...change }) {
    const { visibility } = ctx.apps.get(corpId, key)
    await setApp(ctx, actor, corpId, key, await toSettings(ctx, corpId, change, visibility))
  },
})
