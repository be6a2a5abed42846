import { randomBytes } from 'node:crypto'
import type { SignInRequest } from './request.ts'

export type QrState = 'waiting' | 'scanned' | 'done' | 'expired'

export interface QrSignIn {
  id: string
  request: SignInRequest
  expiresAt: number
  state: QrState
  /** Where the waiting page goes after the phone has decided. */
  location?: string
}

const lifeMs = 300_000
const kept = 1000

/** Sign-ins that wait for a phone. A code on the screen is valid for five minutes. */
export class QrSignIns {
  readonly #waiting = new Map<string, QrSignIn>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  open(request: SignInRequest): QrSignIn {
    const id = randomBytes(12).toString('hex')
    const one: QrSignIn = { id, request, state: 'waiting', expiresAt: this.#now() + lifeMs }
    this.#waiting.set(id, one)
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > kept && oldest) this.#waiting.delete(oldest)
    return one
  }

  /** Returns undefined for an unknown code and for one that was removed to make room. */
  find(id: string): QrSignIn | undefined {
    const one = this.#waiting.get(id)
    if (one && one.state !== 'done' && one.expiresAt <= this.#now()) one.state = 'expired'
    return one
  }

  scan(one: QrSignIn): void {
    if (one.state === 'waiting') one.state = 'scanned'
  }

  finish(one: QrSignIn, location: string): void {
    one.state = 'done'
    one.location = location
  }
}
