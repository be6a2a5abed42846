import { randomBytes } from 'node:crypto'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Protection } from '../protection/protection.ts'
import { passwordHistoryAtMost } from '../protection/settings.ts'
import { endSessionsOfAccount } from '../sessions/end-sessions.ts'
import type { Sessions } from '../sessions/sessions.ts'
import * as store from './account-store.ts'
import { checkCounted, passwordAttempt } from './lock-sign-in.ts'
import { checkNewPassword } from './password-rules.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { noteFailure } from './sign-in-audit.ts'

/** Hash that unknown names are checked against, so that they take as long as wrong passwords. */
let decoy: Promise<string> | undefined

/** Returns the name of the local account when the password is right. Throws 1009, and 1010 when it is locked (lock-sign-in.ts). */
export async function accountOf(
  ctx: Core,
  address: string,
  given: { name: string; password: string },
): Promise<string> {
  let known: string | undefined
  return checkCounted(
    ctx,
    passwordAttempt(given.name, address),
    async () => {
      const account = await store.adminAccount(ctx.db, given.name)
      decoy ??= hashPassword(randomBytes(16).toString('hex'))
      const isRight = await verifyPassword(given.password, account?.password ?? (await decoy))
      known = account?.name
      if (isRight && account?.firstPassword) await store.forgetFirstPassword(ctx.db, account.name)
      return isRight ? known : undefined
    },
    (attempts, left) => {
      ctx.log.warn({ name: known, address, attempts }, 'wrong password')
      if (known !== undefined) noteFailure(ctx, known, address)
      return new ApiError('forbidden', {
        zh: told`用户名或密码错误，还可以尝试 ${own(left)} 次`,
        en: told`wrong user name or password, attempts left: ${own(left)}`,
      })
    },
  )
}

/** Requires the current password and ends the account's other sessions. Throws 1009 and 1000. */
export async function changePassword(
  ctx: Core & { protection: Protection; sessions: Sessions },
  who: { adminName: string; sessionId: string; address: string },
  given: { current: string; next: string },
): Promise<void> {
  const name = await accountOf(ctx, who.address, { name: who.adminName, password: given.current })
  const rules = ctx.protection.ofInstallation()
  await checkNewPassword(ctx, name, given.next, { zh: '新密码', en: 'the new password' }, rules)
  if (given.next === given.current)
    throw new ApiError('badParameter', {
      zh: '新密码不能与当前密码相同',
      en: 'the new password cannot be the current one',
    })
  const password = await hashPassword(given.next)
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.keepOldPassword(tx, name, passwordHistoryAtMost, at)
    await store.putAdminAccount(tx, { name, password, mustChange: false }, at)
    await endSessionsOfAccount(tx, name, who.sessionId, at)
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
