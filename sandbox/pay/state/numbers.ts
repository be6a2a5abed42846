import { randomBytes, randomInt } from 'node:crypto'
import { chinaTime } from './times.ts'

const digits = (length: number): string => Array.from({ length }, () => String(randomInt(10))).join('')
const stamp = (ms: number): string => chinaTime(ms).slice(0, 19).replaceAll(/\D/g, '')

/** `wx`, the time and twenty hexadecimal digits. */
export const newPrepayId = (now: number): string => `wx${stamp(now)}${randomBytes(10).toString('hex')}`

/** 28 digits, in which the day stands. */
export const newTransactionId = (now: number): string =>
  `4200${digits(6)}${stamp(now).slice(0, 8)}${digits(10)}`

/** 29 digits. */
export const newRefundId = (now: number): string => `503${digits(7)}${stamp(now).slice(0, 8)}${digits(11)}`
