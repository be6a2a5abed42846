/**
 * Codes that people type: six digits, good for five minutes, five tries and one use, which are counted over all nodes. The codes of the sign-in and
 * those that developers have sent are made and tried here; who keeps a code, and where, is theirs.
 */

import { randomInt, timingSafeEqual } from 'node:crypto'
import {
  type AttemptLimit,
  type CounterNeeds,
  countAttempt,
  type Subject,
} from '../../../platform/security/counters.ts'

export const codeLastsMs = 5 * 60_000
export const codeTries = 5

const tries: AttemptLimit = { purpose: 'sms-code-tries', atMost: codeTries, windowMs: 2 * codeLastsMs }
const uses: AttemptLimit = { purpose: 'sms-code-used', atMost: 1, windowMs: 2 * codeLastsMs }

export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

/** A code as somebody typed it, in the form in which it was made. */
export function typedCode(given: string): string {
  return given.normalize('NFKC').replace(/[\s-]/g, '')
}

export function isSameCode(given: string, code: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(code)]
  return one.length === other.length && timingSafeEqual(one, other)
}

export type TriedCode = { triesLeft: number; why?: 'wrong' | 'used' }

/** Counts the try before it is looked at. `used`: the code was good once already, or its tries are used up. */
export async function tryCode(
  ctx: CounterNeeds,
  subject: Subject,
  isRight: () => boolean,
): Promise<TriedCode> {
  const { count, isOver } = await countAttempt(ctx, tries, subject)
  if (isOver) return { triesLeft: 0, why: 'used' }
  const triesLeft = codeTries - count
  if (!isRight()) return { triesLeft, why: 'wrong' }
  if ((await countAttempt(ctx, uses, subject)).isOver) return { triesLeft: 0, why: 'used' }
  return { triesLeft }
}
