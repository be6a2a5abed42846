import { publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { View } from '../../../organisation/directory/read/view.ts'
import { type ChannelName, channelOf } from '../../channels/channels.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import type { Draft } from '../accept/outbox.ts'
import { routesOf, to } from '../accept/route.ts'
import type { Submission } from '../accept/sending.ts'
import { submissionOf } from '../accept/submission.ts'
import { newDraft, reachOf, senderOf } from '../accept/submit.ts'
import { chosenAgent } from '../accept/texts.ts'
import { messagePath } from '../marks/links.ts'
import type { WaitingNeeds } from './open-call.ts'

/**
 * What wisp itself has to say about messages of a type, to one person by the first of these channels that reaches them. Undefined where no
 * channel can carry what has no template.
 */
export async function noticeDraft(
  ctx: WaitingNeeds,
  view: View,
  type: MessageType,
  { channels: given, core, title, content }: NoticeText,
): Promise<Draft | undefined> {
  const channels = given.filter(name => !channelOf(name).hasOwnCall)
  if (channels.length === 0) return undefined
  const id = ctx.newId()
  const submissionBy = (channel: ChannelName): Submission => ({
    ...submissionOf(ctx, view.developer.corpId, channel, {
      msgType: '01',
      agentName: type.definition.name,
      agentId: chosenAgent(type, channel),
      title,
      content,
      url: publicUrlOf(ctx, ctx.corps.get(view.developer.corpId)) + messagePath(id),
      btntxt: '查看',
      toUser: [],
      toParty: [],
      toTag: [],
      requestId: undefined,
    }),
    type: { key: type.key, version: type.version, asked: '', accepted: 1, msgId: '' },
  })
  const wanted = {
    channels,
    agentIdOf: (channel: ChannelName) => chosenAgent(type, channel),
    contentOf: (channel: ChannelName) => submissionBy(channel).content,
  }
  const [route] = await routesOf(ctx, view, wanted, to([core]))
  const submission = submissionBy(route!.channel)
  const agentId = await senderOf(ctx, view.developer, submission.channel, submission.agentId)
  const channel = channelOf(submission.channel)
  const reach = await reachOf(ctx, view.developer.corpId, channel, submission.content, [core])
  return newDraft(ctx, view, submission, agentId, to([core]), { parentId: null, reach, id })
}

type NoticeText = { channels: readonly ChannelName[]; core: MemberCore; title: string; content: string }
