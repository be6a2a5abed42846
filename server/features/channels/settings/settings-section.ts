import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import type { Channel } from '../channel.ts'
import { type ChannelName, channelList } from '../channels.ts'
import { keepDaysOf } from '../settings-store.ts'
import {
  type MessageSettingsOfCorps,
  openSettings,
  rowOf,
  type Settings,
  setChannel,
  setKeepDays,
  settingsToBe,
  setupAt,
} from './settings.ts'

type Row = { row: string; name: ChannelName; place: number }
type Needs = Core & { corps: Corps; messageSettings: MessageSettingsOfCorps }

/** What is open of a channel's settings; null: it is off, or has none. */
function channelShape({ settings }: Channel) {
  const open = Object.entries(settings.fields).filter(([, { secret }]) => !secret)
  const fields = Object.fromEntries(open.map(([name, { schema }]) => [name, Type.Optional(schema)]))
  return Type.Union([Type.Null(), Type.Object(fields, { additionalProperties: false })])
}

/** Each of several settings in order is a field of its own, such as `sms` and `sms2`. */
const rows = channelList.flatMap(([name, channel]) =>
  Array.from({ length: channel.settings.places?.atMost ?? 1 }, (_, index) => {
    const place = index + 1
    return { row: rowOf(name, place), name, place, shape: channelShape(channel) }
  }),
)
const channelShapes = Object.fromEntries(
  rows.map(({ row, place, shape }) => [row, place === 1 ? shape : Type.Optional(shape)]),
)

/** What else is wrong may be mended by what the file changes before. Throws 1001. */
function checkComplete(ctx: Needs, corpId: string, { row, name, place }: Row, settings: Settings): void {
  try {
    settingsToBe(ctx, corpId, name, settings, field => `${row}.${field}`, place)
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
    const open = rows.flatMap(({ row, name, place }) => {
      const setup = ctx.messageSettings.setupOf<Settings>(corpId, name)
      const settings = openSettings(name, setupAt(setup, place))
      return settings || place === 1 ? [[row, settings ?? null] as const] : []
    })
    return [{ keepDays, ...Object.fromEntries(open) }]
  },
  check(ctx, corpId, { keepDays: _days, ...given }) {
    for (const [one, settings] of rowsGiven(given)) if (settings) checkComplete(ctx, corpId, one, settings)
  },
  async set(ctx, actor, corpId, _key, { keepDays, ...given }) {
    if (keepDays !== undefined) await setKeepDays(ctx, actor, corpId, keepDays)
    // What goes leaves from the end, so that no place moves before its turn.
    const ordered = [...rowsGiven(given)].sort(([a], [b]) => b.place - a.place)
    const [gone, put] = [ordered.filter(([, one]) => !one), ordered.filter(([, one]) => one).reverse()]
    for (const [{ name, place }, settings] of [...gone, ...put])
      await setChannel(ctx, actor, corpId, name, settings, { place })
  },
})

function rowsGiven(given: object): [Row, Settings | null][] {
  return Object.entries(given as Record<string, Settings | null>).flatMap(([row, settings]) => {
    const found = rows.find(one => one.row === row)
    return found ? [[found, settings]] : []
  })
}
