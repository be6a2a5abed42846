import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import type { NewEvent } from '../../../platform/inbox/event-store.ts'
import type { AcceptResult, Inbox } from '../../../platform/inbox/inbox.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type PassiveReply, replyXml } from '../../../upstream/wecom/reply.ts'
import type { Utterance } from '../../auto-replies/book.ts'
import { agentOwner } from '../../auto-replies/conversation-owner.ts'
import { takeStep } from '../../auto-replies/flows/take-step.ts'
import type { ProvedPush } from '../opened.ts'
import { type AgentReplies, agentKind } from './agent-rules.ts'
import type { AgentAnswer } from './answer.ts'
import { type Content, isMedia } from './content.ts'
import { incomingOf, takesPassive } from './incoming.ts'
import { freshUpload } from './store.ts'

type Needs = Core & { agentReplies: AgentReplies; corps: Corps; inbox: Inbox }

/** WeCom waits for five seconds, of which some are spent on the way. */
const passiveWithinMs = 3500

/**
 * Stores the push with what a rule or a flow of the agent answers to it; undefined when none does, and then the push is not stored
 * yet. The first message goes back with the push where that is possible, everything else as messages of the agent.
 */
export async function answerByRules(
  ctx: Needs,
  { callback, push }: ProvedPush,
  event: NewEvent,
): Promise<AcceptResult | undefined> {
  const arrivedAt = performance.now()
  const incoming = incomingOf(push)
  const owner = agentOwner(callback.corpId, callback.agentId)
  const book = ctx.agentReplies.of(owner)
  if (incoming.kind === 'other' || book.rules.length === 0) return undefined
  const withAnswer = async (db: Db, saying: Utterance<Content>): Promise<NewEvent> => {
    const parts = await partsOf(ctx, db, { callback, push }, saying)
    return {
      ...event,
      answer: () => storedAnswer(ctx, push, parts, performance.now() - arrivedAt > passiveWithinMs),
    }
  }
  if (book.hasFlows || incoming.kind === 'enter') {
    const talk = { kind: agentKind, book, who: { ...owner, person: push.fromUserName } }
    return takeStep(ctx, talk, incoming, async (tx, saying) =>
      saying.by === '' ? undefined : ctx.inbox.acceptIn(tx, await withAnswer(tx, saying)),
    )
  }
  const saying = book.decide(incoming, undefined, new Date(ctx.now()))
  return saying.by === '' ? undefined : ctx.inbox.accept(await withAnswer(ctx.db, saying))
}

type Parts = { by: string; passive: PassiveReply | undefined; contents: readonly Content[] }

/** The first message is passive where WeCom takes one, of this kind, and has its file. */
async function partsOf(
  ctx: Core,
  db: Db,
  { callback, push }: Pick<ProvedPush, 'callback' | 'push'>,
  { contents, by }: Utterance<Content>,
): Promise<Parts> {
  const [first] = contents
  if (!first || !takesPassive(push)) return { by, passive: undefined, contents }
  const mediaId = isMedia(first)
    ? await freshUpload(db, { corpId: callback.corpId, ...first }, new Date(ctx.now()))
    : undefined
  return { by, passive: passiveOf(first, mediaId), contents }
}

function passiveOf(content: Content, mediaId: string | undefined): PassiveReply | undefined {
  switch (content.type) {
    case 'text':
      return content
    case 'articles':
      return { type: 'news', articles: content.articles }
    case 'image':
    case 'voice':
      return mediaId === undefined ? undefined : { type: content.type, mediaId }
    case 'video': {
      const { type, title, description } = content
      return mediaId === undefined ? undefined : { type, mediaId, title, description }
    }
    default:
      return undefined
  }
}

function storedAnswer(
  ctx: Core,
  push: ProvedPush['push'],
  { by, passive, contents }: Parts,
  isLate: boolean,
): AgentAnswer {
  const isPassive = passive !== undefined && !isLate
  const later = isPassive ? contents.slice(1) : contents
  return {
    by,
    ...(isPassive ? { xml: replyXml(push, passive, ctx.now()) } : {}),
    ...(later.length > 0 ? { later: [...later] } : {}),
  }
}
