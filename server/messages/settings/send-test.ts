import { type Static, Type } from 'typebox'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { ApiError } from '../../http/errors.ts'
import { choice, optionalText, texts } from '../../http/input.ts'
import { administrator, pageCall } from '../../http/page-call.ts'
import { languageOf, wordsIn } from '../../http/words.ts'
import type { Queue } from '../../queue/queue.ts'
import { checkParams, noTemplate } from '../accept/submission.ts'
import type { Outcome } from '../channels/channel.ts'
import type { Dispatcher } from '../deliver/dispatcher.ts'
import type { Messages } from '../fate/status.ts'
import { adviceOf, Refusal } from '../fate/telling.ts'
import type { ChannelName } from '../store.ts'
import type { MessageSettingsOfCorps } from './settings.ts'
import { recordTest } from './settings-calls.ts'
import { type Answer, answerIn, sendTrial, sendTrialTo } from './trial.ts'

type Needs = Core & {
  corps: Corps
  dispatcher: Dispatcher
  queue: Queue
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  mirrors: Mirrors
}

/** What upstream said to a test message, and what to do about it. */
const testAnswerSchema = Type.Object({
  ok: Type.Boolean(),
  /** `queued`: not sent yet; `unknown`: nobody knows whether it was sent. */
  status: Type.Enum(['failed', 'unknown', 'sent', 'queued']),
  /** '' for a test to an address that belongs to no member. */
  msgId: Type.String(),
  answers: Type.Array(Type.String()),
  advice: Type.String(),
  ms: Type.Number(),
})
export type TestAnswer = Static<typeof testAnswerSchema>

type Said = Pick<TestAnswer, 'status' | 'msgId'> & { answers: Answer[] }

export const testChannel = pageCall({
  method: 'POST',
  path: '/web/messages/test',
  access: administrator('super'),
  directory: true,
  input: {
    channel: choice('渠道', ['wecom', 'email', 'sms']),
    userId: optionalText('成员 userId', { max: 64 }),
    address: optionalText('不是成员的邮箱或手机号', { max: 320 }),
    templateId: optionalText('短信模板', { max: 64 }),
    params: texts('短信模板变量', { max: 20, length: 500 }),
  },
  output: testAnswerSchema,
  async handle(ctx: Needs, { input, visitor, corpId, request }): Promise<TestAnswer> {
    const language = languageOf(request.headers['accept-language'])
    const started = performance.now()
    const said = await trial(ctx, corpId, input)
    const ok = said.status === 'sent'
    const answer = said.answers.map(one => answerIn('zh', one)).join('；')
    const advice = said.answers.map(one => adviceOf(input.channel, one.reason)).find(Boolean)
    await recordTest(ctx, corpId, visitor.actor, input.channel, { ok, answer })
    return {
      ok,
      ...said,
      answers: said.answers.map(one => answerIn(language, one)),
      advice: ok ? '' : wordsIn(language, advice ?? ''),
      ms: Math.round(performance.now() - started),
    }
  },
})

type Given = {
  channel: ChannelName
  userId: string | undefined
  address: string | undefined
  templateId: string | undefined
  params: string[]
}

/**
 * Runs a test. A refusal because of the settings is returned as an answer; only wrong input throws (1000, 1001,
 * 1007).
 */
async function trial(ctx: Needs, corpId: string, given: Given): Promise<Said> {
  const { channel, userId, address, templateId, params } = given
  const chosen = templateId === undefined ? {} : { templateId, params }
  if (channel === 'sms') checkTemplate(ctx, corpId, templateId, params)
  try {
    if (userId) {
      const { status, msgId, answers } = await sendTrial(ctx, corpId, { channel, userId, ...chosen })
      return { status, msgId, answers }
    }
    if (!address) throw new ApiError('missingParameter', 'userId')
    if (channel === 'wecom')
      throw new ApiError('badParameter', {
        zh: '企业微信消息只能发给成员',
        en: 'userId is needed: a WeCom message goes to members only',
      })
    return saidOf(await sendTrialTo(ctx, corpId, { channel, address, ...chosen }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: 'failed', msgId: '', answers: [{ label: '', reason: error.reason }] }
  }
}

/** Checks the number of variables before the vendor is called. */
function checkTemplate(
  ctx: Core & { messageSettings: MessageSettingsOfCorps },
  corpId: string,
  id: string | undefined,
  params: string[],
): void {
  const { sms, templates } = ctx.messageSettings.of(corpId)
  if (!sms) return
  if (!id) throw new ApiError('missingParameter', 'templateId')
  const template = templates.get(id)
  if (!template) throw noTemplate(id)
  checkParams(template, params)
}

function saidOf(outcome: Outcome): Said {
  if (outcome.kind === 'sent')
    return { status: 'sent', msgId: '', answers: [{ label: 'sent', reason: outcome.vendorId }] }
  const status = outcome.kind === 'unsure' ? 'unknown' : 'failed'
  return { status, msgId: '', answers: [{ label: outcome.kind, reason: outcome.reason }] }
}
