/**
 * `network`, `timeout`: no whole answer came. `size`: it is larger than it may be. `http`: its status is no success. `html`, `json`:
 * it is not what was asked for. `limit`: the call was not made, because wisp keeps what an address may call.
 */
export type NoAnswerReason = 'network' | 'limit' | 'timeout' | 'size' | 'http' | 'html' | 'json'

type NoAnswerDetail = { status?: number; ambiguous: boolean }

/**
 * No usable answer came. `ambiguous`: the vendor may have received the request and acted on it. Each vendor has a class of its own
 * below this one, so that it can be told who did not answer.
 */
export class NoAnswer extends Error {
  override readonly name: string = 'NoAnswer'
  /** For example `/cgi-bin/user/get`, without the query. */
  readonly path: string
  readonly reason: NoAnswerReason
  /** The HTTP status, if there was one. */
  declare readonly status?: number
  readonly ambiguous: boolean

  constructor(path: string, reason: NoAnswerReason, detail: string, { status, ambiguous }: NoAnswerDetail) {
    super(`${path}: ${detail}`)
    this.path = path
    this.reason = reason
    this.ambiguous = ambiguous
    if (status !== undefined) this.status = status
  }
}

/** Whether a failure says something about the vendor: a call that was not made says nothing. */
export function wasMade(error: unknown): boolean {
  return !(error instanceof NoAnswer && error.reason === 'limit')
}

export type NoAnswerClass = new (
  path: string,
  reason: NoAnswerReason,
  detail: string,
  about: NoAnswerDetail,
) => NoAnswer
