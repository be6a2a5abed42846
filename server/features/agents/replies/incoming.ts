import { type AgentPush, textIn } from '../../../upstream/wecom/agent-push.ts'
import type { IncomingEvent } from '../../auto-replies/match.ts'

/** Messages that a member can send (docs/upstream/wecom-agents.md#messages). */
export const messageTypes = ['text', 'image', 'voice', 'video', 'location', 'link'] as const

/** Buttons of the menu that have a key. */
const pressed = new Set([
  ...['click', 'scancode_push', 'scancode_waitmsg', 'location_select'],
  ...['pic_sysphoto', 'pic_photo_or_album', 'pic_weixin'],
])

/** Events that WeCom takes an answer to (docs/upstream/wecom-agents.md#passive-replies), of those that rules look at. */
const answerable = new Set(['subscribe', 'enter_agent', 'click', 'scancode_waitmsg'])

/** What the rules look at in a push. */
export function incomingOf({ msgType, event, eventKey = '', fields }: AgentPush): IncomingEvent {
  if (msgType !== 'event')
    return { kind: 'message', type: msgType, text: msgType === 'text' ? textIn(fields, 'Content') : '' }
  if (event === 'enter_agent') return { kind: 'enter' }
  if (event === 'subscribe' || event === 'unsubscribe') return { kind: event }
  return event !== undefined && pressed.has(event) ? { kind: 'menu', key: eventKey } : { kind: 'other' }
}

/** Whether something can go back with the push itself. */
export function takesPassive({ msgType, event = '' }: AgentPush): boolean {
  return msgType !== 'event' || answerable.has(event)
}
