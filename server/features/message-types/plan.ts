import { type Static, Type } from 'typebox'
import type { Words } from '../../platform/words.ts'
import { type ChannelName, channelNames, channels } from '../channels/channels.ts'
import { wrong } from './templates/template.ts'

/** When and how a type goes out: parts of its definition, which a version keeps. Times are minutes. */

const minutes = (minimum: number, maximum: number, about: Words) => Type.Integer({ minimum, maximum, about })

const day = 24 * 60

export const digestSchema = Type.Object(
  {
    minutes: Type.Optional(minutes(1, 7 * day, { zh: '收集多久', en: 'How long rows are collected' })),
    at: Type.Optional(
      Type.String({
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        about: { zh: '每天几点发出', en: 'The time of day' },
      }),
    ),
    first: Type.Optional(Type.Boolean({ about: { zh: '第一条立即发出', en: 'The first goes at once' } })),
    byAbout: Type.Optional(
      Type.Boolean({ about: { zh: '按业务编号分别合并', en: 'Each about has a digest of its own' } }),
    ),
  },
  { additionalProperties: false },
)

export const frequencySchema = Type.Object(
  {
    atMost: Type.Integer({ minimum: 1, maximum: 100 }),
    minutes: minutes(1, 30 * day, { zh: '在多长时间内', en: 'Within which time' }),
    rest: Type.Enum(['digest', 'drop'], {
      about: { zh: 'digest 并入合并发送；drop 不发', en: 'digest: joins the digest; drop: is not sent' },
    }),
  },
  { additionalProperties: false },
)

/** A step that is tried if a person was not reached, or has not looked. */
export const fallbackStepSchema = Type.Object(
  {
    after: minutes(5, 7 * day, {
      zh: '上一步交给渠道后多久；免打扰时间不计',
      en: 'How long after the way before was handed over; quiet hours do not count',
    }),
    unless: Type.Enum(['sent', 'read', 'acknowledged'], {
      about: {
        zh: '满足时不再发：sent 已交给渠道；read 已查看；acknowledged 已点「收到」',
        en: 'Ends it: sent, a channel took it; read; acknowledged',
      },
    }),
    channel: Type.Enum([...channelNames, 'leader'], {
      about: {
        zh: '改用的渠道，须在 channels 中；leader 告知上级，只能是最后一步',
        en: 'The channel, one of channels; leader tells the leader, and is the last step',
      },
    }),
    leaderSees: Type.Optional(
      Type.Boolean({ about: { zh: '上级可以看到内容', en: 'The leader sees what it says' } }),
    ),
  },
  { additionalProperties: false },
)

/** What its parts are for. */
export const planAbouts = {
  digest: {
    zh: '合并发送：minutes 或 at（每天的时刻，企业的时区）二选一',
    en: "Digest: either minutes, or at, a time of each day in the corp's zone",
  },
  frequency: {
    zh: '每人在一段时间内最多几条，其余并入合并发送或不发',
    en: 'How many a person gets within a time; the rest joins the digest or is dropped',
  },
  fallback: {
    zh: '没看再发：最多 3 步，依次改用其他渠道，最后一步可以是上级',
    en: 'What is tried when it was not reached or read: at most 3 steps by other channels, of which the last may be the leader',
  },
  expiresAfter: {
    zh: '接受之后多少分钟仍未发出就不再发；必达不能填',
    en: 'Minutes after which what has not left is not sent any more; not for must',
  },
  receipt: { zh: '要求收件人点「收到」', en: 'Receivers are asked to acknowledge it' },
  testPeople: {
    zh: '试用时收到的人，userId，最多 20 个',
    en: 'Who gets it while the type is on trial: userIds, at most 20',
  },
  private: {
    zh: '管理员、服务台和导出看不到正文',
    en: 'Administrators, the help desk and exports do not see its text',
  },
} as const satisfies Record<string, Words>

/** The fields of a definition that are about when and how. */
export const planShape = {
  digest: Type.Optional(
    Type.Unsafe<Static<typeof digestSchema>>({ ...digestSchema, about: planAbouts.digest }),
  ),
  frequency: Type.Optional(
    Type.Unsafe<Static<typeof frequencySchema>>({ ...frequencySchema, about: planAbouts.frequency }),
  ),
  fallback: Type.Optional(
    Type.Array(fallbackStepSchema, { minItems: 1, maxItems: 3, about: planAbouts.fallback }),
  ),
  expiresAfter: Type.Optional(minutes(1, 90 * day, planAbouts.expiresAfter)),
  receipt: Type.Optional(Type.Boolean({ about: planAbouts.receipt })),
  private: Type.Optional(Type.Boolean({ about: planAbouts.private })),
  testPeople: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { maxItems: 20, about: planAbouts.testPeople }),
  ),
}

export type Digest = Static<typeof digestSchema>
export type Frequency = Static<typeof frequencySchema>
export type FallbackStep = Static<typeof fallbackStepSchema>

const planSchema = Type.Object(planShape)
export type Plan = Static<typeof planSchema>

/** The parts of a definition that are about when and how, those that it has. */
export function planOf(definition: Plan): Plan {
  return Object.fromEntries(
    Object.entries(definition).filter(
      ([name, value]) => Object.hasOwn(planShape, name) && value !== undefined,
    ),
  )
}

type PlanFields = Plan & { level: 'normal' | 'must' | 'urgent'; channels: readonly ChannelName[] }

/** Refuses a plan that contradicts itself or its level. Throws 1000, naming the place. */
export function checkPlan(plan: PlanFields): void {
  const { level, digest, frequency, expiresAfter } = plan
  if (digest && (digest.minutes === undefined) === (digest.at === undefined))
    throw wrong('digest', '应有 minutes 或 at 之一，且只有一个', 'should have either minutes or at')
  if (level === 'urgent' && digest)
    throw wrong('digest', '不能用于紧急：紧急不合并发送', 'is not for urgent, which is never collected')
  if (level === 'urgent' && frequency)
    throw wrong('frequency', '不能用于紧急：紧急不限频率', 'is not for urgent, which is never limited')
  if (frequency?.rest === 'digest' && !digest)
    throw wrong('frequency.rest', '为 digest 时须有 digest', 'is digest, which needs a digest')
  if (level === 'must' && frequency?.rest === 'drop')
    throw wrong(
      'frequency.rest',
      '不能为 drop：必达从不丢弃，可以为 digest',
      'cannot be drop: what must arrive is never dropped; digest is possible',
    )
  if (level === 'must' && expiresAfter !== undefined)
    throw wrong('expiresAfter', '不能用于必达：必达不过期', 'is not for must, which never expires')
  checkFallback(plan)
}

/** Each way is gone once, so that nobody gets the same twice by one channel. */
function checkFallback({
  fallback = [],
  digest,
  receipt,
  private: isPrivate,
  channels: ways,
}: PlanFields): void {
  if (fallback.length > 0 && digest)
    throw wrong(
      'fallback',
      '不能与 digest 同用：合并发送的消息不再改用其他渠道',
      'is not beside digest: a digest goes by no other channel',
    )
  const used = new Set<string>(ways.slice(0, 1))
  for (const [at, { unless, channel, leaderSees }] of fallback.entries()) {
    const place = `fallback[${at}]`
    if (unless === 'acknowledged' && !receipt)
      throw wrong(
        `${place}.unless`,
        '为 acknowledged 时须有 receipt',
        'is acknowledged, which needs a receipt',
      )
    if (leaderSees && (channel !== 'leader' || isPrivate))
      throw wrong(
        `${place}.leaderSees`,
        '只用于 leader，且类型没有 private',
        'is for leader alone, of a type that is not private',
      )
    if (channel !== 'leader' && !ways.includes(channel))
      throw wrong(
        `${place}.channel`,
        '须在 channels 中，并有模板',
        'should be one of channels, with a template',
      )
    if (used.has(channel))
      throw wrong(
        `${place}.channel`,
        '与第一个渠道或前面的一步相同：每个渠道只发一次',
        'is the first channel, or that of a step before: each channel is used once',
      )
    used.add(channel)
    if (channel === 'leader') checkLeader(place, at === fallback.length - 1, ways)
  }
}

function checkLeader(place: string, isLast: boolean, ways: readonly ChannelName[]): void {
  if (!isLast)
    throw wrong(`${place}.channel`, '为 leader 时须是最后一步', 'is leader, which is the last step')
  if (ways.every(name => 'hasOwnCall' in channels[name]))
    throw wrong(
      `${place}.channel`,
      '为 leader 时，channels 中须有短信以外的渠道',
      'is leader, who is told by a channel other than SMS, of which channels has none',
    )
}
