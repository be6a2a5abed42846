import type { Corp, Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import { changedFields, changesOf, type FieldChange } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { shapeFault } from '../../../platform/http/bodies/shape-words.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, ownWords, told } from '../../../platform/http/told.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import type { Words } from '../../../platform/words.ts'
import type { Agents } from '../../agents/callbacks/callbacks.ts'
import type { Channel, Setup, Setups } from '../channel.ts'
import {
  type AnyChannelName,
  anyChannelList,
  type ChannelName,
  channelList,
  channelOf,
  channels,
} from '../channels.ts'
import { deleteRefusals } from '../refusal-store.ts'
import { purposes } from '../sealed.ts'
import * as store from '../settings-store.ts'

type Needs = Core & { corps: Corps; messageSettings: MessageSettingsOfCorps }
export type Settings = Record<string, unknown>

/** What every corp has set up, kept in memory and reread with the other configuration. */
export type MessageSettingsOfCorps = Setups & { reload(corpId?: string): Promise<void> }

export function createMessageSettings(
  ctx: Pick<Core, 'db' | 'seal'> & { agents: Agents },
): MessageSettingsOfCorps {
  const none = { settings: undefined, extra: undefined }
  let setups = new Map<string, Map<string, Setup>>()
  return {
    isHeard: (corpId, agentId) =>
      agentId !== null && (ctx.agents.callbackOf(corpId, agentId)?.verifiedAt ?? null) !== null,
    setupOf<S, E>(corpId: string, channel: string) {
      return (setups.get(corpId)?.get(channel) ?? none) as Setup<S, E>
    },
    async reload(corpId) {
      const read = await readSetups(ctx, corpId)
      const others = [...setups].filter(([id]) => corpId !== undefined && id !== corpId)
      setups = new Map([...others, ...read])
    },
  }
}

async function readSetups(
  ctx: Pick<Core, 'db' | 'seal'>,
  corpId: string | undefined,
): Promise<Map<string, Map<string, Setup>>> {
  const setups = new Map<string, Map<string, Setup>>()
  const put = (id: string, channel: string, part: Partial<Setup>) => {
    const own = setups.getOrInsertComputed(id, () => new Map())
    own.set(channel, { settings: undefined, extra: undefined, ...own.get(channel), ...part })
  }
  for (const { corpId: id, channel: row, settings, sealed } of await store.readChannels(ctx.db, corpId)) {
    const opened = settings ?? (sealed && JSON.parse(ctx.seal.open(sealed, purposes.channel(row))))
    const { name, place } = placeOfRow(row)
    if (place === 1) put(id, name, { settings: opened })
    // Rows come in the order of their names, and so of their places.
    else put(id, name, { further: [...(setups.get(id)?.get(name)?.further ?? []), opened] })
  }
  for (const [name, channel] of anyChannelList)
    for (const [id, extra] of (await channel.readExtra?.(ctx.db, corpId)) ?? []) put(id, name, { extra })
  return setups
}

/** A channel's first settings are in the row of its name, the second ones of `sms` in the row `sms2`. */
export const rowOf = (name: string, place: number): string => (place === 1 ? name : `${name}${place}`)

function placeOfRow(row: string): { name: string; place: number } {
  const [, name, place] = /^([a-z]+)(\d)$/.exec(row) ?? []
  return name === undefined ? { name: row, place: 1 } : { name, place: Number(place) }
}

/** The settings in order, as they are stored. */
export const placed = ({ settings, further = [] }: Setup<Settings>): readonly Settings[] =>
  settings ? [settings, ...further] : []

/** What one place shows or checks by: the others are there to see. */
export function setupAt(setup: Setup<Settings>, place: number): Setup<Settings> {
  return { ...setup, settings: placed(setup)[place - 1] }
}

/** The same with these settings at this place. */
export function setupWith(setup: Setup<Settings>, place: number, settings: Settings): Setup<Settings> {
  const [first, ...further] = placed(setup).toSpliced(place - 1, 1, settings)
  return { ...setup, settings: first, further }
}

/** Whether messages of this channel can be sent. */
export function isReady(
  ctx: { corps: Corps; messageSettings: Setups },
  corpId: string,
  name: AnyChannelName,
): boolean {
  const channel = channelOf(name)
  const { settings, extra } = ctx.messageSettings.setupOf(corpId, name)
  return channel.settings.isReady?.(settings, ctx.corps.get(corpId), extra) ?? settings !== undefined
}

export function hasReadyChannel(ctx: { corps: Corps; messageSettings: Setups }, corpId: string): boolean {
  return channelList.some(([name]) => isReady(ctx, corpId, name))
}

/** Changes with every change of a form's settings, so that a save from an outdated form is detected. */
export async function settingsVersions(db: Db, corpId: string): Promise<Map<string, string>> {
  const rows = new Map((await store.readChannels(db, corpId)).map(row => [row.channel, row]))
  return new Map([
    ...channelList.flatMap(([name, { settings }]) =>
      Array.from({ length: settings.places?.atMost ?? 1 }, (_, index) => {
        const row = rowOf(name, index + 1)
        return [row, store.versionOf(rows.get(row) ?? null)] as const
      }),
    ),
    ['keep', store.versionOf(await store.keepDaysOf(db, corpId))],
  ])
}

const stale: Words = {
  zh: '配置已被他人修改，请刷新后再改',
  en: 'somebody else has changed these settings: reload before changing them',
}

/** How a form or a command gives settings. */
export type SettingsSource = {
  /** The version that the form was filled from. */
  version?: string
  /** How errors name a setting. */
  nameOf?: (field: string) => string
  /** Which of several settings in order, from 1. */
  place?: number
}

/**
 * Stores the settings of a channel; `null` turns it off. Secrets that are not given stay as they are, where they may.
 * Throws 1001 when something is missing, and 1000 when something is wrong or the version is no longer current.
 */
export async function setChannel(
  ctx: Needs,
  actor: string,
  corpId: string,
  name: ChannelName,
  settings: Settings | null,
  { version, nameOf = field => field, place = 1 }: SettingsSource = {},
): Promise<void> {
  const channel: Channel = channels[name]
  const setup = ctx.messageSettings.setupOf<Settings>(corpId, name)
  checkPlace(channel, setup, place)
  const corp = ctx.corps.get(corpId)
  const checked = settings && checkSettings(channel, corp, setupAt(setup, place), settings, nameOf)
  if (checked) await checkKnownByNodes(ctx, channel, place, checked)
  await change(ctx, actor, corpId, { form: rowOf(name, place), version }, async tx => {
    const before = await placesOf(ctx, tx, corpId, name)
    const after: Settings[] = before.toSpliced(place - 1, 1)
    if (checked) after.splice(place - 1, 0, checked)
    return writePlaces(ctx, tx, corpId, name, before, after)
  })
}

async function placesOf(ctx: Needs, tx: Db, corpId: string, name: ChannelName): Promise<readonly Settings[]> {
  const setups = (await readSetups({ db: tx, seal: ctx.seal }, corpId)).get(corpId)
  return placed((setups?.get(name) ?? none) as Setup<Settings>)
}

const none = { settings: undefined, extra: undefined }

/** Tries several settings in another order: `names` are all of them. Throws 1000. */
export async function orderPlaces(
  ctx: Needs,
  actor: string,
  corpId: string,
  name: ChannelName,
  names: readonly string[],
): Promise<void> {
  const channel: Channel = channels[name]
  ctx.corps.get(corpId)
  await change(ctx, actor, corpId, { form: name, version: undefined }, async tx => {
    const before = await placesOf(ctx, tx, corpId, name)
    const nameOf = channel.settings.places?.nameOf ?? (() => name)
    const after = names.flatMap(one => before.filter(settings => nameOf(settings) === one))
    if (after.length !== before.length || new Set(names).size !== names.length)
      throw new ApiError('badParameter', {
        zh: told`order 应为全部 ${own(before.length)} 家，各一次：${own(before.map(nameOf).join('，'))}`,
        en: told`order should name all ${own(before.length)} of them once: ${own(before.map(nameOf).join(', '))}`,
      })
    return writePlaces(ctx, tx, corpId, name, before, after)
  })
}

function checkPlace({ settings: { places } }: Channel, setup: Setup<Settings>, place: number): void {
  const next = placed(setup).length + 1
  if (place === 1 || (places && place <= places.atMost && place <= next)) return
  throw new ApiError('badParameter', {
    zh: told`place 应为 1 到 ${own(Math.min(next, places?.atMost ?? 1))}`,
    en: told`place should be from 1 to ${own(Math.min(next, places?.atMost ?? 1))}`,
  })
}

/** A node of an earlier version knows the first settings alone, and not each kind of them. */
async function checkKnownByNodes(
  ctx: Needs,
  { settings: { places } }: Channel,
  place: number,
  settings: Settings,
): Promise<void> {
  if (places && (place > 1 || places.isNew(settings))) await checkKnownByAll(ctx.db, places.since)
}

/** Returns what it changes, for the audit log. */
async function writePlaces(
  ctx: Needs,
  tx: Db,
  corpId: string,
  name: ChannelName,
  before: readonly Settings[],
  after: readonly Settings[],
): Promise<FieldChange[]> {
  const channel: Channel = channels[name]
  const { places, fields } = channel.settings
  places?.check(after)
  await deleteRefusals(tx, corpId, name)
  const hasSecrets = Object.values(fields).some(field => field.secret)
  for (let place = 1; place <= Math.max(before.length, after.length); place++) {
    const row = rowOf(name, place)
    const settings = after[place - 1]
    if (!settings) {
      await store.deleteChannel(tx, corpId, row)
      continue
    }
    const sealed = ctx.seal.seal(JSON.stringify(settings), purposes.channel(row))
    const kept = hasSecrets ? { settings: null, sealed } : { settings, sealed: null }
    await store.writeChannel(tx, { corpId, channel: row, ...kept })
  }
  await places?.changed(tx, corpId, before, after)
  return placeChanges(name, places?.nameOf ?? (() => ''), before, after)
}

/** Each of several settings is compared with itself, wherever it stands. */
function placeChanges(
  name: ChannelName,
  nameOf: (settings: Settings) => string,
  before: readonly Settings[],
  after: readonly Settings[],
): FieldChange[] {
  const [were, are] = [before, after].map(all => new Map(all.map(one => [nameOf(one), one])))
  const ofEach = [...new Set([...were!.keys(), ...are!.keys()])].flatMap(one =>
    channelChanges(name, were!.get(one) ?? {}, are!.get(one) ?? {}),
  )
  const order = (all: readonly Settings[]) => (all.length > 0 ? all.map(nameOf).join(' → ') : null)
  const isSeveral = before.length > 1 || after.length > 1
  const field = `${name}.order`
  return isSeveral
    ? [...ofEach, ...changedFields({ [field]: order(before) }, { [field]: order(after) })]
    : ofEach
}

/** Turns a channel off, whose name has been typed: as pages show it, or as the API knows it. Throws 1000. */
export async function switchOffChannel(
  ctx: Needs,
  actor: string,
  corpId: string,
  name: ChannelName,
  confirm: string,
  source: SettingsSource = {},
): Promise<void> {
  const { label }: Channel = channels[name]
  if (![name, label.zh, label.en].includes(confirm.trim()))
    throw new ApiError('badParameter', {
      zh: told`confirm 应为要停用的渠道“${own(label.zh)}”；没有停用`,
      en: told`confirm should be the channel to be turned off, ${own(label.en)}; nothing was turned off`,
    })
  await setChannel(ctx, actor, corpId, name, null, source)
}

/** Throws 1000. */
export async function setKeepDays(
  ctx: Needs,
  actor: string,
  corpId: string,
  keepDays: number,
  { version }: SettingsSource = {},
): Promise<void> {
  ctx.corps.get(corpId)
  if (!(keepDays >= 1 && keepDays <= 3650))
    throw new ApiError('badParameter', {
      zh: 'keepDays 应为 1 到 3650 的整数',
      en: 'keepDays should be an integer from 1 to 3650',
    })
  await change(ctx, actor, corpId, { form: 'keep', version }, async tx => {
    const before = await store.keepDaysOf(tx, corpId)
    await store.writeKeepDays(tx, corpId, keepDays)
    return changesOf({ keepDays: before }, { keepDays })
  })
}

function channelChanges(name: ChannelName, before: Settings, after: Settings): FieldChange[] {
  const channel: Channel = channels[name]
  const told = (field: string) => `${name}.${field}`
  const namedOf = (settings: Settings) =>
    Object.fromEntries(Object.entries(settings).map(([field, value]) => [told(field), value]))
  const gone = Object.fromEntries(Object.keys(before).map(field => [told(field), null]))
  const untold = Object.entries(channel.settings.fields).flatMap(([field, { secret, isUntold }]) =>
    secret || isUntold ? told(field) : [],
  )
  return changedFields(namedOf(before), { ...gone, ...namedOf(after) }, untold)
}

/** `write` returns what it changes, for the audit log. */
async function change(
  ctx: Needs,
  actor: string,
  corpId: string,
  { form, version }: { form: string; version: string | undefined },
  write: (tx: Db) => Promise<FieldChange[]>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.lockCorp(tx, corpId)
    if (version !== undefined && (await settingsVersions(tx, corpId)).get(form) !== version)
      throw new ApiError('badParameter', ownWords(stale))
    const detail = { changes: await write(tx) }
    await record(tx, ctx, { corpId, actor, act: 'message.config', target: corpId, detail })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/**
 * What would be stored of these settings, with the stored secrets where those may be kept. Throws like `setChannel`.
 */
export function settingsToBe(
  ctx: Needs,
  corpId: string,
  name: AnyChannelName,
  settings: Settings,
  nameOf: (field: string) => string = field => field,
  place = 1,
): Settings {
  const channel = channelOf(name)
  const setup = ctx.messageSettings.setupOf<Settings>(corpId, name)
  checkPlace(channel, setup, place)
  return checkSettings(channel, ctx.corps.get(corpId), setupAt(setup, place), settings, nameOf)
}

/** Recognises settings that were tested before they were stored, and tells nothing about them. */
export function markOf(ctx: Core, corpId: string, name: AnyChannelName, settings: Settings): string {
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))
  return ctx.seal.sign('message.settings', JSON.stringify([corpId, name, entries]))
}

/** The values of the secret ones among these settings. */
export function secretsIn({ settings: { fields } }: Channel, all: readonly Settings[]): string[] {
  const names = Object.keys(fields).filter(name => fields[name]?.secret)
  return all.flatMap(settings => names.flatMap(name => (settings[name] ? [String(settings[name])] : [])))
}

/** What may be shown of the stored settings. */
export function openSettings(name: ChannelName, setup: Setup): Settings | undefined {
  const channel: Channel = channels[name]
  if (!setup.settings) return undefined
  const open = Object.entries(setup.settings).filter(([field]) => !channel.settings.fields[field]?.secret)
  return Object.fromEntries(open)
}

function checkSettings(
  channel: Channel,
  corp: Corp,
  { settings: now, extra }: Setup<Settings>,
  given: Settings,
  nameOf: (field: string) => string,
): Settings {
  const { fields, check } = channel.settings
  const settings: Settings = {}
  // Secrets come last, because whether they are kept depends on the other fields.
  const names = Object.keys(fields).sort((a, b) => Number(!!fields[a]?.secret) - Number(!!fields[b]?.secret))
  for (const name of names) {
    const field = fields[name]!
    if (field.only && settings[field.only.field] !== field.only.is) continue
    const isGiven = given[name] !== undefined && given[name] !== null && given[name] !== ''
    let value = isGiven ? given[name] : field.otherwise?.(settings)
    if (!isGiven && field.secret) {
      const { keptFor, retype } = field.secret
      const isSame = keptFor.every(one => (now?.[one] ?? '') === (settings[one] ?? ''))
      if (isSame) value = now?.[name]
      else if (now?.[name])
        throw new ApiError('badParameter', {
          zh: told`${own(nameOf(name))} ${own(retype.zh)}`,
          en: told`${own(nameOf(name))} ${own(retype.en)}`,
        })
    }
    if (value === undefined) {
      if (field.required) throw new ApiError('missingParameter', told`${own(nameOf(name))}`)
      continue
    }
    const fault = shapeFault(nameOf(name), field.schema, value)
    if (fault) throw new ApiError('badParameter', fault)
    settings[name] = value
  }
  return check ? (check(settings, nameOf, corp, extra) as Settings) : settings
}
