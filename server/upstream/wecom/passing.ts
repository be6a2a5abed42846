import { explainErrcode, WecomError, type WecomUnavailable } from './errors.ts'

// What of WeCom's refusals is over later (docs/upstream/wecom-calls.md#errcodes-of-tokens-and-permissions): the only list of such
// codes. Which say that WeCom is busy, or was asked too often, stands in the table of errors.ts.

/** 40001 is what asking for a token with a wrong secret is answered; a call with a token it refuses for the token. */
const deadToken = new Set([40001, 40014, 42001])
const passingStatus = new Set([429, 500, 502, 503, 504])

/** WeCom has ended the token: with another one the call works. */
export function isDeadToken(error: unknown): boolean {
  return error instanceof WecomError && refusesToken(error.errcode)
}

/** The same of an answer that nobody has judged. WeCom looks at the token before it does anything. */
export function refusesToken(errcode: number): boolean {
  return deadToken.has(errcode)
}

/** A repetition within seconds may work. */
export function isBusy(errcode: number): boolean {
  return explainErrcode(errcode).kind === 'busy'
}

/** WeCom was asked too often, and refuses for a minute or more. */
export function isLimit(errcode: number): boolean {
  return explainErrcode(errcode).kind === 'limit'
}

/** Whether WeCom gave no usable answer for the moment only. */
export function isPassingSilence({ reason, status = 0 }: WecomUnavailable): boolean {
  if (reason === 'size') return false
  return reason !== 'http' || passingStatus.has(status)
}
