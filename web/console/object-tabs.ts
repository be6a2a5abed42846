import type { Areas } from '../text/areas.ts'
import type { ObjectTab } from '../ui/objects/object-page.tsx'

/** The tabs of each page of one object, by the page's name: parts of its address. What is not here is a part of one of them (ui/objects/parts.tsx). */
export const objectTabs = {
  app: ['settings', 'sign-in', 'todos', 'menu'],
  developer: ['settings', 'secrets', 'webhooks', 'usage', 'requests'],
  officialAccount: ['connect', 'settings'],
  payMerchant: ['connect', 'settings'],
  operatorCorp: ['figures', 'acts'],
  agent: ['overview', 'hears', 'menu', 'replies'],
  messageType: ['content', 'figures', 'when', 'edit', 'versions'],
} as const satisfies Partial<Record<keyof Areas['console'], readonly string[]>>

/** A tab of that page. */
export type TabOf<P extends keyof typeof objectTabs> = ObjectTab & { key: (typeof objectTabs)[P][number] }
