import { Secret } from 'otpauth'
import type { Three } from '../../../organisation/three/three.ts'
import { type Detail, record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Amr, Proof } from '../../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { dropSetting, putSetting, readSetting } from '../../../platform/storage/settings.ts'
import { endSessionsOfHolder } from '../../sessions/end-sessions.ts'
import { secondFactorRequired } from '../../sessions/session-store.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { deletePasskeysOf } from '../passkeys/passkey-store.ts'
import { accountOf } from '../password-sign-in.ts'
import { openState, sealState } from '../sealed-state.ts'
import { checkCode, counted, purposeOf, stepOf, totpOf } from './check-code.ts'
import { corpOf, type FactorOwner, nameOf, type SignedInOwner } from './factor-owner.ts'
import { hashOf, newRecoveryCodes, plain } from './recovery-codes.ts'
import * as store from './second-factor-store.ts'

const setupMs = 15 * 60_000
const setupPurpose = 'second factor setup'
/** Time in ms within which a person must have proved themselves interactively to set up a way of doing so. */
export const freshMs = 5 * 60_000

type Needs = Core & { sessions: Sessions }

export type FactorStatus = {
  /** By an authenticator or a passkey. */
  isOn: boolean
  hasAuthenticator: boolean
  passkeys: number
  recoveryCodes: number
}

export async function secondFactorStatus(ctx: Pick<Core, 'db'>, owner: FactorOwner): Promise<FactorStatus> {
  const factor = await store.readSecondFactor(ctx.db, owner)
  const { secret = '', recoveryCodes = 0, passkeys = 0 } = factor ?? {}
  return { isOn: secret !== '' || passkeys > 0, hasAuthenticator: secret !== '', passkeys, recoveryCodes }
}

/** Whether everybody who must have a second factor has to; the switch of the whole installation. */
export async function isFactorRequired(db: Db): Promise<boolean> {
  return (await readSetting(db, secondFactorRequired)) !== undefined
}

/** Whether somebody proved themselves lately enough to change how they do it: with the second factor, where they have one. */
export function isFresh(ctx: Pick<Core, 'now'>, proof: Proof, status: FactorStatus): boolean {
  return proof.acr >= (status.isOn ? 3 : 2) && proof.authAt > ctx.now() - freshMs
}

/** Throws 1009 for whoever has to prove themselves first. */
export function checkFresh(ctx: Pick<Core, 'now'>, proof: Proof, status: FactorStatus): void {
  if (isFresh(ctx, proof, status)) return
  throw status.isOn
    ? new ApiError('forbidden', { zh: '请先通过两步验证', en: 'complete the second factor first' })
    : new ApiError('forbidden', { zh: '请先确认登录', en: 'confirm first that it is you' })
}

/**
 * Makes a secret that `finishEnrolment` stores once a code proves that the device has it. `proof` is a code of the second factor in
 * use, or a local account's password; who proved themselves in the last minutes needs none. `setup` holds the secret sealed.
 * Throws 1009, 1010.
 */
export async function beginEnrolment(
  ctx: Needs,
  who: SignedInOwner,
  proof: string,
): Promise<{ setup: string; secret: string; uri: string }> {
  const { owner } = who
  await checkProof(ctx, who, proof)
  const secret = new Secret({ size: 20 }).base32
  const setup = sealState(ctx, setupPurpose, { name: nameOf(owner), corpId: corpOf(owner), secret }, setupMs)
  return { setup, secret, uri: totpOf(ctx, owner, secret).toString() }
}

async function checkProof(
  ctx: Needs,
  { owner, address, proof }: SignedInOwner,
  given: string,
): Promise<void> {
  const status = await secondFactorStatus(ctx, owner)
  if (given === '' || (!status.isOn && !('adminName' in owner))) return checkFresh(ctx, proof, status)
  if (status.isOn) await checkCode(ctx, owner, given)
  else if ('adminName' in owner) await accountOf(ctx, address, { name: owner.adminName, password: given })
}

/**
 * Turns the authenticator on and returns recovery codes. The session has then given a second factor; a local account's other
 * sessions end. Throws 1000, 1009, 1010.
 */
export async function finishEnrolment(
  ctx: Needs,
  who: SignedInOwner,
  given: { setup: string; code: string },
): Promise<string[]> {
  const { owner, sessionId, proof } = who
  type Setup = { name: string; corpId: string; secret: string }
  const state = openState<Setup>(ctx, setupPurpose, given.setup)
  if (state?.name !== nameOf(owner) || state.corpId !== corpOf(owner))
    throw new ApiError('badParameter', {
      zh: '设置已过期，没有启用；请重新开始',
      en: 'the setup has expired and nothing was switched on: begin again',
    })
  const step = await counted(ctx, owner, async () => stepOf(ctx, owner, state.secret, plain(given.code)))
  const made = newRecoveryCodes()
  const secret = ctx.seal.seal(state.secret, purposeOf(owner))
  await changeFactor(ctx, owner, { act: 'add' }, async tx => {
    await store.putSecondFactor(tx, owner, { secret, step })
    await store.replaceRecoveryCodes(tx, owner, made.map(hashOf))
    if ('adminName' in owner) await endSessionsOfHolder(tx, owner, sessionId, new Date(ctx.now()))
  })
  await proveSecond(ctx, sessionId, proof, 'totp')
  return made
}

/** The session has given its second factor. */
export async function proveSecond(ctx: Needs, sessionId: string, proof: Proof, by: Amr): Promise<void> {
  const amr = [...proof.amr.filter(one => one !== by), by]
  await ctx.sessions.prove(sessionId, { acr: 3, amr })
}

/** Takes a code for the session of somebody who is signed in. Throws 1009, 1010. */
export async function giveSecondFactor(ctx: Needs, who: SignedInOwner, code: string): Promise<void> {
  await proveSecond(ctx, who.sessionId, who.proof, await checkCode(ctx, who.owner, code))
}

/** Replaces the recovery codes. Throws 1009, 1010. */
export async function renewRecoveryCodes(ctx: Needs, owner: FactorOwner, code: string): Promise<string[]> {
  await checkCode(ctx, owner, code)
  const made = newRecoveryCodes()
  await changeFactor(ctx, owner, { act: 'codes' }, tx =>
    store.replaceRecoveryCodes(tx, owner, made.map(hashOf)),
  )
  return made
}

/**
 * Turns the authenticator off, at its owner's own request; the recovery codes go unless there are passkeys. Throws 1000 where a
 * second factor is required and this is the last, 1009, 1010.
 */
export async function removeSecondFactor(
  ctx: Needs,
  owner: FactorOwner,
  isRequired: boolean,
  code: string,
): Promise<void> {
  const { passkeys } = await secondFactorStatus(ctx, owner)
  if (isRequired && passkeys === 0)
    throw new ApiError('badParameter', {
      zh: '平台要求两步验证，不能关闭',
      en: 'the second factor is required and cannot be turned off',
    })
  await checkCode(ctx, owner, code)
  await changeFactor(ctx, owner, { act: 'remove' }, async tx => {
    await store.putSecondFactor(tx, owner, { secret: '', step: 0 })
    if (passkeys === 0) await store.replaceRecoveryCodes(tx, owner, [])
  })
}

/**
 * For a device and recovery codes that are lost: takes everything of the second factor away, passkeys too, and ends the owner's
 * sessions and admin tokens. Throws 1000 when there is no such account, or it has no second factor.
 */
export async function resetSecondFactor(
  ctx: Needs & { offered: FeatureOffers; three: Three },
  actor: string,
  owner: FactorOwner,
  { isEmergency = false } = {},
): Promise<void> {
  if (!isEmergency) checkAlone(ctx, owner)
  await ctx.db.transaction().execute(async tx => {
    const detail = await dropFactor(tx, ctx, actor, owner)
    await noteChange(tx, ctx, owner, { act: 'reset', actor, detail })
  })
  ctx.sessions.forget()
}

/** One of the three administrators loses the second factor by the other two together. Throws 1009. */
function checkAlone({ three }: { three: Three }, owner: FactorOwner): void {
  const isOfThree = 'adminName' in owner ? three.isOn(undefined) : three.roleOf(owner.memberId) !== undefined
  if (isOfThree)
    throw new ApiError('forbidden', {
      zh: told`${nameOf(owner)} 是三员之一，两步验证由另外两员共同重置（控制台 → 三员）；没有重置`,
      en: told`${nameOf(owner)} is one of the three administrators: the other two reset the second factor together (console → Three administrators); nothing was reset`,
    })
}

/**
 * Takes the second factor away in a transaction whose caller records it and tells the nodes. Returns what the audit log keeps. Throws
 * 1000 when there is no such account, or it has no second factor.
 */
export async function dropFactor(
  tx: Db,
  ctx: Pick<Core, 'now'> & { offered: FeatureOffers },
  actor: string,
  owner: FactorOwner,
): Promise<Detail> {
  const name = nameOf(owner)
  if (!(await store.readSecondFactor(tx, owner)))
    throw new ApiError('badParameter', { zh: told`没有账号 ${name}`, en: told`there is no account ${name}` })
  const { isOn, passkeys } = await secondFactorStatus({ db: tx }, owner)
  if (!isOn)
    throw new ApiError('badParameter', {
      zh: told`${name} 没有启用两步验证`,
      en: told`${name} has no second factor`,
    })
  await store.putSecondFactor(tx, owner, { secret: '', step: 0 })
  await store.replaceRecoveryCodes(tx, owner, [])
  await deletePasskeysOf(tx, owner)
  await endSessionsOfHolder(tx, owner, undefined, new Date(ctx.now()))
  await ctx.offered.factorReset(tx, ctx, actor, owner)
  return passkeys > 0 ? { passkeys } : {}
}

/**
 * Whether every system account, and every administrator among the members, needs a second factor; who has none must set it up
 * before anything else.
 */
export async function requireSecondFactor(ctx: Needs, actor: string, isRequired: boolean): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (isRequired) await putSetting(tx, secondFactorRequired, { required: true })
    else await dropSetting(tx, secondFactorRequired)
    const detail = { required: isRequired }
    await record(tx, ctx, { corpId: null, actor, act: 'admin.second-factor.require', target: '', detail })
    await signal(tx, 'wisp_session', '*')
  })
  ctx.sessions.forget()
}

type FactorAct = 'add' | 'codes' | 'remove' | 'reset'

type FactorChange = { act: FactorAct; actor?: string; detail?: Detail }

async function changeFactor(
  ctx: Needs,
  owner: FactorOwner,
  change: FactorChange,
  work: (tx: Db) => Promise<unknown>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await work(tx)
    await noteChange(tx, ctx, owner, change)
  })
  ctx.sessions.forget()
}

/** Records the change in the audit log. Sessions in memory know what their person has yet to set up, so all nodes read them again. */
async function noteChange(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  owner: FactorOwner,
  { act, actor = nameOf(owner), detail = {} }: FactorChange,
): Promise<void> {
  const target = nameOf(owner)
  const entry = { corpId: corpOf(owner) || null, actor, act: `admin.second-factor.${act}` as const, target }
  await record(tx, ctx, { ...entry, detail })
  await signal(tx, 'wisp_session', '*')
}
