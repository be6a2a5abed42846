import type { ConversationStep } from './conversation-store.ts'
import { eventKinds } from './event-kinds.ts'
import type { NewLine } from './store.ts'

const textAtMost = 100

/** What new lines, in their order, make of each follower's conversation; `handedOver` are pushes that want a person. */
export function stepsOf(lines: readonly NewLine[], handedOver: ReadonlySet<number>): ConversationStep[] {
  const steps = new Map<string, ConversationStep>()
  for (const line of lines) steps.set(line.openid, follow(steps.get(line.openid), line, handedOver))
  return [...steps.values()]
}

function follow(
  before: ConversationStep | undefined,
  line: NewLine,
  handedOver: ReadonlySet<number>,
): ConversationStep {
  const { openid, at, kind, isFromFollower } = line
  const content = line.content as Record<string, string>
  const step: ConversationStep = {
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
    step.needsPerson = true
    step.creates = true
  }
  if (isFromFollower && !eventKinds.includes(kind)) {
    step.creates = true
    step.unread++
    step.unansweredSince ??= at
    // WeChat pushes nothing while its own customer service has the follower.
    step.kfAccount = null
  }
  if (kind === 'transfer') step.kfAccount = content['kfAccount'] ?? ''
  if (kind === 'kf_create_session') step.kfAccount = content['KfAccount'] ?? ''
  if (kind === 'kf_switch_session') step.kfAccount = content['ToKfAccount'] ?? ''
  if (kind === 'kf_close_session') step.kfAccount = null
  // Followers who left wait for nothing, and cannot be answered.
  if (kind === 'unsubscribe') {
    step.isAnswered = true
    step.unansweredSince = null
    step.needsPerson = false
  }
  if (!isFromFollower) {
    step.isAnswered = true
    step.unansweredSince = null
    if (line.actor) {
      step.creates = true
      step.needsPerson = false
    }
  }
  return step
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
