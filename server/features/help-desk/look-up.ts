import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import { type AttemptLimit, countAttempt, forgetAttempts } from '../../platform/security/counters.ts'

/** A help desk answers some calls an hour; who asks for more people than this is copying the address book. */
export const lookUpsAtMost = 120
const perHour: AttemptLimit = { purpose: 'help-desk', atMost: lookUpsAtMost, windowMs: 3_600_000 }

/** A page that refreshes itself, or that is opened again, is one look. */
const once: AttemptLimit = { purpose: 'help-desk-look', atMost: 1, windowMs: 10 * 60_000 }

/** `of`: what is looked up, as far as it tells one look from another. */
type LookUp = { corpId: string; visitor: Visitor; of: string }

/** Who was found, as the audit log names it. */
type LookUpResult<T> = { found: T; act: 'help-desk.search' | 'help-desk.look'; target: string }

/**
 * Looks somebody up: counts it before it is looked, and records what was found. Looking for the same again within ten minutes is
 * neither counted nor recorded. Throws 1010 beyond 120 look-ups an hour, on all pages and nodes.
 */
export async function lookUp<T>(
  ctx: Core,
  { corpId, visitor, of }: LookUp,
  look: () => Promise<LookUpResult<T>>,
): Promise<T> {
  const subject = { corpId, of: `${visitor.actor} ${of}` }
  const isNew = (await countAttempt(ctx, once, subject)).count === 1
  if (isNew) {
    const { isOver, retryAfterSeconds } = await countAttempt(ctx, perHour, { corpId, of: visitor.actor })
    if (isOver) {
      await forgetAttempts(ctx, once, subject)
      throw tooMany(retryAfterSeconds)
    }
  }
  const { found, act, target } = await look().catch(async error => {
    // Nothing was seen, so the next try counts again, and is recorded when it succeeds.
    await forgetAttempts(ctx, once, subject)
    throw error
  })
  if (isNew) await record(ctx.db, ctx, { corpId, actor: visitor.actor, act, target, detail: {} })
  return found
}

function tooMany(retryAfterSeconds: number): ApiError {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  return new ApiError(
    'tooManyRequests',
    {
      zh: told`一小时最多查 ${own(lookUpsAtMost)} 次，请 ${own(minutes)} 分钟后再查`,
      en: told`at most ${own(lookUpsAtMost)} look-ups an hour: try again in ${own(minutes)} minutes`,
    },
    { retryAfterSeconds },
  )
}
