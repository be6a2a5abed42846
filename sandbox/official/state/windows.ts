import { OfficialError } from '../error.ts'
import type { Rules } from '../rules/rules.ts'

export type Trigger = 'message' | 'menu' | 'subscribe' | 'scan'

/**
 * What a follower's act allows the account to send by message/custom/send (docs/upstream/official-customer-service.md#windows).
 */
export interface Window {
  trigger: Trigger
  /** In ms. */
  until: number
  left: number
}

/** Opens the window of this trigger; the same trigger's old one ends. */
export function openWindow(windows: Window[], trigger: Trigger, rules: Rules, now: number): Window[] {
  const { count, seconds } = rules.customWindows[trigger]
  const others = windows.filter(window => window.trigger !== trigger && window.until > now)
  return [...others, { trigger, until: now + seconds * 1000, left: count }]
}

/** Takes one message from the window that ends first. Throws 45015 without a window and 45047 when all are used. */
export function takeFromWindow(windows: Window[], now: number): void {
  const live = windows.filter(window => window.until > now).sort((a, b) => a.until - b.until)
  if (live.length === 0) throw new OfficialError(45015)
  const window = live.find(one => one.left > 0)
  if (!window) throw new OfficialError(45047)
  window.left--
}
