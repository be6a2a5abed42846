import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import {
  type AttemptLimit,
  countAttempt,
  forgetAttempts,
  type Subject,
} from '../../platform/security/counters.ts'
import { networkOf } from '../../platform/security/network-of.ts'

const windowMs = 15 * 60_000

/**
 * For a name from one network: the lock affects the network and not the account, so that nobody can lock the administrator out
 * from elsewhere.
 */
const passwords: AttemptLimit = { purpose: 'password', atMost: 10, windowMs }
/**
 * For whoever has a second factor, from any network: only somebody who gave the first gets this far, and a million codes are too few against
 * an attacker with many networks.
 */
const codes: AttemptLimit = { purpose: 'second-factor', atMost: 10, windowMs }

/** Passkeys, from one network: nobody guesses one, but checking costs something. */
const passkeys: AttemptLimit = { purpose: 'passkey', atMost: 100, windowMs }

/** What is tried: its limit, and whose attempts are counted. */
export type Attempt = { limit: AttemptLimit; subject: Subject }

export function passwordAttempt(name: string, address: string): Attempt {
  return { limit: passwords, subject: { corpId: '', of: `${name} ${networkOf(address)}` } }
}

export function passkeyAttempt(address: string): Attempt {
  return { limit: passkeys, subject: { corpId: '', of: networkOf(address) } }
}

export function codeAttempt(subject: Subject): Attempt {
  return { limit: codes, subject }
}

/**
 * Returns what `check` finds; undefined means a wrong attempt. Each attempt is counted before it is checked, on all nodes
 * together. After ten within a quarter of an hour without success it throws 1010, even for a right one. For a wrong attempt it
 * throws the error that `wrong` makes of the attempts so far and those that are left.
 */
export async function checkCounted<T>(
  ctx: Core,
  { limit, subject }: Attempt,
  check: () => Promise<T | undefined>,
  wrong: (count: number, left: number) => ApiError,
): Promise<T> {
  const { count, isOver, retryAfterSeconds } = await countAttempt(ctx, limit, subject)
  if (isOver) throw locked(retryAfterSeconds)
  const found = await check()
  if (found === undefined) {
    const left = limit.atMost - count
    const error = wrong(count, left)
    throw left === 0 ? locked(retryAfterSeconds) : error
  }
  await forgetAttempts(ctx, limit, subject)
  return found
}

function locked(retryAfterSeconds: number): ApiError {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  return new ApiError(
    'tooManyRequests',
    {
      zh: told`错误次数过多，请 ${own(minutes)} 分钟后再试`,
      en: told`too many wrong attempts: try again in ${own(minutes)} minutes`,
    },
    { retryAfterSeconds },
  )
}
