import { randomBytes } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import { ApiError } from '../../http/errors.ts'
import { countAttempt, forgetAttempts, type Limit } from '../../security/counters.ts'
import { signal } from '../../storage/bus.ts'
import type { Sessions } from '../sessions.ts'
import * as store from '../store.ts'
import { tooManyAttempts } from './lock-out.ts'
import { checkPassword } from './password-rules.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { noteFailure } from './sign-in-audit.ts'

/** Any attempt beyond this is answered 1010, even with the right password. */
const passwords: Limit = { purpose: 'password', atMost: 10, windowMs: 15 * 60_000 }

/** Hash that unknown names are checked against, so that they take as long as wrong passwords. */
let decoy: Promise<string> | undefined

/**
 * Returns the name of the local account when the password is right. Ten attempts in a quarter of an hour without
 * success lock out the network that they came from (1010) rather than the account, so that nobody can lock the
 * administrator out from elsewhere. Each attempt is counted before its password is checked, across all nodes. Throws
 * 1009.
 */
export async function accountOf(
  ctx: Core,
  address: string,
  given: { name: string; password: string },
): Promise<string> {
  const subject = { corpId: '', of: `${given.name} ${networkOf(address)}` }
  const { count, isOver, retryAfterSeconds } = await countAttempt(ctx, passwords, subject)
  if (isOver) throw tooManyAttempts(retryAfterSeconds)
  const account = await store.adminAccount(ctx.db, given.name)
  decoy ??= hashPassword(randomBytes(16).toString('hex'))
  const isRight = await verifyPassword(given.password, account?.password ?? (await decoy))
  if (!account || !isRight) {
    ctx.log.warn({ name: account?.name, address, attempts: count }, 'wrong password')
    if (account) noteFailure(ctx, account.name, address)
    const left = passwords.atMost - count
    if (left === 0) throw tooManyAttempts(retryAfterSeconds)
    throw new ApiError('forbidden', {
      zh: `用户名或密码错误，还可以尝试 ${left} 次`,
      en: `wrong user name or password, attempts left: ${left}`,
    })
  }
  await forgetAttempts(ctx, passwords, subject)
  return account.name
}

/** Whoever has one IPv6 address usually controls its whole /64, so that counts as one network. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail.split(':').filter(Boolean)
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** Requires the current password and ends the account's other sessions. Throws 1009 and 1000. */
export async function changePassword(
  ctx: Core & { sessions: Sessions },
  who: { adminName: string; sessionId: string; address: string },
  given: { current: string; next: string },
): Promise<void> {
  const name = await accountOf(ctx, who.address, { name: who.adminName, password: given.current })
  await checkPassword(given.next, name, { zh: '新密码', en: 'the new password' })
  if (given.next === given.current)
    throw new ApiError('badParameter', {
      zh: '新密码不能与当前密码相同',
      en: 'the new password cannot be the current one',
    })
  const password = await hashPassword(given.next)
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.putAdminAccount(tx, { name, password, mustChange: false }, at)
    await store.endSessionsOf(tx, { adminName: name }, who.sessionId, at)
    await signal(tx, 'wisp_session', '*')
    await record(tx, ctx, {
      corpId: null,
      actor: name,
      act: 'admin.change-password',
      target: name,
      detail: {},
    })
  })
  ctx.sessions.forget()
}
