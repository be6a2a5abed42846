import { codeLastsMs } from '../../callers/sign-in/sms-code/code.ts'
import { readWays } from '../../callers/sign-in/ways/ways-store.ts'
import type { Corp, Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { CodeFailure } from '../../platform/manifest/sms-codes.ts'
import type { Channel, Outcome, SendNeeds, Setups } from '../channels/channel.ts'
import { type ChannelName, channelList } from '../channels/channels.ts'
import type { Contact } from '../channels/contacts-store.ts'
import { codeFailure } from '../channels/sms-codes.ts'
import { Refusal } from '../channels/telling.ts'

type Needs = Core & SendNeeds & { corps: Corps; messageSettings: Setups; offered: FeatureOffers }

/** What is sent, beside the code. */
export type CodeText = { developer: string; purpose: string; code: string }

/** To whom: a number alone by SMS, else a member. */
export type CodeTarget = { mobile: string } | { member: Contact }

/** The way by which codes of a call leave, once it is known that it can carry any. */
export type CodeWay = {
  channel: ChannelName
  /** Undefined where this target cannot be reached at all; otherwise what the channel said, unless the code left. */
  reaches(target: CodeTarget): boolean
  send(target: CodeTarget, text: CodeText): Promise<CodeFailure | undefined>
}

const minutes = codeLastsMs / 60_000

export const codeSendTypes = ['1', '2', '0'] as const
export type CodeSendType = (typeof codeSendTypes)[number]

/** Finds the way that a sendType means. Throws 1008 where the corp has not set it up. */
export async function wayOf(ctx: Needs, developer: Caller, sendType: CodeSendType): Promise<CodeWay> {
  const [name, channel] = channelList.find(([, one]) => one.sendType.value === sendType)!
  return name === 'sms' ? bySms(ctx, developer.corpId) : byMessage(ctx, developer, name, channel)
}

/** The template is that of the sign-in by code. */
async function bySms(ctx: Needs, corpId: string): Promise<CodeWay> {
  const { smsTemplate: templateId } = await readWays(ctx.db, corpId)
  if (!ctx.offered.smsCodes.templates(corpId).some(one => one.id === templateId))
    throw new ApiError('messageCentre', {
      zh: '没有选择验证码的短信模板，请超级管理员在「管理员与登录 → 登录方式」中选择',
      en: 'no SMS template of codes is chosen; a super administrator chooses one in Admins and sign-in → Ways of signing in',
    })
  return {
    channel: 'sms',
    reaches: target => mobileOf(target) !== '',
    send: (target, { code }) =>
      ctx.offered.smsCodes.send(corpId, { mobile: mobileOf(target), templateId, code, minutes }),
  }
}

const mobileOf = (target: CodeTarget) => ('mobile' in target ? target.mobile : target.member.mobile)

async function byMessage(
  ctx: Needs,
  developer: Caller,
  name: ChannelName,
  channel: Channel,
): Promise<CodeWay> {
  const { corpId } = developer
  const corp = ctx.corps.get(corpId)
  const setup = ctx.messageSettings.setupOf(corpId, name)
  const agentId = (await channel.agentOf?.(ctx, developer, undefined, setup)) ?? null
  const missing = channel.missing(setup, corp, agentId)
  if (missing) throw new Refusal(missing)
  return {
    channel: name,
    reaches: target => 'member' in target && channel.unreachable?.(target.member) === undefined,
    async send(target, text) {
      if (!('member' in target)) return undefined
      const { content } = channel.compose({ ...channel.sample, ...wordsOf(text) }, setup)
      const outcome = await sendOnce(ctx, corp, channel, { setup, agentId, content, member: target.member })
      return failureOf(name, outcome)
    },
  }
}

function sendOnce(
  ctx: Needs,
  corp: Corp,
  channel: Channel,
  given: { setup: ReturnType<Setups['setupOf']>; agentId: number | null; content: unknown; member: Contact },
): Promise<Outcome> {
  const { member, ...rest } = given
  return channel.send({
    ...rest,
    ctx,
    corp,
    key: `${ctx.newId()}.1`,
    chunk: 0,
    userIds: [member.userId],
    memberIds: [member.id],
    isChecked: false,
    firstTriedAt: new Date(ctx.now()),
    isRepeated: false,
  })
}

function failureOf(channel: ChannelName, outcome: Outcome): CodeFailure | undefined {
  if (outcome.kind === 'sent') {
    const [failure] = outcome.failures
    return failure && codeFailure(channel, failure.reason, true)
  }
  const isOfReceiver = outcome.kind === 'refused' && !outcome.isConfig
  return codeFailure(channel, outcome.reason, isOfReceiver)
}

function wordsOf({ developer, purpose, code }: CodeText) {
  return {
    agentName: developer,
    title: '验证码',
    content: `${code}\n用途：${purpose}。${minutes} 分钟内有效，请勿告诉他人。\nFor: ${purpose}. Valid for ${minutes} minutes. Do not share it.`,
  }
}
