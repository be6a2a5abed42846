import { createRandom } from '../corp/random.ts'

const callModes = [
  'busy',
  'http500',
  'html',
  'truncated',
  'slow',
  'timeout',
  'acceptedThenTimeout',
  'rateLimit',
  'tokenExpired',
  'tokenRevoked',
] as const
const callbackModes = ['dropCallback', 'duplicateCallback', 'reorderCallback'] as const
/** What WeChat Pay's notifications can be instead of right. */
const notificationModes = ['wrongAmount', 'foreignMerchant', 'forgedSignature', 'signTest', 'v2Xml'] as const

export type CallbackMode = (typeof callbackModes)[number]
export type CallMode = (typeof callModes)[number] | `code:${string}`
export type NotificationMode = (typeof notificationModes)[number]
export type FaultMode = CallMode | CallbackMode | NotificationMode

export interface Fault {
  id: number
  /**
   * A part of the path, or `/regular expression/`; an empty text matches every path. The path of a callback
   * is `callback/<ChangeType>`.
   */
  match: string
  mode: FaultMode
  probability: number
  /** How often it will still be applied; null means without limit. */
  times: number | null
  delayMs: number | null
  hits: number
}

export const faultModes: readonly string[] = [
  ...callModes,
  ...callbackModes,
  ...notificationModes,
  'code:<errcode>',
]

export function isFaultMode(mode: string): mode is FaultMode {
  return /^code:(-?\d{1,9}|[A-Za-z][\w.]{0,79})$/.test(mode) || faultModes.slice(0, -1).includes(mode)
}

type Kind = 'call' | 'callback' | 'notification'

function kindOf(mode: FaultMode): Kind {
  if ((callbackModes as readonly string[]).includes(mode)) return 'callback'
  return (notificationModes as readonly string[]).includes(mode) ? 'notification' : 'call'
}

/**
 * The faults that scripts have switched on. The random numbers are seeded, so the same calls in the same
 * order meet the same faults.
 */
export class Faults {
  readonly #faults: (Fault & { test(path: string): boolean })[] = []
  #random: () => number
  #lastId = 0

  constructor(seed: number) {
    this.#random = createRandom(seed)
  }

  /** Throws SyntaxError when `match` is an invalid regular expression. */
  add(fault: Omit<Fault, 'id' | 'hits'>): number {
    const pattern = /^\/(.+)\/$/.exec(fault.match)
    const expression = pattern ? new RegExp(pattern[1]!) : undefined
    const test = expression
      ? (path: string) => expression.test(path)
      : (path: string) => path.includes(fault.match)
    this.#faults.push({ ...fault, id: ++this.#lastId, hits: 0, test })
    return this.#lastId
  }

  list(): Fault[] {
    return this.#faults.map(({ test: _, ...fault }) => fault)
  }

  clear(id?: number): void {
    if (id === undefined) this.#faults.length = 0
    else {
      const index = this.#faults.findIndex(fault => fault.id === id)
      if (index >= 0) this.#faults.splice(index, 1)
    }
  }

  restart(seed: number): void {
    this.clear()
    this.#random = createRandom(seed)
  }

  strikeCall(path: string): { mode: CallMode; delayMs: number | null } | undefined {
    const fault = this.#strike(path, 'call')
    return fault && { mode: fault.mode as CallMode, delayMs: fault.delayMs }
  }

  strikeCallback(changeType: string): { mode: CallbackMode; delayMs: number | null } | undefined {
    const fault = this.#strike(`callback/${changeType}`, 'callback')
    return fault && { mode: fault.mode as CallbackMode, delayMs: fault.delayMs }
  }

  /** What one attempt to tell a merchant of `pay/<event>` is instead of right. */
  strikeNotification(event: string): NotificationMode | undefined {
    return this.#strike(`callback/${event}`, 'notification')?.mode as NotificationMode | undefined
  }

  #strike(path: string, kind: Kind): Fault | undefined {
    for (const fault of this.#faults) {
      if (kindOf(fault.mode) !== kind || fault.times === 0 || !fault.test(path)) continue
      if (fault.probability < 1 && this.#random() >= fault.probability) continue
      if (fault.times !== null) fault.times--
      fault.hits++
      return fault
    }
    return undefined
  }
}
