import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { eraseDaysOf } from './request-store.ts'
import { eraseDays, setEraseDays } from './settings.ts'

export const personalSection = settingsSection({
  shape: Type.Object(
    {
      eraseDays: Type.Union([Type.Integer({ minimum: eraseDays.min, maximum: eraseDays.max }), Type.Null()]),
    },
    { additionalProperties: false },
  ),
  async read(ctx: Core, corpId) {
    return [{ eraseDays: (await eraseDaysOf(ctx.db, corpId)) ?? null }]
  },
  set: (ctx, actor, corpId, _key, { eraseDays: days }) => setEraseDays(ctx, actor, corpId, days ?? undefined),
})
