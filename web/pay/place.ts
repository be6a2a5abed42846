import { useSyncExternalStore } from 'react'

/** What the page shows, as its address says. `bills` were chosen before WeChat was asked who pays. */
export type PayPlace =
  | { view: 'open'; bills: number[]; fault: string; refused: string; isBack: boolean }
  | { view: 'history' }
  | { view: 'bill' | 'receipt'; id: number }
  | { view: 'paying'; orderId: number | undefined; billIds: number[]; how: PaymentState }

/** How the payment of an order stands, as this browser knows; kept in its history, so that a reload does not lose it. */
export type PaymentState = {
  /** What the QR code says, until when it is shown (ms), and why there is one although the client could pay by itself. */
  qr?: { code: string; until: number; reason: '' | 'account' | 'openid' | 'miniProgram' }
  /** WeChat's dialog was closed without a payment. */
  end?: 'cancelled' | 'failed'
  /** WeChat's own words about that. */
  words?: string
}

const listeners = new Set<() => void>()
let known: PayPlace | undefined

function read(): PayPlace {
  known ??= placeOf(location.pathname, location.search)
  return known
}

function placeOf(path: string, search: string): PayPlace {
  const query = new URLSearchParams(search)
  const one = /^\/pay\/(bill|receipt)\/(\d{1,15})$/.exec(path)
  if (one) return { view: one[1] as 'bill' | 'receipt', id: Number(one[2]) }
  if (path === '/pay/history') return { view: 'history' }
  if (path === '/pay/paying')
    return {
      view: 'paying',
      orderId: numbersIn(query.get('order'))[0],
      billIds: numbersIn(query.get('bills')),
      how: (history.state as { how?: PaymentState } | null)?.how ?? {},
    }
  const back = query.get('go')
  return {
    view: 'open',
    bills: numbersIn(back ?? query.get('bills')),
    fault: query.get('fault') ?? '',
    refused: query.get('refused')?.slice(0, 64) ?? '',
    isBack: back !== null,
  }
}

function numbersIn(text: string | null): number[] {
  return (text ?? '')
    .split(',')
    .filter(one => /^\d{1,15}$/.test(one))
    .map(Number)
}

/** Shows another page. */
export function go(address: string, options: { isReplacing?: boolean; how?: PaymentState } = {}): void {
  const { isReplacing = false, how } = options
  const { isOurs } = (history.state ?? {}) as { isOurs?: boolean }
  history[isReplacing ? 'replaceState' : 'pushState']({ isOurs: !isReplacing || isOurs, how }, '', address)
  scrollTo(0, 0)
  tell()
}

/** Where the person came from, or the list for somebody who came by a link. */
export function goBack(): void {
  if ((history.state as { isOurs?: boolean } | null)?.isOurs) history.back()
  else go('/pay/', { isReplacing: true })
}

export function usePlace(): PayPlace {
  return useSyncExternalStore(subscribe, read)
}

function tell(): void {
  known = undefined
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener('popstate', tell)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) removeEventListener('popstate', tell)
  }
}
