import { publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type ChannelName, channelOf } from '../../channels/channels.ts'
import type { Draft } from '../accept/outbox.ts'
import { routesOf, to } from '../accept/route.ts'
import type { Submission } from '../accept/sending.ts'
import { submissionOf } from '../accept/submission.ts'
import { newDraft, reachOf, senderOf } from '../accept/submit.ts'
import { chosenAgent } from '../accept/texts.ts'
import { withoutSender } from '../fate/my-messages.ts'
import type { Fate } from './decisions.ts'
import type { OpenCall, WaitingNeeds } from './open-call.ts'

const linesAtMost = 20
const lineAtMost = 60
const namesAtMost = 3
const myMessagesPath = '/mobile?tab=messages'

/**
 * One message to a person in the place of several, which it lists by their titles, the newest last. It is of the type of the newest.
 * Undefined where no channel of that type can carry what has no template.
 */
export async function digestDraft(
  ctx: WaitingNeeds,
  fates: readonly Fate[],
  calls: ReadonlyMap<string, OpenCall>,
  core: MemberCore,
): Promise<Draft | undefined> {
  const newest = fates.at(-1)!
  const { type } = newest
  const { view } = calls.get(newest.message.id)!
  if (!type || newest.decision.do !== 'send') return undefined
  const channels = newest.decision.channels.filter(name => !channelOf(name).hasOwnCall)
  if (channels.length === 0) return undefined
  const lines = await linesOf(
    ctx,
    fates.slice(-linesAtMost).map(one => calls.get(one.message.id)!),
    core,
  )
  const more = fates.length - lines.length
  const content = [...lines, ...(more > 0 ? [`……共 ${fates.length} 条`] : [])].join('\n')
  const title = `${fates.length} 条消息：${namesOf(fates)}`
  const submissionBy = (channel: ChannelName): Submission => ({
    ...submissionOf(ctx, view.developer.corpId, channel, {
      msgType: '01',
      agentName: type.definition.name,
      agentId: chosenAgent(type, channel),
      title,
      content,
      url: publicUrlOf(ctx, ctx.corps.get(view.developer.corpId)) + myMessagesPath,
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
  return newDraft(ctx, view, submission, agentId, to([core]), { parentId: null, reach })
}

/** Of the types of what is listed, the first few. */
function namesOf(fates: readonly Fate[]): string {
  const names = [...new Set(fates.flatMap(one => one.type?.definition.name ?? []))]
  return names.slice(0, namesAtMost).join('、') + (names.length > namesAtMost ? '等' : '')
}

async function linesOf(ctx: WaitingNeeds, listed: readonly OpenCall[], core: MemberCore): Promise<string[]> {
  const lines: string[] = []
  for (const call of listed) lines.push(`· ${await titleFor(ctx, call, core)}`)
  return lines
}

/** What a message says in one line. A private one is only named: the digest may be of another sender's type. */
async function titleFor(
  ctx: WaitingNeeds,
  { message, type, textsFor }: OpenCall,
  core: MemberCore,
): Promise<string> {
  const name = type?.definition.name ?? message.agentName
  if (type?.definition.private) return name
  try {
    const [text] = await textsFor(to([core]))
    if (!text) return name
    const { channel, content, agentName } = text.submission
    const setup = ctx.messageSettings.setupOf(message.corpId, channel)
    const shown = withoutSender(channelOf(channel).read(content, setup), agentName)
    return shortened(shown.title || shown.text) || name
  } catch (error) {
    // What cannot be written any more, such as for a channel that was taken away, is named all the same.
    if (!(error instanceof ApiError)) throw error
    return name
  }
}

function shortened(text: string): string {
  const all = [...text.trim().replaceAll(/\s+/g, ' ')]
  return all.length > lineAtMost ? `${all.slice(0, lineAtMost).join('')}…` : all.join('')
}
