/** Everything that the SDK throws by itself; an aborted signal throws its own reason. */
export class WispError extends Error {
  override readonly name: string = 'WispError'
  /** The key that the call was made with: the same call under the same key is carried out once. */
  idempotencyKey: string | undefined
}

/** What is known of an answer that is a failure. */
export type Failure = {
  /** `retCode`, such as `1007`. */
  code: string
  retMessage: string
  /** Method and path, such as `GET /api/user/get`. */
  call: string
  status: number
  /** `x-request-id`, by which administrators find the call in the request log. */
  requestId: string
  /** The page about this code with all its causes. */
  helpUrl: string
  retryAfterSeconds: number | undefined
}

/** wisp answered with a `retCode` other than `"0"`. Each code has a class of its own; this is that of codes newer than the SDK. */
export class ApiError extends WispError implements Failure {
  override readonly name: string = 'ApiError'
  readonly code: string
  readonly retMessage: string
  readonly call: string
  readonly status: number
  readonly requestId: string
  readonly helpUrl: string
  readonly retryAfterSeconds: number | undefined

  constructor(failure: Failure) {
    super(failureText(failure))
    this.code = failure.code
    this.retMessage = failure.retMessage
    this.call = failure.call
    this.status = failure.status
    this.requestId = failure.requestId
    this.helpUrl = failure.helpUrl
    this.retryAfterSeconds = failure.retryAfterSeconds
  }
}

function failureText({ code, retMessage, call, requestId, helpUrl }: Failure): string {
  const about = [call, requestId && `request ${requestId}`, helpUrl].filter(Boolean).join(', ')
  return `${code} ${retMessage} (${about})`
}

/** No answer arrived: `cause` is what `fetch` threw. */
export class NoAnswerError extends WispError {
  override readonly name = 'NoAnswerError'
}

/** An attempt took longer than `timeoutMs`. */
export class TimeoutError extends WispError {
  override readonly name = 'TimeoutError'
}

/** The answer is none of wisp's: mostly a proxy's page, or a wrong `url`. */
export class UnexpectedAnswerError extends WispError {
  override readonly name = 'UnexpectedAnswerError'
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** An encrypted packet's answer cannot be trusted, or wisp refuses the packets of this device. */
export class PacketError extends WispError {
  override readonly name = 'PacketError'
}

/** The change feed no longer has everything after `since`: read all, then continue from `next`. */
export class FullReadNeededError extends WispError {
  override readonly name = 'FullReadNeededError'
  readonly next: number

  constructor(next: number) {
    super(
      `变更流已不完整，请全量读取后从 ${next} 继续（the change feed is incomplete: read everything, then continue from ${next}）`,
    )
    this.next = next
  }
}
