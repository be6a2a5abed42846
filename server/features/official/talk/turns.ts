import type { Turn } from './conversation-store.ts'
import { eventKinds } from './event-kinds.ts'
import type { NewLine } from './store.ts'

const textAtMost = 100

/** What new lines, in their order, make of each follower's conversation; `handedOver` are pushes that want a person. */
export function turnsOf(lines: readonly NewLine[], handedOver: ReadonlySet<number>): Turn[] {
  const turns = new Map<string, Turn>()
  for (const line of lines) turns.set(line.openid, follow(turns.get(line.openid), line, handedOver))
  return [...turns.values()]
}

function follow(before: Turn | undefined, line: NewLine, handedOver: ReadonlySet<number>): Turn {
  const { openid, at, kind, isFromFollower } = line
  const content = line.content as Record<string, string>
  const turn: Turn = {
    openid,
    creates: before?.creates ?? false,
    at,
    kind,
    text: textOf(content).slice(0, textAtMost).toWellFormed(),
    isFromFollower,
    unread: before?.unread ?? 0,
    isAnswered: before?.isAnswered ?? false,
    unansweredSince: before?.unansweredSince ?? null,
    needsPerson: before?.needsPerson ?? null,
    ...(before?.kfAccount === undefined ? {} : { kfAccount: before.kfAccount }),
  }
  if (isFromFollower && line.eventId !== undefined && handedOver.has(line.eventId)) {
    turn.needsPerson = true
    turn.creates = true
  }
  if (isFromFollower && !eventKinds.includes(kind)) {
    turn.creates = true
    turn.unread++
    turn.unansweredSince ??= at
    // WeChat pushes nothing while its own customer service has the follower.
    turn.kfAccount = null
  }
  if (kind === 'transfer') turn.kfAccount = content['kfAccount'] ?? ''
  if (kind === 'kf_create_session') turn.kfAccount = content['KfAccount'] ?? ''
  if (kind === 'kf_switch_session') turn.kfAccount = content['ToKfAccount'] ?? ''
  if (kind === 'kf_close_session') turn.kfAccount = null
  // Followers who left wait for nothing, and cannot be answered.
  if (kind === 'unsubscribe') {
    turn.isAnswered = true
    turn.unansweredSince = null
    turn.needsPerson = false
  }
  if (!isFromFollower) {
    turn.isAnswered = true
    turn.unansweredSince = null
    if (line.actor) {
      turn.creates = true
      turn.needsPerson = false
    }
  }
  return turn
}

/** The words of a message of either side. */
function textOf(content: Record<string, string>): string {
  return (
    content['Content'] ??
    content['content'] ??
    content['Recognition'] ??
    content['title'] ??
    content['Title'] ??
    ''
  )
}
