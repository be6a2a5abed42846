import { operatorId } from '../../../callers/developers/operator.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { PortalMessage } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import type { Draft } from '../accept/outbox.ts'
import { to } from '../accept/route.ts'
import { invalidLists, rowOf } from '../accept/submit.ts'
import type { Text } from '../accept/texts.ts'
import { withoutSender } from '../mine/my-messages.ts'
import type { MessageWithAudience } from '../parts/store.ts'
import type { Fate } from './decisions.ts'
import { noticeDraft } from './notice-draft.ts'
import type { OpenCall, WaitingNeeds } from './open-call.ts'

const linesAtMost = 20
const lineAtMost = 60
const namesAtMost = 3

/** What a message says to a person, and the message that keeps these words where a digest carries it; persons to whom it says the same share both. */
export type CollectedText = { text: Text; kept: MessageWithAudience }

/** Writes what is collected to its end: all persons of a message at once. Left out is what cannot be written any more. */
export async function textsOfCollected(
  ctx: WaitingNeeds,
  fates: readonly Fate[],
  calls: ReadonlyMap<string, OpenCall>,
): Promise<Map<Fate, CollectedText>> {
  const found = new Map<Fate, CollectedText>()
  for (const [id, own] of Map.groupBy(fates, one => one.message.id)) {
    const call = calls.get(id)!
    const texts = await textsFor(
      call,
      own.map(one => one.core!),
    )
    const ofPerson = new Map(
      texts.flatMap(text => {
        const kept = keptText(ctx, call, text)
        return text.audience.members.map(core => [core.id, { text, kept }] as const)
      }),
    )
    for (const fate of own) {
      const text = ofPerson.get(fate.memberId)
      if (text) found.set(fate, text)
    }
  }
  return found
}

function keptText(
  ctx: WaitingNeeds,
  { message, view }: OpenCall,
  { submission, audience }: Text,
): MessageWithAudience {
  const { requestId: _id, ...said } = submission
  const row = rowOf(ctx, view, { ...said, requestId: undefined }, null, invalidLists(to([]), []))
  return { ...row, id: ctx.newId(), parentId: message.id, receivers: audience.members.length }
}

/**
 * One message to a person in the place of several, which it lists by their titles, the newest last. It is of the type of the newest, and
 * wisp's own where several developers sent them: none of them may read or recall what the others sent.
 * Undefined where no channel of that type can carry what has no template.
 */
export async function digestDraft(
  ctx: WaitingNeeds,
  fates: readonly Fate[],
  calls: ReadonlyMap<string, OpenCall>,
  texts: ReadonlyMap<Fate, CollectedText>,
): Promise<Draft | undefined> {
  const newest = fates.at(-1)!
  const { type, core } = newest
  const { view } = calls.get(newest.message.id)!
  if (!type || !core || newest.decision.do !== 'send') return undefined
  const { channels } = newest.decision
  const lines = fates.slice(-linesAtMost).map(one => `· ${titleFor(ctx, one, texts.get(one)?.text)}`)
  const more = fates.length - lines.length
  const content = [...lines, ...(more > 0 ? [`……共 ${fates.length} 条`] : [])].join('\n')
  const title = `${fates.length} 条消息：${namesOf(fates)}`
  const draft = await noticeDraft(ctx, view, type, { channels, core, title, content })
  const isOfOne = fates.every(one => one.message.devId === newest.message.devId)
  return !draft || isOfOne ? draft : { ...draft, message: { ...draft.message, devId: operatorId } }
}

/** Of the types of what is listed, the first few. */
function namesOf(fates: readonly Fate[]): string {
  const names = [...new Set(fates.flatMap(one => one.type?.definition.name ?? []))]
  return names.slice(0, namesAtMost).join('、') + (names.length > namesAtMost ? '等' : '')
}

/** What a message says in one line. A private one is only named: the digest may be of another sender's type. */
function titleFor(ctx: WaitingNeeds, { message, type }: Fate, text: Text | undefined): string {
  const name = type?.definition.name ?? message.agentName
  if (!text || type?.definition.private) return name
  return lineOf(shownOf(ctx, message.corpId, text)) || name
}

/** Returns a text in one line; '' for an empty one. */
export const lineOf = ({ title, text }: { title: string; text: string }) => shortened(title || text)

/** What a message says to a person; undefined for what cannot be written any more. */
export async function shownFor(
  ctx: WaitingNeeds,
  call: OpenCall,
  core: MemberCore,
): Promise<{ title: string; text: string } | undefined> {
  const [written] = await textsFor(call, [core])
  return written && shownOf(ctx, call.message.corpId, written)
}

function shownOf(ctx: WaitingNeeds, corpId: string, { submission }: Text): PortalMessage {
  const { channel, content, agentName } = submission
  const setup = ctx.messageSettings.setupOf(corpId, channel)
  return withoutSender(channelOf(channel).read(content, setup), agentName)
}

/** Nothing for what cannot be written any more, such as for a channel that was taken away. */
async function textsFor(call: OpenCall, cores: MemberCore[]): Promise<Text[]> {
  try {
    return await call.textsFor(to(cores))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return []
  }
}

function shortened(text: string): string {
  const all = [...text.trim().replaceAll(/\s+/g, ' ')]
  return all.length > lineAtMost ? `${all.slice(0, lineAtMost).join('')}…` : all.join('')
}
