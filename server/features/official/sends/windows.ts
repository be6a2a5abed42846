import type { Push } from '../../../upstream/official/push.ts'

/**
 * WeChat lets an account write to a follower only for a while after the follower did something, and only so often
 * (docs/upstream/official-customer-service.md#windows).
 */
export const windowRules = {
  message: { atMost: 5, ms: 48 * 3_600_000 },
  click: { atMost: 3, ms: 60_000 },
  subscribe: { atMost: 3, ms: 60_000 },
  scan: { atMost: 3, ms: 60_000 },
} as const

export type WindowKind = keyof typeof windowRules

/** Only these menu events open a window (docs/upstream/official-customer-service.md#windows). */
const clicks = ['CLICK', 'scancode_push', 'scancode_waitmsg']

/** The window that a push opens, if it does. */
export function windowOf({ msgType, event = '', fields }: Push): WindowKind | undefined {
  // A choice in a menu within a message arrives as a text, and counts as a click.
  if (msgType !== 'event') return fields['bizmsgmenuid'] === undefined ? 'message' : 'click'
  if (event === 'subscribe' || event === 'SCAN') return event === 'SCAN' ? 'scan' : 'subscribe'
  return clicks.includes(event) ? 'click' : undefined
}

export type Window = { openedBy: WindowKind; openedAt: Date; used: number }

/** How many messages may still be sent at `now`, and until when the last of them. */
export function leftOf(windows: readonly Window[], now: number): { messages: number; until: Date | null } {
  let messages = 0
  let until: Date | null = null
  for (const { openedBy, openedAt, used } of windows) {
    const { atMost, ms } = windowRules[openedBy]
    const end = openedAt.getTime() + ms
    const left = end > now ? Math.max(0, atMost - used) : 0
    messages += left
    if (left > 0 && (!until || end > until.getTime())) until = new Date(end)
  }
  return { messages, until }
}

/**
 * Takes one message from the window that ends first and has room, and returns it with its use counted; or the reason why
 * nothing may be sent.
 */
export function takeFrom(windows: readonly Window[], now: number): Window | 'closed' | 'used up' {
  const open = windows.filter(one => one.openedAt.getTime() + windowRules[one.openedBy].ms > now)
  const withRoom = open
    .filter(one => one.used < windowRules[one.openedBy].atMost)
    .sort((a, b) => endOf(a) - endOf(b))
  const [first] = withRoom
  if (!first) return open.length > 0 ? 'used up' : 'closed'
  return { ...first, used: first.used + 1 }
}

const endOf = ({ openedBy, openedAt }: Window) => openedAt.getTime() + windowRules[openedBy].ms
