import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { flag, optionalChoice, optionalStructured, text } from '../../platform/http/input.ts'
import { administrator, pageCall, person } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import { languageOf } from '../../platform/words.ts'
import { type ChannelName, channelNames } from '../channels/channels.ts'
import { countChoices } from './choices-store.ts'
import { choicesOfPerson, type PersonNeeds, personChoicesSchema } from './person-choices.ts'
import {
  type ChoiceNeeds,
  type Chooser,
  chooseAllOff,
  chooseForType,
  chooseQuietHours,
} from './put-choice.ts'
import { quietHoursSchema } from './quiet-hours.ts'

const path = '/web/portal/message-choices'

/** Throws 1000 for an account that is no member. */
function chooserOf({ member, actor }: Visitor, corpId: string): Chooser {
  if (!member)
    throw new ApiError('badParameter', {
      zh: '只有成员有消息设置，当前账号不是成员',
      en: 'only members have message settings, and this account is not a member',
    })
  return { corpId, memberId: member.id, actor }
}

export const myChoices = pageCall({
  method: 'GET',
  path,
  access: person,
  input: {},
  output: Type.Object({
    ...personChoicesSchema.properties,
    timeZone: Type.String(),
  }),
  async handle(ctx: PersonNeeds, { visitor, corpId, request }) {
    const { timeZone } = ctx.corps.get(corpId)
    if (!visitor.member) return { isAllOff: false, quietHours: null, types: [], timeZone }
    const language = languageOf(request.headers['accept-language'])
    return { ...(await choicesOfPerson(ctx, chooserOf(visitor, corpId), language)), timeZone }
  },
})

const ways = Type.Array(Type.Enum(channelNames), { maxItems: channelNames.length })

export const chooseType = pageCall({
  method: 'POST',
  path: `${path}/type`,
  access: person,
  input: {
    type: text('消息类型的 key', { max: 64 }),
    switched: optionalChoice('on 接收，off 不接收，default 恢复默认', ['on', 'off', 'default']),
    channels: optionalStructured('渠道的顺序，[] 为类型的顺序', ways),
    without: optionalStructured('停用的渠道', ways),
    digest: optionalStructured(
      'type 按类型，off 不合并，或每天的时刻',
      Type.String({ pattern: '^(type|off|([01]\\d|2[0-3]):[0-5]\\d)$' }),
    ),
  },
  output: Type.Object({}),
  async handle(ctx: ChoiceNeeds, { input, visitor, corpId }) {
    const { type, switched, digest } = input
    await chooseForType(ctx, chooserOf(visitor, corpId), type, {
      switched,
      digest,
      channels: input.channels as ChannelName[] | undefined,
      without: input.without as ChannelName[] | undefined,
    })
    return {}
  },
})

export const chooseAll = pageCall({
  method: 'POST',
  path: `${path}/all`,
  access: person,
  input: { isAllOff: flag('1 为全部关闭') },
  output: Type.Object({}),
  async handle(ctx: ChoiceNeeds, { input, visitor, corpId }) {
    await chooseAllOff(ctx, chooserOf(visitor, corpId), input.isAllOff)
    return {}
  },
})

export const chooseQuiet = pageCall({
  method: 'POST',
  path: `${path}/quiet-hours`,
  access: person,
  input: { quietHours: optionalStructured('免打扰；不填则取消', quietHoursSchema) },
  output: Type.Object({}),
  async handle(ctx: ChoiceNeeds, { input, visitor, corpId }) {
    await chooseQuietHours(ctx, chooserOf(visitor, corpId), input.quietHours ?? null)
    return {}
  },
})

/** What people chose about a type, in numbers. */
export const typeChoiceCounts = pageCall({
  method: 'GET',
  path: '/web/message-types/choices',
  access: administrator('super'),
  point: 'message:read',
  input: { key: text('消息类型的 key', { max: 64 }) },
  output: Type.Object({ off: Type.Number(), withoutMail: Type.Number(), allOff: Type.Number() }),
  handle: (ctx: Core, { input, corpId }) => countChoices(ctx.db, corpId, input.key),
})
