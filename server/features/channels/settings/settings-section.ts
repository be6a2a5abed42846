import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import type { Channel } from '../channel.ts'
import { type ChannelName, channelList, channelNames } from '../channels.ts'
import { keepDaysOf } from '../settings-store.ts'
import {
  type MessageSettingsOfCorps,
  openSettings,
  type Settings,
  setChannel,
  setKeepDays,
  settingsToBe,
} from './settings.ts'

type Needs = Core & { corps: Corps; messageSettings: MessageSettingsOfCorps }

/** What is open of a channel's settings; null: it is off, or has none. */
function channelShape({ settings }: Channel) {
  const open = Object.entries(settings.fields).filter(([, { secret }]) => !secret)
  const fields = Object.fromEntries(open.map(([name, { schema }]) => [name, Type.Optional(schema)]))
  return Type.Union([Type.Null(), Type.Object(fields, { additionalProperties: false })])
}

const channelShapes = Object.fromEntries(channelList.map(([name, channel]) => [name, channelShape(channel)]))

/** What else is wrong may be mended by what the file changes before. Throws 1001. */
function checkComplete(ctx: Needs, corpId: string, name: ChannelName, settings: Settings): void {
  try {
    settingsToBe(ctx, corpId, name, settings, field => `${name}.${field}`)
  } catch (error) {
    if (error instanceof ApiError && error.error === 'missingParameter') throw error
  }
}

/** A channel whose secrets are kept keeps them; for one that is new they are given by `wisp message config`. */
export const messageSection = settingsSection({
  shape: Type.Object(
    { keepDays: Type.Integer({ minimum: 1, maximum: 3650 }), ...channelShapes },
    { additionalProperties: false },
  ),
  async read(ctx: Needs, corpId) {
    const keepDays = await keepDaysOf(ctx.db, corpId)
    const open = channelNames.map(name => {
      const setup = ctx.messageSettings.setupOf<Settings>(corpId, name)
      return [name, openSettings(name, setup) ?? null] as const
    })
    return [{ keepDays, ...Object.fromEntries(open) }]
  },
  check(ctx, corpId, { keepDays: _days, ...given }) {
    for (const [name, settings] of Object.entries(given as Record<string, Settings | null>))
      if (settings) checkComplete(ctx, corpId, name as ChannelName, settings)
  },
  async set(ctx, actor, corpId, _key, { keepDays, ...given }) {
    if (keepDays !== undefined) await setKeepDays(ctx, actor, corpId, keepDays)
    for (const [name, settings] of Object.entries(given as Record<string, Settings | null>))
      await setChannel(ctx, actor, corpId, name as ChannelName, settings)
  },
})
