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

export type CallbackMode = (typeof callbackModes)[number]
export type CallMode = (typeof callModes)[number] | `code:${string}`
export type FaultMode = CallMode | CallbackMode

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

export const faultModes: readonly string[] = [...callModes, ...callbackModes, 'code:<errcode>']

export function isFaultMode(mode: string): mode is FaultMode {
  return /^code:(-?\d{1,9}|[A-Za-z][\w.]{0,79})$/.test(mode) || faultModes.slice(0, -1).includes(mode)
}

const isCallbackMode = (mode: FaultMode): mode is CallbackMode =>
  (callbackModes as readonly string[]).includes(mode)

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
    const fault = this.#strike(path, false)
    return fault && { mode: fault.mode as CallMode, delayMs: fault.delayMs }
  }

  strikeCallback(changeType: string): { mode: CallbackMode; delayMs: number | null } | undefined {
    const fault = this.#strike(`callback/${changeType}`, true)
    return fault && { mode: fault.mode as CallbackMode, delayMs: fault.delayMs }
  }

  #strike(path: string, callback: boolean): Fault | undefined {
    for (const fault of this.#faults) {
      if (isCallbackMode(fault.mode) !== callback || fault.times === 0 || !fault.test(path)) continue
      if (fault.probability < 1 && this.#random() >= fault.probability) continue
      if (fault.times !== null) fault.times--
      fault.hits++
      return fault
    }
    return undefined
  }
}
