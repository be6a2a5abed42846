import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  choice,
  optionalInteger,
  optionalStructured,
  optionalText,
  text,
  texts,
} from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { type Language, languageOf, type Words, wordsIn } from '../../../platform/words.ts'
import type { Channel } from '../channel.ts'
import { type AnyChannelName, type ChannelName, channelList, channelNames } from '../channels.ts'
import type { Choice, SettingField } from '../setting-field.ts'
import { keepDaysOf, lastTrial } from '../settings-store.ts'
import {
  isReady,
  type MessageSettingsOfCorps,
  markOf,
  openSettings,
  orderPlaces,
  placed,
  rowOf,
  type Settings,
  setChannel,
  setKeepDays,
  settingsVersions,
  setupAt,
  switchOffChannel,
} from './settings.ts'

type Needs = Core & { corps: Corps; messageSettings: MessageSettingsOfCorps }

/** The last test of a channel. `isCurrent`: it was made with the settings in use now. */
const lastTestSchema = Type.Object({
  at: Type.String(),
  actor: Type.String(),
  ok: Type.Boolean(),
  isCurrent: Type.Boolean(),
})
export type LastTest = Static<typeof lastTestSchema>

const valueSchema = Type.Union([Type.String(), Type.Number()])
const valuesSchema = Type.Record(Type.String(), valueSchema)

/** A setting of a channel as its form shows it (setting-field.ts). */
const fieldSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['line', 'text', 'number', 'secret', 'choice', 'switch']),
  label: Type.String(),
  help: Type.String(),
  placeholder: Type.String(),
  required: Type.Boolean(),
  /** Largest number of characters, or largest number. */
  max: Type.Optional(Type.Number()),
  min: Type.Optional(Type.Number()),
  initial: Type.Optional(valueSchema),
  choices: Type.Array(
    Type.Object({
      value: Type.String(),
      label: Type.String(),
      sets: valuesSchema,
      warning: Type.String(),
      isDisabled: Type.Boolean(),
    }),
  ),
  only: Type.Optional(Type.Object({ field: Type.String(), is: Type.String() })),
  /** The stored secret is kept while these fields stay what they are. */
  secret: Type.Optional(
    Type.Object({ isStored: Type.Boolean(), keptFor: Type.Array(Type.String()), retype: Type.String() }),
  ),
  isWide: Type.Boolean(),
  isFirst: Type.Boolean(),
  isAdvanced: Type.Boolean(),
})
export type FormField = Static<typeof fieldSchema>

const formSchema = Type.Object({
  name: Type.String(),
  /** Which of several settings in order, from 1. */
  place: Type.Number(),
  label: Type.String(),
  version: Type.String(),
  isReady: Type.Boolean(),
  /** Settings are stored, and without them the channel is off. */
  canTurnOff: Type.Boolean(),
  fields: Type.Array(fieldSchema),
  /** Without the secret ones. */
  values: valuesSchema,
  test: Type.Optional(lastTestSchema),
  /** What several settings are told apart by, and '' where there is nothing yet. */
  way: Type.String(),
  /** What the vendor is given to push receipts to; '' where it does not. */
  receiptUrl: Type.String(),
})
const channelFormSchema = Type.Object({
  ...formSchema.properties,
  /** The settings that come next in order, and an empty form where there may be one more. */
  further: Type.Array(formSchema),
})
export type ChannelForm = Static<typeof channelFormSchema>
export type PlaceForm = Static<typeof formSchema>

export const readSettings = pageCall({
  method: 'GET',
  path: '/web/messages/settings',
  access: administrator('super'),
  point: 'message:read',
  input: {},
  output: Type.Object({
    channels: Type.Array(channelFormSchema),
    keep: Type.Object({ version: Type.String(), keepDays: Type.Number() }),
  }),
  async handle(ctx: Needs, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const versions = await settingsVersions(ctx.db, corpId)
    const forms = channelList.map(async ([name, channel]) => {
      const { places } = channel.settings
      const setup = ctx.messageSettings.setupOf<Settings>(corpId, name)
      const stored = placed(setup).length
      const shown = places ? Math.min(Math.max(stored, 1) + (stored > 0 ? 1 : 0), places.atMost) : 1
      const [first, ...further] = await Promise.all(
        Array.from({ length: shown }, (_, index) =>
          formOf(ctx, corpId, { name, channel, place: index + 1 }, versions, language),
        ),
      )
      return { ...first!, further }
    })
    return {
      channels: await Promise.all(forms),
      keep: { version: versions.get('keep') ?? '', keepDays: await keepDaysOf(ctx.db, corpId) },
    }
  },
})

type Place = { name: ChannelName; channel: Channel; place: number }

async function formOf(
  ctx: Needs,
  corpId: string,
  { name, channel, place }: Place,
  versions: ReadonlyMap<string, string>,
  language: Language,
): Promise<PlaceForm> {
  const { formOf, places, receiptUrl } = channel.settings
  const setup = setupAt(ctx.messageSettings.setupOf<Settings>(corpId, name), place)
  const now = (await formOf?.(ctx, corpId)) ?? {}
  const fields = Object.entries(channel.settings.fields).map(([field, declared]) =>
    fieldOf(field, { ...declared, ...now[field] }, setup.settings?.[field], language),
  )
  const version = versions.get(rowOf(name, place)) ?? ''
  const test = place === 1 ? await lastTest(ctx, corpId, name, version) : undefined
  const isStored = setup.settings !== undefined
  return {
    name,
    place,
    label: wordsIn(language, channel.label),
    version,
    isReady: place === 1 ? isReady(ctx, corpId, name) : isStored,
    canTurnOff: isStored && fields.some(one => one.required),
    fields,
    values: (openSettings(name, setup) ?? {}) as Static<typeof valuesSchema>,
    ...(test ? { test } : {}),
    way: setup.settings && places ? places.nameOf(setup.settings) : '',
    receiptUrl: (setup.settings && receiptUrl?.(ctx, corpId, setup.settings)) ?? '',
  }
}

function fieldOf(name: string, field: SettingField, value: unknown, language: Language): FormField {
  const { schema, choices = [], only, secret, initial } = field
  const { maxLength, minimum, maximum } = schema as { maxLength?: number; minimum?: number; maximum?: number }
  const [max, words] = [maxLength ?? maximum, (one: Words | string = '') => wordsIn(language, one)]
  return {
    name,
    kind: kindOf(field),
    label: words(field.label),
    help: words(field.help),
    placeholder: words(field.placeholder),
    required: field.required ?? false,
    ...(max === undefined ? {} : { max }),
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(initial === undefined ? {} : { initial }),
    choices: choices.map(({ value: one, label, sets = {}, warning, isDisabled = false }: Choice) => ({
      value: one,
      label: words(label),
      sets,
      warning: words(warning),
      isDisabled,
    })),
    ...(only ? { only } : {}),
    ...(secret
      ? { secret: { isStored: Boolean(value), keptFor: [...secret.keptFor], retype: words(secret.retype) } }
      : {}),
    isWide: field.isWide ?? false,
    isFirst: field.isFirst ?? false,
    isAdvanced: field.isAdvanced ?? false,
  }
}

function kindOf({ secret, isSwitch, isText, choices, schema }: SettingField): FormField['kind'] {
  if (secret) return 'secret'
  if (choices) return isSwitch ? 'switch' : 'choice'
  if (isText) return 'text'
  return 'minimum' in schema ? 'number' : 'line'
}

/** Whether some channel can be used and its last test, with the settings in use now, succeeded. */
export async function hasTestedChannel(ctx: Needs, corpId: string): Promise<boolean> {
  const versions = await settingsVersions(ctx.db, corpId)
  const ready = channelNames.filter(name => isReady(ctx, corpId, name))
  const tests = await Promise.all(ready.map(name => lastTest(ctx, corpId, name, versions.get(name) ?? '')))
  return tests.some(test => test?.ok && test.isCurrent)
}

export async function lastTest(
  ctx: Core & { messageSettings: MessageSettingsOfCorps },
  corpId: string,
  channel: AnyChannelName,
  version: string,
): Promise<LastTest | undefined> {
  const { settings = {} } = ctx.messageSettings.setupOf<Settings>(corpId, channel)
  const current = [version, markOf(ctx, corpId, channel, settings)]
  const found = await lastTrial(ctx.db, corpId, channel, current)
  if (!found) return undefined
  const detail = found.detail as { ok: boolean; version: string }
  const { at, actor } = found
  return { at: at.toISOString(), actor, ok: detail.ok, isCurrent: current.includes(detail.version) }
}

const version = text('打开表单时的版本', { max: 64 })
/** The version after a save, which the page sends with its next one. */
const saved = Type.Object({ version: Type.String() })

export function settingsField(description: string) {
  const value = Type.Union([Type.String(), Type.Number(), Type.Null()])
  return optionalStructured(description, Type.Record(Type.String(), value))
}
export const nameOfSetting = (field: string) => `settings.${field}`

export const placeField = optionalInteger('第几家服务商，从 1 起', { min: 1, max: 3 })

export const saveChannel = pageCall({
  method: 'POST',
  path: '/web/messages/settings/channel',
  access: administrator('super'),
  point: 'message:settings',
  input: {
    version,
    channel: choice('渠道', channelNames),
    settings: settingsField('渠道的配置；空为停用'),
    confirm: optionalText('停用时再次输入渠道的名称', { max: 64 }),
    place: placeField,
  },
  output: saved,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { channel, settings, confirm = '', place = 1 } = input
    const given = { version: input.version, nameOf: nameOfSetting, place }
    if (settings) await setChannel(ctx, visitor.actor, corpId, channel, settings, given)
    else await switchOffChannel(ctx, visitor.actor, corpId, channel, confirm, given)
    return { version: (await settingsVersions(ctx.db, corpId)).get(rowOf(channel, place)) ?? '' }
  },
})

/** The order in which the vendors of a channel are tried. */
export const saveOrder = pageCall({
  method: 'POST',
  path: '/web/messages/settings/order',
  access: administrator('super'),
  point: 'message:settings',
  input: {
    channel: choice('渠道', channelNames),
    order: texts('全部服务商，按顺序', { max: 3, length: 20 }),
  },
  output: Type.Object({ order: Type.Array(Type.String()) }),
  async handle(ctx: Needs, { input: { channel, order }, visitor, corpId }) {
    await orderPlaces(ctx, visitor.actor, corpId, channel, order)
    return { order }
  },
})

export const saveKeepDays = pageCall({
  method: 'POST',
  path: '/web/messages/settings/keep',
  access: administrator('super'),
  point: 'message:settings',
  input: { version, keepDays: optionalInteger('消息保留天数', { min: 1, max: 3650 }) },
  output: saved,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    if (input.keepDays === undefined) throw new ApiError('missingParameter', 'keepDays')
    await setKeepDays(ctx, visitor.actor, corpId, input.keepDays, { version: input.version })
    return { version: (await settingsVersions(ctx.db, corpId)).get('keep') ?? '' }
  },
})
