import { OfficialError, OfficialUnavailable } from './errors.ts'

// What of WeChat's refusals may be over later (docs/upstream/official-calls.md#answers): the only list of such codes.

/** The call that asks for a token. There 40001 is about the secret, elsewhere about the token. */
export const tokenPath = '/cgi-bin/stable_token'

const systemBusy = -1
/** Asked too often in this minute. */
const minuteIsUsedUp = 45011
const busy = new Set([systemBusy, minuteIsUsedUp])
/** Asked too often on this day. */
const dayIsUsedUp = new Set([45009])
/** Asked too often in this minute or on this day, or on behalf of this one follower. */
const limits = new Set([minuteIsUsedUp, ...dayIsUsedUp, 43117])
/** The token has died under the call. */
const deadToken = new Set([40001, 40014, 42001])
/** The node's address is not allowed; WeChat looks at it before the secret, or after it. */
const address = new Set([40164, 89503, 89506, 89507])
/** AppID or secret are wrong, or the account is blocked or not verified for the moment. */
const account = new Set([40001, 40013, 40125, 40243, 50004])

/** WeChat has forgotten the token: with another one the call works. */
export function isDeadToken(errcode: number): boolean {
  return deadToken.has(errcode)
}

/** A repetition within seconds may work. */
export function isBusy(errcode: number): boolean {
  return busy.has(errcode)
}

/** A repetition is refused like this for a minute at least. */
export function isUsedUp(errcode: number): boolean {
  return limits.has(errcode)
}

/** It says nothing about secret or address, only that WeChat was asked too often. */
export function isLimit(errcode: number): boolean {
  return busy.has(errcode) || dayIsUsedUp.has(errcode)
}

/** It is about the address of the node. */
export function isOfAddress(errcode: number): boolean {
  return address.has(errcode)
}

/** Whether a failure is over within minutes, without anybody doing anything. */
export function passesByItself(error: unknown): boolean {
  if (error instanceof OfficialUnavailable) return true
  if (!(error instanceof OfficialError)) return false
  const { errcode, path } = error
  return busy.has(errcode) || (deadToken.has(errcode) && path !== tokenPath)
}

/** Whether a failure may be over within the day, by itself or because somebody puts a secret or an address right. */
export function mayPass(error: unknown): boolean {
  if (passesByItself(error)) return true
  if (!(error instanceof OfficialError)) return false
  return [dayIsUsedUp, address, account].some(codes => codes.has(error.errcode))
}
