import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { describeError, type Log } from '../../../platform/operation/log.ts'
import { disconnectionOf } from '../protocol/answers.ts'
import { BerError } from '../protocol/ber.ts'
import { results } from '../protocol/refusal.ts'
import { type Message, readMessage } from '../protocol/requests.ts'
import type { Certificate } from './certificate.ts'
import { Frames } from './frames.ts'
import type { Session } from './session.ts'

export type Times = {
  /** Without anything sent or received. */
  idleMs: number
  /** From the first byte of a message to its last, of a handshake, and of taking an answer. */
  stepMs: number
}

const endMs = 2000

/** Carries messages between a socket and its session, one after the other. */
export class Connection {
  readonly #session: Session
  readonly #certificate: Certificate | undefined
  readonly #times: Times
  readonly #log: Log
  #socket: Socket
  #frames = new Frames()
  #waiting: Message[] = []
  #isBusy = false
  #isEnding = false
  #step: NodeJS.Timeout | undefined

  constructor(
    socket: Socket,
    session: Session,
    { certificate, times, log }: { certificate: Certificate | undefined; times: Times; log: Log },
  ) {
    this.#socket = socket
    this.#session = session
    this.#certificate = certificate
    this.#times = times
    this.#log = log
    socket.once('close', () => {
      clearTimeout(this.#step)
      session.forget()
    })
  }

  /** `isTls`: the handshake comes first, as at LDAPS. */
  begin(isTls: boolean): void {
    if (isTls) this.#encrypt()
    else this.#listen()
  }

  /** Tells the client why, and ends. */
  end(code: number, why: string): void {
    if (this.#isEnding) return
    this.#isEnding = true
    clearTimeout(this.#step)
    this.#socket.end(disconnectionOf(code, why))
    // One that does not take it is not waited for.
    setTimeout(() => this.#socket.destroy(), endMs).unref()
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('timeout', () => socket.destroy())
    this.#waitFor()
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroy())
  }

  /** Whoever did not bind does not keep a place for long. */
  #waitFor(): void {
    const { idleMs, stepMs } = this.#times
    this.#socket.setTimeout(this.#session.isBound ? idleMs : Math.min(idleMs, 4 * stepMs))
  }

  #take(chunk: Buffer): void {
    if (this.#isEnding) return
    try {
      const whole = this.#frames.push(chunk)
      if (whole.length > 0) this.#endStep()
      this.#waiting.push(...whole.map(readMessage))
    } catch (error) {
      this.#fail(error)
      return
    }
    if (this.#frames.isOpen) this.#step ??= setTimeout(() => this.#socket.destroy(), this.#times.stepMs)
    else this.#endStep()
    // It never rejects.
    void this.#work()
    // While one message is worked on, the next ones stay with the client: they would be memory that anybody can take.
    if (this.#waiting.length > 0) {
      this.#socket.pause()
      this.#endStep()
    }
  }

  #endStep(): void {
    clearTimeout(this.#step)
    this.#step = undefined
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let message = this.#waiting.shift(); message && !this.#isEnding; message = this.#waiting.shift()) {
        if (this.#waiting.length === 0) this.#socket.resume()
        const next = await this.#session.answer(message, data => this.#send(data))
        if (next === 'ends') return void this.#socket.destroySoon()
        if (next === 'start-tls') {
          // What was sent before the answer would count as encrypted, and anybody may have put it there.
          if (this.#waiting.length > 0 || this.#frames.isOpen) return void this.#socket.destroy()
          return this.#encrypt()
        }
        this.#waitFor()
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#isBusy = false
    }
  }

  #fail(error: unknown): void {
    if (error instanceof BerError) {
      this.end(results.protocol, error.message)
      return
    }
    this.#log.warn(describeError(error), 'LDAP connection ended by a fault')
    this.end(results.other, 'wisp could not do this: see its log')
  }

  #encrypt(): void {
    const plain = this.#socket
    for (const event of ['data', 'end', 'timeout']) plain.removeAllListeners(event)
    plain.setTimeout(0)
    this.#session.forget()
    this.#step = setTimeout(() => plain.destroy(), this.#times.stepMs)
    let secure: TLSSocket
    try {
      secure = new TLSSocket(plain, { isServer: true, secureContext: this.#certificate!.context() })
    } catch (error) {
      this.#log.warn(describeError(error), 'LDAP handshake not begun')
      return void plain.destroy()
    }
    this.#socket = secure
    secure.on('error', () => plain.destroy())
    secure.once('secure', () => {
      this.#endStep()
      this.#session.peer.isEncrypted = true
      this.#listen()
    })
  }

  /** False when the client is gone, or takes nothing for too long. */
  async #send(data: Buffer): Promise<boolean> {
    const socket = this.#socket
    if (socket.destroyed) return false
    if (socket.write(data)) return true
    return new Promise(resolve => {
      const timer = setTimeout(() => socket.destroy(), this.#times.stepMs)
      const done = () => {
        clearTimeout(timer)
        socket.off('drain', done).off('close', done)
        resolve(!socket.destroyed)
      }
      socket.once('drain', done).once('close', done)
    })
  }
}
