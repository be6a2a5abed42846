import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import type { Apps } from '../../apps/catalog.ts'
import { noApp } from '../../apps/catalog.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { quietShape, quietWire, readQuiet } from '../../quiet-hours/quiet-calls.ts'
import { setQuietHours } from '../../quiet-hours/set-quiet-hours.ts'
import { inWechatShape, setTodoCards } from '../settings/card-settings.ts'
import type { TodoSettings } from '../settings/catalog.ts'
import { setTodoAppSettings } from '../settings/settings.ts'
import { ofApp, todoAppShape } from '../settings/settings-calls.ts'

type Needs = Core & { apps: Apps; quietHours: QuietHoursOfCorps; todoSettings: TodoSettings }

/** The quiet hours of the corp, and where its people read. */
export const quietSection = settingsSection({
  shape: Type.Object(
    { quietHours: quietShape, inWechat: Type.Optional(inWechatShape) },
    { additionalProperties: false },
  ),
  read: async (ctx: Needs, corpId) => [
    {
      quietHours: quietWire(ctx.quietHours.of(corpId)),
      inWechat: ctx.todoSettings.inWechat(corpId),
    },
  ],
  async set(ctx, actor, corpId, _key, { quietHours, inWechat }) {
    if (quietHours !== undefined) await setQuietHours(ctx, actor, corpId, readQuiet(quietHours))
    if (inWechat !== undefined) await setTodoCards(ctx, actor, corpId, { inWechat })
  },
})

/** To-do settings of each app. The apps themselves are in a section before it, whose ids or names are used here. */
export const todoAppSection = settingsSection({
  key: 'id',
  refersTo: { id: 'apps' },
  shape: Type.Object(
    {
      id: Type.Optional(Type.String({ maxLength: 64 })),
      name: Type.Optional(Type.String({ maxLength: 64 })),
      ...Type.Partial(Type.Object(todoAppShape)).properties,
    },
    { additionalProperties: false },
  ),
  async read(ctx: Needs, corpId) {
    const apps = ctx.apps.ofCorp(corpId).filter(app => app.builtin === null)
    return apps.map(({ id, name }) => ({ id, name, ...ofApp(ctx, id) }))
  },
  // An app that the file makes is known when its section has been applied.
  async add(_ctx, _actor, _corpId, { id, name }) {
    throw noApp(id ?? name ?? '')
  },
  async set(ctx, actor, corpId, key, { id: _id, name: _name, ...change }) {
    await setTodoAppSettings(ctx, actor, corpId, key, change)
  },
})
