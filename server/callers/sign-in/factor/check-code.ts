import { TOTP } from 'otpauth'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { checkCounted, codeAttempt } from '../lock-sign-in.ts'
import { memberTotpPurpose, totpPurpose } from '../sealed.ts'
import { corpOf, countedAs, type FactorOwner, nameOf } from './factor-owner.ts'
import { hashOf, plain } from './recovery-codes.ts'
import * as store from './second-factor-store.ts'

const digits = 6

/** How a code proved somebody. */
export type CodeKind = 'totp' | 'recovery'

export function purposeOf(owner: FactorOwner): string {
  return 'adminName' in owner ? totpPurpose : memberTotpPurpose
}

/** Takes a code of the owner's device, or one of their recovery codes, once. Throws 1009, and 1010 after ten. */
export async function checkCode(ctx: Core, owner: FactorOwner, given: string): Promise<CodeKind> {
  return counted(ctx, owner, async () => {
    const factor = await store.readSecondFactor(ctx.db, owner)
    if (!factor) return undefined
    const code = plain(given)
    if (code.length !== digits) return takeRecoveryCode(ctx, owner, code)
    if (factor.secret === '') return undefined
    const step = stepOf(ctx, owner, ctx.seal.open(factor.secret, purposeOf(owner)), code)
    return step !== undefined && (await store.takeStep(ctx.db, owner, step)) ? 'totp' : undefined
  })
}

async function takeRecoveryCode(
  ctx: Core,
  owner: FactorOwner,
  code: string,
): Promise<'recovery' | undefined> {
  return ctx.db.transaction().execute(async tx => {
    if (!(await store.takeRecoveryCode(tx, owner, hashOf(code)))) return undefined
    const name = nameOf(owner)
    const act = 'admin.second-factor.recovery'
    await record(tx, ctx, { corpId: corpOf(owner) || null, actor: name, act, target: name, detail: {} })
    return 'recovery'
  })
}

/** Returns what `check` finds; undefined means a wrong code. Throws 1009, and 1010 when it is locked (lock-sign-in.ts). */
export function counted<T>(ctx: Core, owner: FactorOwner, check: () => Promise<T | undefined>): Promise<T> {
  return checkCounted(ctx, codeAttempt(countedAs(owner)), check, (attempts, left) => {
    ctx.log.warn({ name: nameOf(owner), attempts }, 'wrong second factor')
    return new ApiError('forbidden', {
      zh: told`验证码不对或已经用过，还可以尝试 ${own(left)} 次`,
      en: told`the code is wrong or has been used, attempts left: ${own(left)}`,
    })
  })
}

/** The time step of a code: the current one, or the one before or after it. */
export function stepOf(ctx: Core, owner: FactorOwner, secret: string, token: string): number | undefined {
  // The library throws for anything else.
  if (!/^[0-9]{6}$/.test(token)) return undefined
  const timestamp = ctx.now()
  const delta = totpOf(ctx, owner, secret).validate({ token, timestamp, window: 1 })
  return delta === null ? undefined : TOTP.counter({ timestamp }) + delta
}

export function totpOf(ctx: Core, owner: FactorOwner, secret: string): TOTP {
  const url = ctx.publicUrl()
  const label = URL.canParse(url) ? `${nameOf(owner)}@${new URL(url).host}` : nameOf(owner)
  return new TOTP({ issuer: 'wisp', label, secret, digits })
}
