import { hash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { type Detail, record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { dropSetting, putSetting, readSetting } from '../../platform/storage/settings.ts'
import { endSessionsOfAccount } from '../sessions/end-sessions.ts'
import { secondFactorRequired } from '../sessions/session-store.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { checkCounted, codeAttempt } from './lock-sign-in.ts'
import { accountOf } from './password-sign-in.ts'
import { totpPurpose } from './sealed.ts'
import { openState, sealState } from './sealed-state.ts'
import * as store from './second-factor-store.ts'

const digits = 6
const recoveryCodesMade = 10
const setupMs = 15 * 60_000

type Needs = Core & { sessions: Sessions }

/** A signed-in account, and where it calls from. */
export type Holder = { adminName: string; sessionId: string; address: string }

export type FactorStatus = { isOn: boolean; isRequired: boolean; recoveryCodes: number }

export async function secondFactorStatus(ctx: Pick<Core, 'db'>, name: string): Promise<FactorStatus> {
  const [factor, isRequired] = await Promise.all([store.readSecondFactor(ctx.db, name), isRequiredOf(ctx.db)])
  return { isOn: hasFactor(factor), isRequired, recoveryCodes: factor?.recoveryCodes ?? 0 }
}

/**
 * Makes a secret that `finishEnrolment` stores once a code proves that the device has it. `proof` is the account's password
 * or, when another device is in use, a code of that. `setup` holds the secret sealed. Throws 1009, 1010.
 */
export async function beginEnrolment(
  ctx: Needs,
  who: Holder,
  proof: string,
): Promise<{ setup: string; secret: string; uri: string }> {
  const name = who.adminName
  const factor = await store.readSecondFactor(ctx.db, name)
  if (hasFactor(factor)) await checkCode(ctx, name, proof)
  else await accountOf(ctx, who.address, { name, password: proof })
  const secret = new Secret({ size: 20 }).base32
  const setup = sealState(ctx, 'second factor setup', { name, secret }, setupMs)
  return { setup, secret, uri: totpOf(ctx, name, secret).toString() }
}

/** Turns the second factor on, ends the account's other sessions and returns its recovery codes. Throws 1000, 1009, 1010. */
export async function finishEnrolment(
  ctx: Needs,
  who: Holder,
  given: { setup: string; code: string },
): Promise<string[]> {
  const name = who.adminName
  const state = openState<{ name: string; secret: string }>(ctx, 'second factor setup', given.setup)
  if (state?.name !== name)
    throw new ApiError('badParameter', {
      zh: '设置已过期，请重新开始',
      en: 'this setup is too old: begin again',
    })
  const step = await counted(ctx, name, async () => stepOf(ctx, name, state.secret, plain(given.code)))
  const made = newRecoveryCodes()
  const secret = ctx.seal.seal(state.secret, totpPurpose)
  await change(ctx, { actor: name, act: 'add', target: name }, async tx => {
    await store.putSecondFactor(tx, name, { secret, step })
    await store.replaceRecoveryCodes(tx, name, made.map(hashOf))
    await endSessionsOfAccount(tx, name, who.sessionId, new Date(ctx.now()))
  })
  return made
}

/** Replaces the recovery codes. Throws 1009, 1010. */
export async function renewRecoveryCodes(ctx: Needs, name: string, code: string): Promise<string[]> {
  await checkCode(ctx, name, code)
  const made = newRecoveryCodes()
  await change(ctx, { actor: name, act: 'codes', target: name }, tx =>
    store.replaceRecoveryCodes(tx, name, made.map(hashOf)),
  )
  return made
}

/** Turns the account's second factor off, at its own request. Throws 1000 while it is required, 1009, 1010. */
export async function removeSecondFactor(ctx: Needs, name: string, code: string): Promise<void> {
  if (await isRequiredOf(ctx.db))
    throw new ApiError('badParameter', {
      zh: '平台要求两步验证，不能关闭',
      en: 'the second factor is required and cannot be turned off',
    })
  await checkCode(ctx, name, code)
  await change(ctx, { actor: name, act: 'remove', target: name }, tx => dropFactor(tx, name))
}

/**
 * For a device and recovery codes that are lost: takes the second factor away and ends the account's sessions. Throws 1000
 * when there is no such account, or it has no second factor.
 */
export async function resetSecondFactor(ctx: Needs, actor: string, name: string): Promise<void> {
  const factor = await store.readSecondFactor(ctx.db, name)
  if (!factor)
    throw new ApiError('badParameter', { zh: told`没有账号 ${name}`, en: told`there is no account ${name}` })
  if (!hasFactor(factor))
    throw new ApiError('badParameter', {
      zh: told`${name} 没有启用两步验证`,
      en: told`${name} has no second factor`,
    })
  await change(ctx, { actor, act: 'reset', target: name }, async tx => {
    await dropFactor(tx, name)
    await endSessionsOfAccount(tx, name, undefined, new Date(ctx.now()))
  })
}

/** Whether every system account needs a second factor; one without it must set it up before anything else. */
export async function requireSecondFactor(ctx: Needs, actor: string, isRequired: boolean): Promise<void> {
  await change(ctx, { actor, act: 'require', target: '', detail: { required: isRequired } }, tx =>
    isRequired
      ? putSetting(tx, secondFactorRequired, { required: true })
      : dropSetting(tx, secondFactorRequired),
  )
}

/** Takes a code of the account's device, or one of its recovery codes, once. Throws 1009, and 1010 after ten. */
export async function checkCode(ctx: Needs, name: string, given: string): Promise<void> {
  await counted(ctx, name, async () => {
    const factor = await store.readSecondFactor(ctx.db, name)
    if (!factor || !hasFactor(factor)) return undefined
    const code = plain(given)
    if (code.length !== digits) return takeRecoveryCode(ctx, name, code)
    const step = stepOf(ctx, name, ctx.seal.open(factor.secret, totpPurpose), code)
    return step !== undefined && (await store.takeStep(ctx.db, name, step)) ? true : undefined
  })
}

async function takeRecoveryCode(ctx: Needs, name: string, code: string): Promise<true | undefined> {
  return ctx.db.transaction().execute(async tx => {
    if (!(await store.takeRecoveryCode(tx, name, hashOf(code)))) return undefined
    await record(tx, ctx, {
      corpId: null,
      actor: name,
      act: 'admin.second-factor.recovery',
      target: name,
      detail: {},
    })
    return true
  })
}

/** Returns what `check` finds; undefined means a wrong code. Throws 1009, and 1010 when it is locked (lock-sign-in.ts). */
function counted<T>(ctx: Core, name: string, check: () => Promise<T | undefined>): Promise<T> {
  return checkCounted(ctx, codeAttempt(name), check, (attempts, left) => {
    ctx.log.warn({ name, attempts }, 'wrong second factor')
    return new ApiError('forbidden', {
      zh: told`验证码不对或已经用过，还可以尝试 ${own(left)} 次`,
      en: told`the code is wrong or has been used, attempts left: ${own(left)}`,
    })
  })
}

/** The time step of a code: the current one, or the one before or after it. */
function stepOf(ctx: Core, name: string, secret: string, token: string): number | undefined {
  // The library throws for anything else.
  if (!/^[0-9]{6}$/.test(token)) return undefined
  const timestamp = ctx.now()
  const delta = totpOf(ctx, name, secret).validate({ token, timestamp, window: 1 })
  return delta === null ? undefined : TOTP.counter({ timestamp }) + delta
}

function totpOf(ctx: Core, name: string, secret: string): TOTP {
  const url = ctx.publicUrl()
  const label = URL.canParse(url) ? `${name}@${new URL(url).host}` : name
  return new TOTP({ issuer: 'wisp', label, secret, digits })
}

function hasFactor(factor: store.SecondFactor | undefined): boolean {
  return factor !== undefined && factor.secret !== ''
}

async function isRequiredOf(db: Db): Promise<boolean> {
  return (await readSetting(db, secondFactorRequired)) !== undefined
}

async function dropFactor(tx: Db, name: string): Promise<void> {
  await store.putSecondFactor(tx, name, { secret: '', step: 0 })
  await store.replaceRecoveryCodes(tx, name, [])
}

type FactorAct = 'add' | 'codes' | 'remove' | 'reset' | 'require'

/** Records the change in the audit log. Sessions in memory know what an account has yet to set up, so all nodes read them again. */
async function change(
  ctx: Needs,
  { actor, act, target, detail = {} }: { actor: string; act: FactorAct; target: string; detail?: Detail },
  work: (tx: Db) => Promise<unknown>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await work(tx)
    await record(tx, ctx, { corpId: null, actor, act: `admin.second-factor.${act}`, target, detail })
    await signal(tx, 'wisp_session', '*')
  })
  ctx.sessions.forget()
}

/** Without i, l, o and u, which are easily confused or spell words: five bits a letter, 80 a code. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz'

function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodesMade }, () =>
    [...randomBytes(16)].map((byte, n) => `${n % 4 === 0 && n > 0 ? '-' : ''}${letters[byte % 32]}`).join(''),
  )
}

/** A code as it is compared: people type blanks, hyphens, capitals, and digits of full width. */
function plain(code: string): string {
  return code.normalize('NFKC').replace(/[\s-]/g, '').toLowerCase()
}

function hashOf(code: string): string {
  return hash('sha256', plain(code), 'hex')
}
