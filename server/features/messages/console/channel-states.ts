import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { onPage, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import type { Channel } from '../../channels/channel.ts'
import { type AnyChannelName, anyChannelList, anyChannelNames } from '../../channels/channels.ts'
import { isReady, type MessageSettingsOfCorps, settingsVersions } from '../../channels/settings/settings.ts'
import { lastTest } from '../../channels/settings/settings-calls.ts'
import { toldIn } from '../../channels/telling.ts'
import { type SpendingNeeds, spendingOf } from '../../send-approval/budget/spending.ts'
import { firstOf, lostOf } from '../fate/fate-store.ts'
import { keptCounts } from '../fate/kept-counts.ts'
import { type ChannelUse, costSince, lastTroubled, useOfChannels } from './channel-states-store.ts'

export type ChannelStatesNeeds = Core &
  SpendingNeeds & { corps: Corps; messageSettings: MessageSettingsOfCorps }

const states = ['ready', 'testFailed', 'missing', 'off'] as const

export const channelStateSchema = Type.Object({
  name: Type.String({ about: { zh: '渠道', en: 'Channel' } }),
  label: Type.String({ about: { zh: '名称', en: 'What it is called' } }),
  state: Type.Enum(states, {
    about: {
      zh: 'ready 可以使用；testFailed 可以使用，但最近的测试失败；missing 没有配置完；off 功能未开启',
      en: 'ready; testFailed: usable, but the last test failed; missing: not set up completely; off: the feature is off',
    },
  }),
  missing: Type.String({
    about: { zh: '还缺什么；空为不缺', en: 'What is missing; empty where nothing is' },
  }),
  today: Type.Object(
    {
      messages: Type.Number({ about: { zh: '今天的消息', en: 'Messages of today' } }),
      troubled: Type.Number({
        about: { zh: '其中没有完全送达的', en: 'Those of them that did not reach everybody' },
      }),
      waiting: Type.Number({ about: { zh: '其中还没有发完的', en: 'Those of them that have not all left' } }),
      isWhole: Type.Boolean({
        about: {
          zh: 'false：troubled 与 waiting 只数了最近的 20000 条',
          en: 'false: troubled and waiting are counted among the newest 20,000 alone',
        },
      }),
    },
    { about: { zh: '今天（北京时间）的使用', en: 'Use of today, as in Beijing' } },
  ),
  cost: Type.Optional(
    Type.Object(
      {
        today: Type.Number({ about: { zh: '今天', en: 'Today' } }),
        month: Type.Number({ about: { zh: '本月', en: 'This month' } }),
        budget: Type.Number({ about: { zh: '本月的预算', en: "This month's budget" } }),
      },
      {
        about: {
          zh: '费用，单位为分；设置了预算的渠道才有',
          en: 'Cost in fen; of a channel that has a budget alone',
        },
      },
    ),
  ),
  lastFailure: Type.Optional(
    Type.Object(
      {
        at: Type.String({ about: { zh: '消息的时间', en: 'When the message was accepted' } }),
        msgId: Type.String({ about: { zh: '消息 id', en: 'Id of the message' } }),
        reason: Type.String({ about: { zh: '原因', en: 'Why' } }),
      },
      {
        about: {
          zh: '近 7 天最近一条没有完全送达的消息',
          en: 'The newest message of the last 7 days that did not reach everybody',
        },
      },
    ),
  ),
  lastTest: Type.Optional(
    Type.Object(
      {
        at: Type.String({ about: { zh: '时间', en: 'When' } }),
        ok: Type.Boolean({ about: { zh: '是否发出', en: 'Whether it was sent' } }),
        isCurrent: Type.Boolean({
          about: { zh: '是否用现在的配置测试', en: 'Whether it was made with the settings in use now' },
        }),
      },
      { about: { zh: '最近的测试', en: 'The last test' } },
    ),
  ),
})
export type ChannelState = Static<typeof channelStateSchema>

/** Among the messages of so many days the last failure is looked for. */
const lookedAtDays = 7

type ChannelCounts = {
  use: ReadonlyMap<string, ChannelUse>
  cost: ReadonlyMap<string, number>
  failures: ReadonlyMap<string, { id: string; at: Date; reason: string }>
}
const countings = new WeakMap<object, ReturnType<typeof keptCounts<ChannelCounts>>>()

/** Each node keeps for itself what took long to count. */
function countingOf(ctx: Core) {
  return countings.getOrInsertComputed(ctx.db, () =>
    keptCounts(
      async corpIds =>
        new Map(
          await Promise.all(corpIds.map(async corpId => [corpId, await countOf(ctx, corpId)] as const)),
        ),
      () => performance.now(),
    ),
  )
}

const paid = anyChannelList.filter(([, { isPaid }]) => isPaid).map(([name]) => name)

async function countOf({ db, now }: Core, corpId: string): Promise<ChannelCounts> {
  const today = firstOf(1, now())
  const [use, cost, troubled] = await Promise.all([
    useOfChannels(db, corpId, today),
    costSince(db, corpId, today, paid),
    lastTroubled(db, corpId, firstOf(lookedAtDays, now())),
  ])
  const failures = troubled.map(async ({ channel, id, at, ...message }) => {
    const [lost] = await lostOf(db, { corpId, id, ...message }, 1)
    return [channel, { id, at, reason: lost?.reason ?? '' }] as const
  })
  return { use, cost, failures: new Map(await Promise.all(failures)) }
}

const unused: ChannelUse = { messages: 0, troubled: 0, waiting: 0, isWhole: true }

/** Every channel as it stands: whether it can send, and what became of what it sent. */
export async function channelStates(
  ctx: ChannelStatesNeeds,
  corpId: string,
  language: Language,
): Promise<ChannelState[]> {
  const counted = (await countingOf(ctx)([corpId])).get(corpId)
  const spending = await spendingOf(ctx, corpId, '')
  const versions = await settingsVersions(ctx.db, corpId)
  const told = anyChannelList.map(async ([name, channel]): Promise<ChannelState> => {
    const test = await lastTest(ctx, corpId, name, versions.get(name) ?? '')
    const failure = counted?.failures.get(name)
    const state = stateOf(ctx, corpId, [name, channel], test?.ok === false && test.isCurrent)
    return {
      name,
      label: wordsIn(language, channel.label),
      state,
      missing: state === 'missing' ? wordsIn(language, channel.settings.takes) : '',
      today: counted?.use.get(name) ?? unused,
      ...(channel.isPaid && spending
        ? {
            cost: {
              today: counted?.cost.get(name) ?? 0,
              month: spending.used + spending.urgentUsed,
              budget: spending.budget + spending.urgent,
            },
          }
        : {}),
      ...(failure
        ? {
            lastFailure: {
              at: failure.at.toISOString(),
              msgId: failure.id,
              reason: toldIn(language, failure.reason),
            },
          }
        : {}),
      ...(test ? { lastTest: { at: test.at, ok: test.ok, isCurrent: test.isCurrent } } : {}),
    }
  })
  return Promise.all(told)
}

function stateOf(
  ctx: ChannelStatesNeeds,
  corpId: string,
  [name, { feature }]: readonly [AnyChannelName, Channel],
  isTestFailed: boolean,
): ChannelState['state'] {
  if (feature && !isOn(ctx, corpId, feature)) return 'off'
  if (!isReady(ctx, corpId, name)) return 'missing'
  return isTestFailed ? 'testFailed' : 'ready'
}

export const listChannels = pageCall({
  method: 'GET',
  path: '/web/messages/channels',
  access: administrator('super'),
  point: 'message:read',
  input: { ...paging },
  output: Type.Object({
    list: Type.Array(channelStateSchema),
    total: Type.Number(),
    /** The day in Beijing that is counted. */
    day: Type.String(),
  }),
  async handle(ctx: ChannelStatesNeeds, { input, corpId, request }) {
    const list = await channelStates(ctx, corpId, languageOf(request.headers['accept-language']))
    return { list: onPage(list, input), total: list.length, day: dayOf(ctx.now()) }
  },
})

export const adminChannels = adminCall({
  method: 'GET',
  path: '/api/admin/messageChannels',
  summary: {
    zh: '列出消息渠道：状态、今天的使用、费用、最近的失败',
    en: 'List message channels: their state, use of today, cost and last failure',
  },
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ list: Type.Array(channelStateSchema) }),
  errors: [],
  sample: {
    list: [
      {
        name: anyChannelNames[0]!,
        label: '企业微信',
        state: 'ready',
        missing: '',
        today: { messages: 120, troubled: 1, waiting: 0, isWhole: true },
        lastFailure: {
          at: '2026-11-25T02:00:00.000Z',
          msgId: 'kWmG3Yf0fJ0bqzv0X2m1cQ8w5s7t9u1y',
          reason: '60111 invalid userid',
        },
      },
    ],
  },
  handle: async (ctx: ChannelStatesNeeds, { corpId, language }) => ({
    list: await channelStates(ctx, corpId, language),
  }),
})
