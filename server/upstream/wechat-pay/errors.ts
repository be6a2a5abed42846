import type { NoAnswer, NoAnswerReason } from '../transport/no-answer.ts'

export type PayDetail = { field: string; value: string; issue: string; location: string }

/** WeChat Pay answered and refused. Branch on `code`: the text changes. */
export class PayError extends Error {
  override readonly name = 'PayError'
  /** For example `GET /v3/pay/transactions/out-trade-no/{no}`. */
  readonly call: string
  /** The HTTP status. */
  readonly status: number
  /** For example ORDER_NOT_EXIST; '' when the answer has no body. */
  readonly code: string
  /** WeChat Pay's own words. */
  readonly text: string
  readonly detail: PayDetail | undefined
  /** By which WeChat Pay's support finds the call; '' when the answer has none. */
  readonly requestId: string
  /** The number behind the code, which tells more than the code: 268449538; '' when there is none. */
  readonly internalCode: string

  constructor(
    call: string,
    status: number,
    given: { code: string; text: string; detail?: PayDetail | undefined; requestId: string },
  ) {
    super(`${call}: ${status} ${given.code} ${given.text}`.trimEnd())
    this.call = call
    this.status = status
    this.code = given.code
    this.text = given.text
    this.detail = given.detail
    this.requestId = given.requestId
    this.internalCode = /-(\d{6,12})$/.exec(given.requestId)?.[1] ?? ''
  }

  /** WeChat Pay's own words with its reason, which is in `detail` and often tells more than they do. */
  get said(): string {
    const issue = this.detail?.issue ?? ''
    return [this.text, this.text.includes(issue) ? '' : issue].filter(Boolean).join('：')
  }
}

/**
 * `unfinished`: accepted (202), but not done however often it was asked. `signature` and `clock`: the answer is not proved to be
 * WeChat Pay's. `decryption`: the APIv3 key is not the one that is set there. `hash`: a bill that is not what was announced.
 */
export type PayUnavailableReason =
  | NoAnswerReason
  | 'hash'
  | 'unfinished'
  | 'decryption'
  | 'signature'
  | 'clock'

/** No usable answer came, so nobody knows whether WeChat Pay acted: ask before anything else is done. */
export class PayUnavailable extends Error {
  override readonly name = 'PayUnavailable'
  readonly call: string
  readonly reason: PayUnavailableReason

  constructor(call: string, reason: PayUnavailableReason, text: string) {
    super(`${call}: ${text}`)
    this.call = call
    this.reason = reason
  }

  static of({ path, reason, message }: NoAnswer): PayUnavailable {
    return new PayUnavailable(path, reason, message.slice(`${path}: `.length))
  }
}
