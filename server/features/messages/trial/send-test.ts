import { type Static, Type } from 'typebox'
import { choice, optionalText } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { anyChannelNames } from '../../channels/channels.ts'
import { nameOfSetting, placeField, settingsField } from '../../channels/settings/settings-calls.ts'
import { contentFields } from '../accept/submission.ts'
import { answerIn, sendTrial, type TrialNeeds, trialAdvice } from './trial.ts'

/** What upstream said to a test message, and what to do about it. */
const testAnswerSchema = Type.Object({
  ok: Type.Boolean(),
  /** `queued`: not sent yet; `unknown`: nobody knows whether it was sent. */
  status: Type.Enum(['failed', 'unknown', 'sent', 'queued', 'cancelled']),
  /** '' for a test to an address that belongs to no member, and for one of settings that are not saved. */
  msgId: Type.String(),
  answers: Type.Array(Type.String()),
  advice: Type.String(),
  ms: Type.Number(),
})
export type TestAnswer = Static<typeof testAnswerSchema>

export const testChannel = pageCall({
  method: 'POST',
  path: '/web/messages/test',
  access: administrator('super'),
  point: 'message:send',
  outgoing: true,
  directory: true,
  input: {
    ...contentFields,
    channel: choice('渠道', anyChannelNames),
    userId: optionalText('成员 userId', { max: 64 }),
    address: optionalText('不是成员的邮箱或手机号', { max: 320 }),
    placeId: optionalText('群机器人等的 id', { max: 64 }),
    settings: settingsField('要测试的配置；空为已保存的'),
    place: placeField,
  },
  output: testAnswerSchema,
  async handle(ctx: TrialNeeds, { input, visitor, corpId, request }): Promise<TestAnswer> {
    const language = languageOf(request.headers['accept-language'])
    const started = performance.now()
    const { channel, userId, address, placeId, agentId, settings, place, ...rest } = input
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const trial = {
      channel,
      userId,
      address,
      placeId,
      agentId,
      given,
      settings,
      place,
      nameOf: nameOfSetting,
    }
    const tried = await sendTrial(ctx, visitor.actor, corpId, trial)
    return {
      ok: tried.status === 'sent',
      status: tried.status,
      msgId: tried.msgId,
      answers: tried.answers.map(one => answerIn(language, one)),
      advice: wordsIn(language, trialAdvice(channel, tried) ?? ''),
      ms: Math.round(performance.now() - started),
    }
  },
})
