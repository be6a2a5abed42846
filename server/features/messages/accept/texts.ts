import { publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Audience } from '../../../organisation/directory/read/audience.ts'
import type { View } from '../../../organisation/directory/read/view.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { ownTurn } from '../../../platform/operation/own-turn.ts'
import type { ChannelName } from '../../channels/channels.ts'
import { withFlags } from '../../channels/part.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import { memberValues } from '../../message-types/member-values.ts'
import { languageFor, render } from '../../message-types/render.ts'
import type { Data, MemberValues } from '../../message-types/templates/template.ts'
import { askReceipt } from './ask-receipt.ts'
import { type Route, to } from './route.ts'
import type { SendingType, SendTime, Submission } from './sending.ts'
import { submissionOf } from './submission.ts'
import { type SubmitNeeds, senderOf } from './submit.ts'

/** One text, by one channel, to all who get it. */
export type Text = { submission: Submission; audience: Audience }

/** What is sent by a type: the same data for all, or each person's own. */
export type Speech = {
  type: MessageType
  sending: SendingType
  dataOf(core: MemberCore | undefined): Data
  /** Whether persons differ in their data. */
  isByRows: boolean
  link: string | undefined
  requestId: string | undefined
  timing?: SendTime
  /** The administrator who sends it. */
  actor: string | undefined
  /** A receipt is asked for by a card, because WeCom's agent hears what is pressed on it. */
  byCard?: boolean
}

/** How many texts a call may have: they are stored in one commit. */
const ownTextsAtMost = 2000
const nobody: MemberValues = { name: '', userId: '', department: '' }
const textsInTurn = 100
/** Characters of all texts of a call. */
const textsLengthAtMost = 16_000_000

/** The text of a type for a channel. Throws 1000, 1001 and 1008, before anything is stored. */
export function textOf(
  ctx: SubmitNeeds,
  { corpId }: { corpId: string },
  said: Speech,
  channel: ChannelName,
  values: { data: Data; member: MemberValues },
): Submission {
  const { type, sending, link, requestId, timing, actor, byCard = false } = said
  const language = languageFor(type.compiled, channel, 'zh')
  const corp = ctx.corps.get(corpId)
  const rendered = render(type, channel, language, { ...values, zone: corp.timeZone }, link)
  const way = { byCard, publicUrl: publicUrlOf(ctx, corp), msgId: sending.msgId }
  const given = type.definition.receipt ? askReceipt(channel, rendered, way) : rendered
  const none = { toUser: [], toParty: [], toTag: [] }
  const submission = submissionOf(ctx, corpId, channel, { ...given, ...none, requestId })
  const content = withFlags(submission.content, type.definition)
  const more = { ...(timing ? { timing } : {}), ...(actor === undefined ? {} : { actor }) }
  return { ...submission, content, type: sending, ...more }
}

/** The agent that a type's template names. */
export const chosenAgent = ({ compiled }: MessageType, channel: ChannelName) =>
  compiled.templates.get(channel)?.get(languageFor(compiled, channel, 'zh'))?.chosen['agentId']

async function hearsPresses(
  ctx: SubmitNeeds,
  { developer }: View,
  { type }: Speech,
  routes: readonly Route[],
) {
  if (!type.definition.receipt || !routes.some(one => one.channel === 'wecom')) return false
  const agentId = await senderOf(ctx, developer, 'wecom', chosenAgent(type, 'wecom'))
  return ctx.messageSettings.isHeard(developer.corpId, agentId)
}

/**
 * The texts that routes take: one for each, or one for those of its persons for whom it says the same. Throws 1000 for more texts than one
 * commit takes.
 */
export async function textsOf(
  ctx: SubmitNeeds,
  view: View,
  given: Speech,
  routes: readonly Route[],
): Promise<Text[]> {
  const said = { ...given, byCard: await hearsPresses(ctx, view, given, routes) }
  const isOwn = said.isByRows || said.type.compiled.isOfMember
  if (!isOwn)
    return routes.map(({ channel, audience }) => ({
      audience,
      submission: textOf(ctx, view.developer, said, channel, {
        data: said.dataOf(undefined),
        member: nobody,
      }),
    }))
  const texts = new Map<string, { submission: Submission; members: MemberCore[] }>()
  let made = 0
  let length = 0
  for (const { channel, audience } of routes)
    for (const core of audience.members) {
      const values = { data: said.dataOf(core), member: memberValues(view, core) }
      const submission = textOf(ctx, view.developer, said, channel, values)
      const same = `${channel} ${JSON.stringify(submission.content)}`
      if (!texts.has(same)) length += same.length
      if (length > textsLengthAtMost) throw tooLong(said)
      if (texts.size >= ownTextsAtMost && !texts.has(same)) throw tooManyTexts(said)
      texts.getOrInsertComputed(same, () => ({ submission, members: [] })).members.push(core)
      if (++made % textsInTurn === 0) await ownTurn()
    }
  return [...texts.values()].map(({ submission, members }) => ({ submission, audience: to(members) }))
}

function tooManyTexts({ type }: Speech): ApiError {
  return new ApiError('badParameter', {
    zh: told`类型 ${type.key}：一次最多发送 ${own(ownTextsAtMost)} 份不同的内容，没有发送；请把名单分成几份`,
    en: told`the type ${type.key}: a call sends at most ${own(ownTextsAtMost)} different texts, and nothing was sent; divide the list into several`,
  })
}

function tooLong({ type }: Speech): ApiError {
  return new ApiError('badParameter', {
    zh: told`类型 ${type.key}：各人的内容合计超过 ${own(textsLengthAtMost)} 个字符，没有发送；请分几次发送`,
    en: told`the type ${type.key}: the texts of all people have more than ${own(textsLengthAtMost)} characters in all, and nothing was sent; send them in several calls`,
  })
}

/** Throws 1000 before anybody is looked up one by one. */
export function checkOwnTexts(said: Speech, persons: number): void {
  if (!said.type.compiled.isOfMember || persons <= ownTextsAtMost) return
  throw new ApiError('badParameter', {
    zh: told`类型 ${said.type.key} 的模板含有 member 变量，最多发给 ${own(ownTextsAtMost)} 人，收到 ${own(persons)} 人`,
    en: told`the templates of the type ${said.type.key} have variables of member: it goes to at most ${own(ownTextsAtMost)} people, got ${own(persons)}`,
  })
}
