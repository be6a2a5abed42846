import { Type } from 'typebox'
import { operator } from '../../../callers/developers/operator.ts'
import { zoneOf } from '../../../organisation/corps/corps.ts'
import { listedMember, viewWithExternal } from '../../../organisation/directory/read/view.ts'
import { optionalText, structured, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { type ChannelName, channelNames, channelOf } from '../../channels/channels.ts'
import { wordsOf } from '../../channels/telling.ts'
import { choicesOf, type MessageChoices } from '../../message-choices/choices.ts'
import type { MessageTypes } from '../../message-types/catalog.ts'
import { sampleData, standInLink } from '../../message-types/check-speaking.ts'
import { compile } from '../../message-types/compile.ts'
import { decide } from '../../message-types/decide/decide.ts'
import type { DecisionBasis } from '../../message-types/decide/decision.ts'
import { type Definition, definitionSchema } from '../../message-types/definition.ts'
import { memberValues } from '../../message-types/member-values.ts'
import { languageFor, render } from '../../message-types/render.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { routesOf, to } from '../accept/route.ts'
import { reachOf, type SubmitNeeds } from '../accept/submit.ts'

type Needs = SubmitNeeds & {
  messageChoices: MessageChoices
  messageTypes: MessageTypes
  quietHours: QuietHoursOfCorps
}

const words = Type.String()

/** What would become of a type's message for a member now, as far as what is set decides it: nothing has left before, and nothing is sent. */
export const simulateType = pageCall({
  method: 'POST',
  path: '/web/message-types/simulate',
  access: administrator('super'),
  point: 'message:type',
  directory: true,
  input: {
    definition: structured('名称、级别、渠道、模板与计划', definitionSchema),
    userId: text('接收人', { max: 64 }),
    key: optionalText('类型的 key，用于本人对它的选择；新的类型没有', { max: 64 }),
  },
  output: Type.Object({
    name: words,
    what: Type.Enum(['send', 'wait', 'collect', 'drop']),
    /** Why, in the reader's language; '' for what leaves at once by the type's first way. */
    cause: words,
    until: Type.Optional(words),
    /** By which it would leave; '' for what does not. */
    channel: Type.Enum(['', ...channelNames]),
    /** Why that channel does not reach the member; '' where it does. */
    lost: words,
  }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const definition = input.definition as Definition
    const caller = operator(corpId)
    const member = await listedMember(ctx, caller, input.userId)
    const compiled = compile(definition)
    const chosen = await choicesOf(ctx, corpId, input.key ?? '', [member.id])
    const basis = { ...basisOf(ctx, corpId, definition), choice: chosen.get(member.id) }
    const decision = decide(basis)
    const left = 'until' in decision ? decide({ ...basis, hasWaited: true, now: decision.until }) : decision
    const said = {
      name: member.name,
      what: decision.do,
      cause: decision.cause ? wordsIn(language, wordsOf(decision.cause)) : '',
      ...('until' in decision ? { until: new Date(decision.until).toISOString() } : {}),
    }
    if (left.do !== 'send') return { ...said, channel: '' as const, lost: '' }
    const view = viewWithExternal(ctx, caller)
    const values = {
      data: sampleData(definition, compiled),
      member: memberValues(view, member),
      zone: zoneOf(ctx, corpId),
    }
    const textIn = (name: ChannelName) => languageFor(compiled, name, 'zh')
    const contentOf = (name: ChannelName) => {
      const spoken = textIn(name)
      const link = standInLink(definition, name, spoken)
      const given = render({ definition, compiled }, name, spoken, values, link)
      return channelOf(name).compose(given, ctx.messageSettings.setupOf(corpId, name)).content as object
    }
    const agentIdOf = (name: ChannelName) =>
      compiled.templates.get(name)?.get(textIn(name))?.chosen['agentId']
    const wanted = { channels: left.channels, agentIdOf, contentOf }
    const [route] = await routesOf(ctx, view, wanted, to([member]))
    const channel = route?.channel ?? left.channels[0]!
    const { lost } = await reachOf(ctx, corpId, channelOf(channel), contentOf(channel), [member])
    const reason = lost.get(member.id)
    return { ...said, channel, lost: reason ? wordsIn(language, wordsOf(reason)) : '' }
  },
})

function basisOf(ctx: Needs, corpId: string, definition: Definition): DecisionBasis {
  const { level, channels, digest, frequency, expiresAfter } = definition
  const now = ctx.now()
  return {
    ...{ level, channels, digest, frequency, now, acceptedAt: now, hasWaited: false },
    choice: undefined,
    corpQuietHours: ctx.quietHours.of(corpId),
    timeZone: zoneOf(ctx, corpId),
    expiresAt: expiresAfter === undefined ? undefined : now + expiresAfter * 60_000,
    history: { leftAt: [], collectingUntil: undefined, lastDigestAt: undefined },
  }
}
