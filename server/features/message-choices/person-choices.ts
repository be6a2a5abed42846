import { type Static, Type } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Language } from '../../platform/words.ts'
import type { Apps } from '../apps/catalog.ts'
import { type ChannelName, channelNames, channelOf } from '../channels/channels.ts'
import type { MessageType } from '../message-types/catalog.ts'
import { levelNames } from '../message-types/definition.ts'
import { orderedWays } from './choices.ts'
import {
  type ChoiceForAll,
  choiceForAllOf,
  noTypeChoice,
  type PersonKey,
  type TypeChoice,
  typeChoicesOf,
} from './choices-store.ts'
import type { ChoiceNeeds } from './put-choice.ts'
import { quietHoursSchema } from './quiet-hours.ts'
import { typesThatReached } from './reached-store.ts'
import { reachingWays } from './ways.ts'

/** Who decided whether a type reaches a person, or by which ways: its level, the person, 全部关闭, its owner's settings, or the corp. */
const deciders = ['level', 'person', 'allOff', 'type', 'corp'] as const

const typeChoiceSchema = Type.Object({
  key: Type.String({ about: { zh: '消息类型的 key', en: 'Key of the message type' } }),
  name: Type.String({ about: { zh: '名称', en: 'Its name' } }),
  sender: Type.String({
    about: {
      zh: '所属的应用，没有唯一的应用时为开发者；企业自己的类型为企业名称',
      en: 'The app that owns it, or its developer without just one app; the name of the corp for its own',
    },
  }),
  level: Type.Enum(levelNames, { about: { zh: 'normal、must 或 urgent', en: 'normal, must or urgent' } }),
  isOn: Type.Boolean({ about: { zh: '是否接收', en: 'Whether the person gets it' } }),
  decidedBy: Type.Enum([...deciders], {
    about: {
      zh: '由谁决定是否接收：level 级别；person 本人；allOff 全部关闭；type 类型；corp 企业',
      en: 'Who decided that: its level; the person; everything off; the type; the corp',
    },
  }),
  ways: Type.Array(
    Type.Object({
      channel: Type.Enum(channelNames),
      name: Type.String({ about: { zh: '渠道的名称', en: 'Name of the channel' } }),
      isOn: Type.Boolean({ about: { zh: '本人是否保留', en: 'Whether the person keeps it' } }),
      reaches: Type.Boolean({ about: { zh: '目前能否送达本人', en: 'Whether it reaches the person now' } }),
    }),
    { about: { zh: '渠道，按本人的顺序', en: "Channels in the person's order" } },
  ),
  waysBy: Type.Enum([...deciders], {
    about: { zh: '由谁决定渠道与顺序', en: 'Who decided the channels and their order' },
  }),
  digest: Type.String({
    about: {
      zh: '本人的合并发送：off 不合并；时刻为每天合并到那时；空为按类型',
      en: "The person's digest: off, or the time of each day at which it leaves; empty: as the type says",
    },
  }),
  digestOfType: Type.String({
    about: {
      zh: '类型的合并发送：分钟数或时刻；空为不合并',
      en: "The type's: minutes or a time; empty: none",
    },
  }),
})
export type TypeOfPerson = Static<typeof typeChoiceSchema>

export const personChoicesSchema = Type.Object({
  isAllOff: Type.Boolean({ about: { zh: '全部关闭', en: 'Everything is off' } }),
  quietHours: Type.Union([quietHoursSchema, Type.Null()], {
    about: {
      zh: '本人的免打扰：星期（1 为星期一）、起止的分钟、时区；没有则为 null',
      en: 'Own quiet hours: days (1 is Monday), minutes of the day, zone; null without any',
    },
  }),
  types: Type.Array(typeChoiceSchema),
})
export type PersonChoices = ChoiceForAll & { types: TypeOfPerson[] }

export type PersonNeeds = ChoiceNeeds & { apps: Apps; developers: Developers }

const reachedMs = 180 * 86_400_000

/**
 * What a person chose and what holds for them, of the types of which something reached them within 180 days or waits for them, and of those
 * about which they chose something; by sender and name.
 */
export async function choicesOfPerson(
  ctx: PersonNeeds,
  person: PersonKey,
  language: Language,
): Promise<PersonChoices> {
  const { corpId } = person
  const [reached, chosen, all] = await Promise.all([
    typesThatReached(ctx.db, person, new Date(ctx.now() - reachedMs)),
    typeChoicesOf(ctx.db, person),
    choiceForAllOf(ctx.db, person),
  ])
  const types: TypeOfPerson[] = []
  for (const key of new Set([...reached, ...chosen.keys()])) {
    const type = ctx.messageTypes.find(corpId, key)
    if (!type || type.state === 'revoked') continue
    const choice = chosen.get(key) ?? noTypeChoice
    const reaching = await reachingWays(ctx, person, type)
    types.push(typeOfPerson(type, { choice, all, reaching }, language, senderOf(ctx, corpId, type)))
  }
  const byName = (a: TypeOfPerson, b: TypeOfPerson) =>
    a.sender.localeCompare(b.sender, 'zh') || a.name.localeCompare(b.name, 'zh')
  return { ...all, types: types.sort(byName) }
}

/** The developer's app, if there is just one, because that is what people know. */
function senderOf(ctx: PersonNeeds, corpId: string, { devId }: MessageType): string {
  if (devId === null) return ctx.corps.get(corpId).name
  const [app, ...others] = ctx.apps.ofCorp(corpId).filter(one => one.devId === devId)
  if (app && others.length === 0) return app.name
  return ctx.developers.get(devId)?.name ?? devId
}

type PersonChoice = { choice: TypeChoice; all: ChoiceForAll; reaching: readonly ChannelName[] }

function typeOfPerson(
  type: MessageType,
  { choice, all, reaching }: PersonChoice,
  language: Language,
  sender: string,
): TypeOfPerson {
  const { name, level, digest } = type.definition
  const isTheirs = level !== 'urgent' && (choice.channels !== null || choice.without.length > 0)
  const order = isTheirs ? orderedWays(choice.channels ?? [], type) : type.definition.channels
  const ways = order.map(channel => ({
    channel,
    name: channelOf(channel).label[language],
    isOn: !isTheirs || !choice.without.includes(channel),
    reaches: reaching.includes(channel),
  }))
  return {
    key: type.key,
    name,
    sender,
    level,
    ...decided(type, { choice, all }, ways),
    ways,
    waysBy: isTheirs ? 'person' : level === 'urgent' ? 'level' : 'type',
    digest: level === 'normal' ? (choice.digest ?? '') : '',
    digestOfType: digest?.at ?? (digest?.minutes === undefined ? '' : String(digest.minutes)),
  }
}

/** In this order: the level, the person's choice for the type, 全部关闭, the type, whose owner may be the corp. */
function decided(
  { devId, definition }: MessageType,
  { choice, all }: Pick<PersonChoice, 'choice' | 'all'>,
  ways: readonly { isOn: boolean }[],
): Pick<TypeOfPerson, 'isOn' | 'decidedBy'> {
  if (definition.level !== 'normal') return { isOn: true, decidedBy: 'level' }
  const hasWay = ways.some(one => one.isOn)
  if (choice.isOff !== null || !hasWay) return { isOn: choice.isOff !== true && hasWay, decidedBy: 'person' }
  if (all.isAllOff) return { isOn: false, decidedBy: 'allOff' }
  return { isOn: true, decidedBy: devId === null ? 'corp' : 'type' }
}
