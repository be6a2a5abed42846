import { Agent, request } from 'undici'
import type { Faults } from '../../rules/faults.ts'
import { asProbe, nonceOf, type Signer, signatureHeaders } from '../crypto/sign.ts'
import type { Rules } from '../rules/rules.ts'
import type { Merchant } from '../state/merchant.ts'
import type { Attempt, Notification } from '../state/notification.ts'
import type { Schedule } from '../state/schedule.ts'
import { bodyOf, noticeXml, refundNotice } from './content.ts'

export interface NotifierOptions {
  /** By which signatures are made. */
  now: () => number
  schedule: Schedule
  faults: Faults
  rules: () => Rules
}

type NewNotification = Omit<Notification, 'createdAt' | 'state' | 'due' | 'tries' | 'attempts'>

interface Delivery {
  body: string
  headers: Record<string, string>
}

/** Tells merchants' servers of payments and refunds, with WeChat's five seconds and sixteen attempts in a day. */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #agent = new Agent({ connections: 64 })
  /** Grows by the share of the grey phase, and from 100 on it is the public key's turn. */
  #grey = 0

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  /** Tells it as soon as possible, unless a fault loses or delays it. */
  tell(merchant: Merchant, fresh: NewNotification): Notification {
    const { schedule, faults } = this.#options
    const now = schedule.now()
    const fault = faults.strikeCallback(`pay/${fresh.event}`)
    const isSent = merchant.settings.apiV3Key !== null || fresh.kind === 'v2'
    const state = !isSent ? 'none' : fault?.mode === 'dropCallback' ? 'dropped' : 'waiting'
    const delay = fault?.mode === 'reorderCallback' ? (fault.delayMs ?? 300) : 0
    const due = state === 'waiting' ? now + delay : null
    const notification: Notification = { ...fresh, createdAt: now, state, due, tries: 0, attempts: [] }
    merchant.notifications.set(notification.id, notification)
    if (due !== null) this.#plan(merchant, notification, due)
    if (fault?.mode === 'duplicateCallback')
      schedule.at(`${notification.id} again`, now + (fault.delayMs ?? 0), () =>
        this.#once(merchant, notification),
      )
    return notification
  }

  /** Goes on with what was not delivered before the process ended. */
  resume(merchant: Merchant): void {
    for (const notification of merchant.notifications.values())
      if (notification.due !== null) this.#plan(merchant, notification, notification.due)
  }

  /**
   * Sends a request whose signature must not verify, as WeChat does now and then
   * (docs/upstream/wechat-pay-notifications.md#verification).
   */
  probe(merchant: Merchant, notification: Notification): Promise<Attempt> {
    const sent = this.#sign(merchant, bodyOf(merchant, notification))
    return this.#send(notification.url, { ...sent, headers: asProbe(sent.headers) })
  }

  /** Whose key signs now. In the grey phase it is the public key's turn as often as the settings say. */
  signerOf(merchant: Merchant): Signer {
    const { mode, greyPercent } = merchant.settings
    if (mode === 'grey') this.#grey = (this.#grey % 100) + greyPercent
    const isPublic = mode === 'publicKey' || (mode === 'grey' && this.#grey >= 100)
    return isPublic ? merchant.publicKeySigner : merchant.certificateSigner
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  #plan(merchant: Merchant, notification: Notification, due: number): void {
    this.#options.schedule.at(notification.id, due, () => this.#try(merchant, notification))
  }

  async #try(merchant: Merchant, notification: Notification): Promise<void> {
    if (notification.kind === 'v3' && merchant.settings.apiV3Key === null) {
      Object.assign(notification, { state: 'none', due: null })
      merchant.notifications.set(notification.id, notification)
      return
    }
    const attempt = await this.#once(merchant, notification)
    const { schedule, rules } = this.#options
    const delay = rules().retrySeconds[notification.tries++]
    if (attempt.error === undefined) Object.assign(notification, { state: 'delivered', due: null })
    else if (delay === undefined) Object.assign(notification, { state: 'failed', due: null })
    else {
      notification.due = schedule.now() + delay * 1000
      this.#plan(merchant, notification, notification.due)
    }
    merchant.notifications.set(notification.id, notification)
  }

  async #once(merchant: Merchant, notification: Notification): Promise<Attempt> {
    const { sent, fault } = this.#compose(merchant, notification)
    const attempt = { ...(await this.#send(notification.url, sent)), ...(fault !== undefined && { fault }) }
    notification.attempts.push(attempt)
    return attempt
  }

  /** What is sent, with what a fault makes of it. */
  #compose(merchant: Merchant, notification: Notification): { sent: Delivery; fault?: string } {
    const right = (): Delivery => this.#sign(merchant, bodyOf(merchant, notification))
    if (notification.kind === 'v2') return { sent: right() }
    const fault = this.#options.faults.strikeNotification(`pay/${notification.event}`)
    if (!fault) return { sent: right() }
    const changed = (plaintext: object): Delivery =>
      this.#sign(merchant, bodyOf(merchant, { ...notification, plaintext: JSON.stringify(plaintext) }))
    const told = JSON.parse(notification.plaintext) as { amount: { total: number }; out_refund_no?: string }
    switch (fault) {
      case 'wrongAmount':
        return { fault, sent: changed({ ...told, amount: { ...told.amount, total: told.amount.total - 1 } }) }
      case 'foreignMerchant':
        return { fault, sent: changed({ ...told, mchid: '1900000109' }) }
      case 'forgedSignature': {
        const sent = right()
        const forged = Buffer.from(nonceOf(256)).toString('base64')
        return { fault, sent: { ...sent, headers: { ...sent.headers, 'Wechatpay-Signature': forged } } }
      }
      case 'signTest': {
        const sent = right()
        return { fault, sent: { ...sent, headers: asProbe(sent.headers) } }
      }
      case 'v2Xml': {
        const number = notification.outRefundNo
        const body =
          number === undefined ? noticeXml(merchant, '<root></root>') : refundNotice(merchant, number)
        return { fault, sent: { body, headers: { 'content-type': 'text/xml' } } }
      }
    }
  }

  #sign(merchant: Merchant, body: string): Delivery {
    if (body.startsWith('<')) return { body, headers: { 'content-type': 'text/xml' } }
    const headers = signatureHeaders(this.signerOf(merchant), body, this.#options.now())
    return { body, headers: { 'content-type': 'application/json', ...headers } }
  }

  async #send(url: string, { body, headers }: Delivery): Promise<Attempt> {
    const { notifyTimeoutMs } = this.#options.rules()
    const started = performance.now()
    const attempt: Attempt = {
      at: new Date(this.#options.schedule.now()).toISOString(),
      status: null,
      body: '',
      ms: 0,
      serial: headers['Wechatpay-Serial'] ?? '',
    }
    try {
      const answer = await request(url, {
        method: 'POST',
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(notifyTimeoutMs),
        headers: {
          accept: '*/*',
          'user-agent': 'Mozilla/4.0',
          'request-id': `${nonceOf(24).toUpperCase()}-0`,
          ...headers,
        },
        body,
      })
      attempt.status = answer.statusCode
      attempt.body = (await answer.body.text()).slice(0, 2000)
      if (!isTaken(answer.statusCode, attempt.body)) attempt.error = `HTTP ${answer.statusCode} is no success`
    } catch (error) {
      attempt.error =
        (error as Error).name === 'TimeoutError'
          ? `no answer within ${notifyTimeoutMs} ms`
          : (error as Error).message || (error as NodeJS.ErrnoException).code || 'no answer'
    }
    return { ...attempt, ms: Math.round(performance.now() - started) }
  }
}

/** 200 or 204, and nothing that says otherwise; older pages show `{"code":"SUCCESS"}`, API v2 XML with SUCCESS. */
const isTaken = (status: number, body: string): boolean =>
  (status === 200 || status === 204) && (body === '' || body.includes('SUCCESS'))
