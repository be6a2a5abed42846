import { type Push, textIn } from '../../../upstream/official/push.ts'
import type { IncomingEvent } from '../../auto-replies/match.ts'

/** Messages that a follower can send (docs/upstream/official-push.md#messages). */
export const messageTypes = ['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link'] as const

/** `scancode_waitmsg` waits for an answer as a click does (docs/upstream/official-push.md#events). */
const clicks = new Set(['CLICK', 'scancode_waitmsg'])

/** What the rules look at in a push. */
export function incomingOf(push: Push): IncomingEvent {
  const { msgType, event, eventKey = '' } = push
  if (msgType !== 'event') return { kind: 'message', type: msgType, text: textIn(push.fields, 'Content') }
  if (event === 'subscribe' || event === 'unsubscribe') return { kind: event }
  return event !== undefined && clicks.has(event) ? { kind: 'menu', key: eventKey } : { kind: 'other' }
}
