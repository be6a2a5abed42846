import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { channelOf } from '../../channels/channels.ts'
import type { Draft } from '../accept/outbox.ts'
import { to } from '../accept/route.ts'
import { withoutSender } from '../mine/my-messages.ts'
import type { Fate } from './decisions.ts'
import { noticeDraft } from './notice-draft.ts'
import type { OpenCall, WaitingNeeds } from './open-call.ts'

const linesAtMost = 20
const lineAtMost = 60
const namesAtMost = 3

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
  const { channels } = newest.decision
  const lines = await linesOf(
    ctx,
    fates.slice(-linesAtMost).map(one => calls.get(one.message.id)!),
    core,
  )
  const more = fates.length - lines.length
  const content = [...lines, ...(more > 0 ? [`……共 ${fates.length} 条`] : [])].join('\n')
  const title = `${fates.length} 条消息：${namesOf(fates)}`
  return noticeDraft(ctx, view, type, { channels, core, title, content })
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
async function titleFor(ctx: WaitingNeeds, call: OpenCall, core: MemberCore): Promise<string> {
  const name = call.type?.definition.name ?? call.message.agentName
  if (call.type?.definition.private) return name
  const shown = await shownFor(ctx, call, core)
  return shortened(shown?.title || shown?.text || '') || name
}

/** What a message says to a person; undefined for what cannot be written any more, such as for a channel that was taken away. */
export async function shownFor(
  ctx: WaitingNeeds,
  { message, textsFor }: OpenCall,
  core: MemberCore,
): Promise<{ title: string; text: string } | undefined> {
  try {
    const [written] = await textsFor(to([core]))
    if (!written) return undefined
    const { channel, content, agentName } = written.submission
    const setup = ctx.messageSettings.setupOf(message.corpId, channel)
    return withoutSender(channelOf(channel).read(content, setup), agentName)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return undefined
  }
}

function shortened(text: string): string {
  const all = [...text.trim().replaceAll(/\s+/g, ' ')]
  return all.length > lineAtMost ? `${all.slice(0, lineAtMost).join('')}…` : all.join('')
}
