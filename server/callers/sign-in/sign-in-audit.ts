import { type Entry, record, recordTimes } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Amr } from '../../platform/http/visitor.ts'
import { describeError } from '../../platform/operation/log.ts'
import { type AttemptLimit, countAttempt } from '../../platform/security/counters.ts'

/** Who signs in: a local account without a corp, or a member of one. `name` is a member's name, for people who read the log. */
export type Account = { corpId: string | null; id: string; name: string; address: string }

/** `detail`: what the account gave besides its password. */
type ProofDetail = { secondFactor?: true }

const byPassword = (id: string, address: string): Account => ({ corpId: null, id, name: '', address })

export async function noteSignIn(
  ctx: Core,
  name: string,
  address: string,
  detail: ProofDetail = {},
  act: 'sign-in.password' | 'sign-in.passkey' = 'sign-in.password',
): Promise<void> {
  await write(ctx, byPassword(name, address), act, detail)
}

/**
 * Members without a role are not noted: a corp of 100,000 would write as many rows each day, 40 million in the 400 days that
 * the audit log is kept. Their sessions show for a week when and from where they signed in.
 */
export async function noteMemberSignIn(ctx: Core, account: Account, amr: readonly Amr[]): Promise<void> {
  const act = amr.includes('sms')
    ? 'sign-in.sms'
    : amr.includes('passkey')
      ? 'sign-in.passkey'
      : 'sign-in.wecom'
  await write(ctx, account, act, {})
}

/** Nobody waits for it, because the time would tell which names exist. Unknown names, perhaps passwords, are not kept. */
export function noteFailure(ctx: Core, name: string, address: string, detail: ProofDetail = {}): void {
  noteAccountFailure(ctx, byPassword(name, address), detail).catch(error =>
    ctx.log.error(describeError(error), 'failed sign-in not recorded'),
  )
}

/** Attempts are limited by network, and an attacker who has many networks must not fill the audit log: an account has one entry in ten minutes. */
const entries: AttemptLimit = { purpose: 'failed-sign-in', atMost: 1, windowMs: 10 * 60_000 }

export async function noteAccountFailure(
  ctx: Core,
  account: Account,
  detail: ProofDetail = {},
): Promise<void> {
  const act = 'sign-in.failed'
  const { corpId, id } = account
  const of = `${id} ${detail.secondFactor ? 'code' : 'password'}`
  const { count } = await countAttempt(ctx, entries, { corpId: corpId ?? '', of })
  if (count === 1) return write(ctx, account, act, detail)
  const since = new Date(ctx.now() - entries.windowMs)
  await recordTimes(ctx.db, { corpId, act, target: id, detail }, since, count)
}

async function write(
  ctx: Core,
  { corpId, id, name, address }: Account,
  act: 'sign-in.password' | 'sign-in.wecom' | 'sign-in.sms' | 'sign-in.passkey' | 'sign-in.failed',
  detail: ProofDetail,
): Promise<void> {
  const entry: Entry = { corpId, actor: id, act, target: id, ...(name ? { targetName: name } : {}), detail }
  await record(ctx.db, ctx, entry, { actor: id, name, address })
}
