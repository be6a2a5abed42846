import { randomInt } from 'node:crypto'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { isEncodingAesKey } from '../message-crypto.ts'

// What a callback is signed and encrypted with, made by us or entered by people.

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function randomText(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}

/** Throws 1000. */
export function checkCallbackToken(token: string, name: string): void {
  if (!/^[A-Za-z0-9]{3,32}$/.test(token))
    throw new ApiError('badParameter', {
      zh: 'Token 应为 3 到 32 位字母或数字',
      en: told`${name} should be 3 to 32 letters or digits`,
    })
}

/** Throws 1000. */
export function checkAesKey(encodingAesKey: string): void {
  if (!isEncodingAesKey(encodingAesKey))
    throw new ApiError('badParameter', {
      zh: 'EncodingAESKey 应为 43 位字母或数字',
      en: 'encodingAesKey should be 43 letters or digits',
    })
}
