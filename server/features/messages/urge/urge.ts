import type { Developers } from '../../../callers/developers/developers.ts'
import { senderOf as callerOf, operator } from '../../../callers/developers/operator.ts'
import { publicUrlOf, zoneOf } from '../../../organisation/corps/corps.ts'
import { viewWithExternal, visibleMember } from '../../../organisation/directory/read/view.ts'
import { record } from '../../../platform/audit/audit.ts'
import { formatMoment } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { ChannelName } from '../../channels/channels.ts'
import type { MessageRow } from '../../channels/part.ts'
import { asksReceipt } from '../../channels/part.ts'
import { openContent } from '../../channels/sealed.ts'
import { submitTexts } from '../accept/notify.ts'
import { routesOf, to } from '../accept/route.ts'
import { submissionOf } from '../accept/submission.ts'
import type { SubmitNeeds } from '../accept/submit.ts'
import { type MemberNotice, tellingChannels } from '../accept/tell-members.ts'
import { titleOf } from '../fate/subject.ts'
import { messagePath } from '../marks/links.ts'
import {
  countUrgeable,
  type Lack,
  noteUrged,
  type Urgeable,
  urgeableOf,
  urgesAtMost,
} from '../marks/mark-store.ts'
import { listedOf } from '../marks/marks.ts'

export type UrgeNeeds = SubmitNeeds & { developers: Developers }

/** How many people are reminded at a time. */
const peopleAtMost = 10_000

export type UrgeAnswer = {
  /** Id of the reminder. */
  msgId: string
  receivers: number
  /** How many others have not done it: they were reminded lately or often enough, or there are too many for one reminder. */
  left: number
}

/** What its receivers are reminded of: to acknowledge it, or else to open it. */
export function lackOf(ctx: SubmitNeeds, message: MessageRow): Lack {
  return asksReceipt(openContent(ctx, message)) ? 'acknowledged' : 'read'
}

/** Why nobody can be urged now; undefined when somebody can be. */
export function whyNotUrge(
  ctx: SubmitNeeds,
  message: MessageRow,
  { lacking, worn, nextAt }: Urgeable,
): ApiError | undefined {
  const refused = (zh: string, en: string) =>
    new ApiError('badParameter', { zh: told`${own(zh)}`, en: told`${own(en)}` })
  if (message.recalledAt) return refused('消息已撤回，不能催办', 'the message was recalled: nobody is urged')
  if (lacking === 0)
    return refused(
      '没有需要催办的人：都已完成，或消息还没有发出',
      'nobody is to be urged: all have done it, or it has not left yet',
    )
  if (lacking === worn)
    return refused(
      `余下的 ${lacking} 人都已催办 ${urgesAtMost} 次`,
      `each of the other ${lacking} was urged ${urgesAtMost} times already`,
    )
  if (!nextAt) return undefined
  const time = formatMoment(nextAt, zoneOf(ctx, message.corpId), ctx.now())
  return refused(
    `余下的人 30 分钟内已催办过，${time.zh} 之后可以再次催办`,
    `the others were urged within the last 30 minutes; the next time is after ${time.en}`,
  )
}

/**
 * Reminds those who have not acknowledged a message, or not read it where no receipt is asked for (催办): by a message of its own in the name
 * of its sender, through the first channel that reaches each. One person at most three times, and not more often than every 30 minutes;
 * who is urged is noted in the commit that accepts the reminder. Throws 1000 when nobody can be urged, and what a send throws.
 */
export async function urge(ctx: UrgeNeeds, given: MessageRow, actor: string): Promise<UrgeAnswer> {
  const message = await listedOf(ctx.db, given)
  const { corpId } = message
  const at = new Date(ctx.now())
  const lack = lackOf(ctx, message)
  const before = await countUrgeable(ctx.db, message, lack, at)
  const ids = message.recalledAt ? [] : await urgeableOf(ctx.db, message, { lack, at, limit: peopleAtMost })
  const view = viewWithExternal(ctx, callerOf(ctx, message) ?? operator(corpId))
  const members = ids.flatMap(id => visibleMember(view, view.mirror.members.byId(id)) ?? [])
  if (members.length === 0) throw whyNotUrge(ctx, message, before) ?? outOfSight()
  const channels = tellingChannels(ctx, corpId)
  if (channels.length === 0) throw noWay()
  const notice = noticeOf(ctx, message, lack)
  const agentIdOf = (channel: ChannelName) =>
    channel === message.channel && message.agentId !== null ? String(message.agentId) : undefined
  const none = { toUser: [], toParty: [], toTag: [], requestId: undefined }
  const textOf = (channel: ChannelName) =>
    submissionOf(ctx, corpId, channel, { ...notice, ...none, agentId: agentIdOf(channel) })
  const contentOf = (channel: ChannelName) => textOf(channel).content
  const routes = await routesOf(ctx, view, { channels, agentIdOf, contentOf }, to(members))
  const texts = routes.map(({ channel, audience }) => ({ submission: textOf(channel), audience }))
  const sent = await submitTexts(ctx, view, texts, to(members), {
    write: async tx => {
      const noted = await noteUrged(
        tx,
        message,
        members.map(core => core.id),
        at,
      )
      if (noted < members.length) throw meanwhile()
      const detail = { receivers: members.length }
      await record(tx, ctx, { corpId, actor, act: 'message.urge', target: message.id, detail })
    },
  })
  return { msgId: sent.msgId, receivers: members.length, left: before.lacking - members.length }
}

function noticeOf(ctx: UrgeNeeds, message: MessageRow, lack: Lack): MemberNotice {
  const { agentName } = message
  const title = titleOf(ctx, message) || agentName
  const isReceipt = lack === 'acknowledged'
  return {
    msgType: '01',
    agentName,
    title: `请查收：${title}`,
    content: isReceipt
      ? '请打开这条消息并点「收到」。\nPlease open this message and press 收到 (received).'
      : '这条消息还没有打开，请查看。\nPlease open this message.',
    url: publicUrlOf(ctx, ctx.corps.get(message.corpId)) + messagePath(message.id),
    btntxt: '查看',
  }
}

const outOfSight = () =>
  new ApiError('badParameter', {
    zh: '没有做到的人都已不在数据范围内，没有催办',
    en: 'all members who have not done it are outside the data scope now; no one was urged',
  })

const noWay = () =>
  new ApiError('messageCentre', {
    zh: '企业微信、邮件都没有配置，催办发不出去：请先在消息中心配置一个渠道',
    en: 'neither WeCom nor mail is set up, so urging cannot be sent: set up a channel in the message centre first',
  })

const meanwhile = () =>
  new ApiError('badParameter', {
    zh: '其中有人刚刚被催办过，没有再发；请稍后再试',
    en: 'some of them were urged a moment ago, and nothing was sent: try again later',
  })
