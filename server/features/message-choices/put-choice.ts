import { record } from '../../platform/audit/audit.ts'
import { changesOf, type FieldChange } from '../../platform/audit/changes.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkTimeZone } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { type ChannelName, channelOf } from '../channels/channels.ts'
import type { MessageType, MessageTypes } from '../message-types/catalog.ts'
import { noType } from '../message-types/change-type.ts'
import type { QuietHours } from '../message-types/decide/decision.ts'
import type { MessageChoices } from './choices.ts'
import {
  type ChoiceForAll,
  choiceForAllOf,
  lockPerson,
  noTypeChoice,
  type PersonKey,
  putChoiceForAll,
  putTypeChoice,
  type TypeChoice,
  typeChoicesOf,
} from './choices-store.ts'
import { quietText } from './quiet-hours.ts'
import { reachingWays, type WayNeeds } from './ways.ts'

export type ChoiceNeeds = WayNeeds & { messageChoices: MessageChoices; messageTypes: MessageTypes }

/** Who chooses: the person themselves; `actor` is their userId. */
export type Chooser = PersonKey & { actor: string }

/** What is left out stays. `switched`: `on` holds whatever is chosen for all, `default` is no choice. */
export type TypeChange = {
  switched?: 'on' | 'off' | 'default' | undefined
  /** In order; [] is the order of the type. */
  channels?: readonly ChannelName[] | undefined
  without?: readonly ChannelName[] | undefined
  /** `type`: as the type says; `off`, or a time of day. */
  digest?: string | undefined
}

/** A type as people choose about it: in force and not revoked. Throws 1000. */
export function choosableType(ctx: { messageTypes: MessageTypes }, corpId: string, key: string): MessageType {
  const type = ctx.messageTypes.find(corpId, key)
  if (!type || type.state === 'revoked') throw noType(key)
  return type
}

/**
 * Changes what a person chose for a type. Throws 1000 for what the level does not leave to them: of an urgent type nothing is chosen, one
 * that must arrive is not switched off, keeps a way that reaches them, and is not collected by their wish.
 */
export async function chooseForType(
  ctx: ChoiceNeeds,
  chooser: Chooser,
  key: string,
  change: TypeChange,
): Promise<void> {
  const type = choosableType(ctx, chooser.corpId, key)
  checkWays('channels', type, change.channels)
  checkWays('without', type, change.without)
  checkLevel(type, change)
  const reaching =
    type.definition.level === 'must' && change.without?.length
      ? await reachingWays(ctx, chooser, type)
      : undefined
  await choose(ctx, chooser, { act: 'message.choice', type }, async (tx, at) => {
    const before = (await typeChoicesOf(tx, chooser)).get(key) ?? noTypeChoice
    const after = changed(before, type, change)
    if (reaching?.every(name => after.without.includes(name))) throw lastWay(type)
    await putTypeChoice(tx, chooser, key, after, at)
    return changesOf(named(before), named(after))
  })
}

function changed(
  before: TypeChoice,
  { definition }: MessageType,
  { switched, channels, without, digest }: TypeChange,
): TypeChoice {
  const after: TypeChoice = {
    isOff: switched === undefined ? before.isOff : switchedTo[switched],
    channels: channels === undefined ? before.channels : channels.length > 0 ? [...channels] : null,
    without: without === undefined ? before.without : [...without],
    digest: digest === undefined ? before.digest : digest === 'type' ? null : digest,
  }
  // A type is on only with a way.
  const isWithoutAny = definition.channels.every(name => after.without.includes(name))
  return isWithoutAny && (switched === 'on' || switched === 'default') ? { ...after, without: [] } : after
}

const switchedTo = { on: false, off: true, default: null } as const

const named = ({ isOff, channels, without, digest }: TypeChoice) => ({
  isOff,
  channels,
  without,
  digest,
})

function checkWays(
  place: string,
  { key, definition }: MessageType,
  ways: readonly ChannelName[] | undefined,
): void {
  if (!ways) return
  const strange = ways.find(name => !definition.channels.includes(name))
  if (strange)
    throw new ApiError('badParameter', {
      zh: told`${own(place)}：消息类型 ${key} 没有渠道 ${strange}`,
      en: told`${own(place)}: the message type ${key} has no channel ${strange}`,
    })
  if (new Set(ways).size < ways.length)
    throw new ApiError('badParameter', {
      zh: told`${own(place)} 中有重复的渠道`,
      en: told`${own(place)} has a channel twice`,
    })
}

function checkLevel({ definition }: MessageType, { switched, digest }: TypeChange): void {
  const { level, name } = definition
  if (level === 'urgent')
    throw new ApiError('badParameter', {
      zh: told`“${name}”是紧急消息，不能更改；没有保存`,
      en: told`“${name}” is urgent and cannot be changed; nothing was saved`,
    })
  if (level === 'must' && switched === 'off')
    throw new ApiError('badParameter', {
      zh: told`“${name}”是必达消息，不能关闭；可以调整渠道的顺序`,
      en: told`“${name}” must arrive: it cannot be switched off, but its channels can be put in another order`,
    })
  if (level === 'must' && digest !== undefined && digest !== 'type')
    throw new ApiError('badParameter', {
      zh: told`“${name}”是必达消息，合并发送由类型决定`,
      en: told`“${name}” must arrive: its digest is decided by the type`,
    })
}

function lastWay({ definition: { name, channels } }: MessageType): ApiError {
  const ways = (language: 'zh' | 'en', between: string) =>
    channels.map(one => channelOf(one).label[language]).join(between)
  return new ApiError('badParameter', {
    zh: told`“${name}”是必达消息，至少保留一个能送达您的渠道（${own(ways('zh', '、'))}）`,
    en: told`“${name}” must arrive: keep at least one channel that reaches you (${own(ways('en', ', '))})`,
  })
}

/** Switches off all types that can be switched off, but for those that the person switched on; or ends that. No choice is deleted. */
export async function chooseAllOff(ctx: ChoiceNeeds, chooser: Chooser, isAllOff: boolean): Promise<void> {
  await chooseForAll(ctx, chooser, before => ({ ...before, isAllOff }))
}

/** Sets the person's own quiet hours; null: none of their own. Throws 1000. */
export async function chooseQuietHours(
  ctx: ChoiceNeeds,
  chooser: Chooser,
  hours: QuietHours | null,
): Promise<void> {
  if (hours) {
    checkTimeZone(hours.timeZone, 'timeZone')
    if (hours.from === hours.to)
      throw new ApiError('badParameter', {
        zh: 'from 与 to 相同：免打扰不能是整天，请改用“全部关闭”',
        en: 'from and to are the same: quiet hours cannot last all day; switch everything off instead',
      })
    if (new Set(hours.days).size < hours.days.length)
      throw new ApiError('badParameter', { zh: 'days 中有重复的日子', en: 'days has a day twice' })
  }
  const quietHours = hours && { ...hours, days: hours.days.toSorted((a, b) => a - b) }
  await chooseForAll(ctx, chooser, before => ({ ...before, quietHours }))
}

async function chooseForAll(
  ctx: ChoiceNeeds,
  chooser: Chooser,
  change: (before: ChoiceForAll) => ChoiceForAll,
): Promise<void> {
  await choose(ctx, chooser, { act: 'message.choice' }, async (tx, at) => {
    const before = await choiceForAllOf(tx, chooser)
    const after = change(before)
    await putChoiceForAll(tx, chooser, after, at)
    return changesOf(namedForAll(before), namedForAll(after))
  })
}

const namedForAll = ({ isAllOff, quietHours }: ChoiceForAll) => ({
  isAllOff,
  quietHours: quietHours && quietText(quietHours),
})

/** What came of a link in a mail. */
export type MailStop = 'stopped' | 'stopped before' | 'must arrive'

/** Stops the mails of a type for a person; the type may then reach them by no way at all. */
export async function stopMails(ctx: ChoiceNeeds, chooser: Chooser, type: MessageType): Promise<MailStop> {
  if (type.definition.level !== 'normal') return 'must arrive'
  let isNew = false
  await choose(ctx, chooser, { act: 'message.choice.mail', type }, async (tx, at) => {
    const before = (await typeChoicesOf(tx, chooser)).get(type.key) ?? noTypeChoice
    isNew = !before.without.includes('email')
    if (!isNew) return []
    const without: ChannelName[] = [...before.without, 'email']
    await putTypeChoice(tx, chooser, type.key, { ...before, without }, at)
    return changesOf(named(before), { without })
  })
  return isNew ? 'stopped' : 'stopped before'
}

/** Writes and records what a person chose, in one transaction; what changes nothing is not recorded. */
async function choose(
  ctx: ChoiceNeeds,
  { corpId, memberId, actor }: Chooser,
  { act, type }: { act: 'message.choice' | 'message.choice.mail'; type?: MessageType },
  write: (tx: Db, at: Date) => Promise<FieldChange[]>,
): Promise<void> {
  const isChanged = await ctx.db.transaction().execute(async tx => {
    await lockPerson(tx, { corpId, memberId })
    const changes = await write(tx, new Date(ctx.now()))
    if (changes.length === 0) return false
    const targetName = type?.definition.name ?? ''
    await record(tx, ctx, {
      corpId,
      actor,
      act,
      target: type?.key ?? actor,
      targetName,
      detail: { changes },
    })
    await signal(tx, 'wisp_choice', corpId)
    return true
  })
  if (isChanged) ctx.messageChoices.noteChoice(corpId)
}
