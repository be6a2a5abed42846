/** SDK 抛出的错误都是它的子类；中止的 signal 抛出自己的原因。· Base class of all errors of the SDK; an aborted signal throws its own reason. */
export class WispError extends Error {
  override readonly name: string = 'WispError'
  /** 调用使用的幂等键：同一个键的同一调用只执行一次。· Idempotency key of the call: the same call with the same key is carried out once. */
  idempotencyKey: string | undefined
}

/** 失败的返回中的内容。· What a response with a failure contains. */
export type Failure = {
  /** 错误码，如 `1007`。· The `retCode`, such as `1007`. */
  code: string
  retMessage: string
  /** 方法与路径，如 `GET /api/user/get`。· Method and path, such as `GET /api/user/get`. */
  call: string
  status: number
  /** `x-request-id`，管理员用它在接口日志中查找。· The `x-request-id`, by which administrators find the call in the request log. */
  requestId: string
  /** 这个错误码的帮助页。· Address of the page about this code with all its causes. */
  helpUrl: string
  retryAfterSeconds: number | undefined
}

/**
 * `retCode` 不是 `"0"`。每个错误码有自己的子类；比 SDK 新的错误码就是这个类。
 *
 * The response has a `retCode` other than `"0"`. Each code has a subclass; codes newer than the SDK have this class.
 */
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

/** 没有收到返回；`cause` 是 `fetch` 抛出的错误。· No response arrived; `cause` is what `fetch` threw. */
export class NoAnswerError extends WispError {
  override readonly name = 'NoAnswerError'
}

/** 一次尝试超过 `timeoutMs`。· An attempt took longer than `timeoutMs`. */
export class TimeoutError extends WispError {
  override readonly name = 'TimeoutError'
}

/** 返回不是 wisp 的，多半是代理的页面，或 `url` 不对。· The response is not one of wisp: mostly a page of a proxy, or `url` is wrong. */
export class UnexpectedAnswerError extends WispError {
  override readonly name = 'UnexpectedAnswerError'
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** 加密报文的返回不可信，或 wisp 拒绝这个设备的报文。· The response to an encrypted packet cannot be trusted, or wisp refuses the packets of this device. */
export class PacketError extends WispError {
  override readonly name = 'PacketError'
}

/** 变更流中 `since` 之后已不完整：全量读取，再从 `next` 继续。· The change feed no longer has everything after `since`: read everything, then continue from `next`. */
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
