import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { countAttempt } from '../../../platform/security/counters.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { corpOf, type FactorOwner, nameOf, type SignedInOwner } from '../factor/factor-owner.ts'
import { hashOf, newRecoveryCodes } from '../factor/recovery-codes.ts'
import { checkFresh, proveSecond, secondFactorStatus } from '../factor/second-factor.ts'
import { replaceRecoveryCodes } from '../factor/second-factor-store.ts'
import { checkCounted, passkeyAttempt } from '../lock-sign-in.ts'
import { openState, sealState } from '../sealed-state.ts'
import * as store from './passkey-store.ts'
import type { RelyingParty } from './place.ts'

type Needs = Core & { sessions: Sessions }

/** Loaded with the first passkey: it brings the cryptography of all authenticators. */
const webauthn = () => import('@simplewebauthn/server')

const stateMs = 5 * 60_000
const heldAtMost = 20
/** Asked of authenticators, and looked for in what they answer: a passkey stands for two factors only where it saw its person. */
const userVerification = 'required'
const requireUserVerification = true
/** EdDSA, ES256 and RS256. The library would take ML-DSA too, which is an experiment of Node. */
const supportedAlgorithmIDs = [-8, -7, -257]

const registering = 'passkey registration'
const asserting = 'passkey assertion'

/** `userHandle`: of the passkey that is being made. */
type State = RelyingParty & { challenge: string; of: string; userHandle?: string }

const handlePurpose = 'passkey user'

const keyOf = (owner: FactorOwner): string =>
  'adminName' in owner ? `account ${owner.adminName}` : `member ${owner.corpId} ${owner.memberId}`

/** What the browser makes a passkey by; who asks has just proved themselves. Throws 1000, 1009. */
export async function beginPasskey(ctx: Needs, who: SignedInOwner, place: RelyingParty) {
  const { owner } = who
  checkFresh(ctx, who.proof, await secondFactorStatus(ctx, owner))
  const held = await store.passkeysOf(ctx.db, owner)
  if (held.length >= heldAtMost)
    throw new ApiError('badParameter', {
      zh: told`最多 ${own(heldAtMost)} 个通行密钥，请先删除不用的`,
      en: told`at most ${own(heldAtMost)} passkeys are kept: remove unused ones first`,
    })
  // Says nothing about its person, and is the same for all passkeys of one, until WISP_SECRET_KEY changes.
  const userHandle = ctx.seal.sign(handlePurpose, keyOf(owner))
  const { generateRegistrationOptions } = await webauthn()
  const options = await generateRegistrationOptions({
    rpName: 'wisp',
    rpID: place.rpId,
    userID: new Uint8Array(Buffer.from(userHandle, 'base64url')),
    userName: nameOf(owner),
    userDisplayName: 'adminName' in owner ? owner.adminName : owner.name,
    excludeCredentials: held.filter(one => one.rpId === place.rpId).map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification },
    supportedAlgorithmIDs,
  })
  const state: State = { ...place, challenge: options.challenge, of: keyOf(owner), userHandle }
  return { options, state: sealState(ctx, registering, state, stateMs) }
}

/**
 * Stores the passkey that the browser made. Returns recovery codes where it is the first second factor, and none otherwise.
 * Throws 1000, 1009.
 */
export async function finishPasskey(
  ctx: Needs,
  who: SignedInOwner,
  place: RelyingParty,
  given: { state: string; response: RegistrationResponseJSON; name: string },
): Promise<string[]> {
  const { owner, sessionId, proof } = who
  const { challenge, userHandle = null } = stateOf(ctx, registering, given.state, place, keyOf(owner))
  const status = await secondFactorStatus(ctx, owner)
  checkFresh(ctx, proof, status)
  const { verifyRegistrationResponse } = await webauthn()
  const made = await verified(ctx, () =>
    verifyRegistrationResponse({
      response: given.response,
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      requireUserVerification,
      supportedAlgorithmIDs,
    }),
  )
  if (!made.verified) throw notGood()
  const { id, publicKey, counter, transports = [] } = made.registrationInfo.credential
  const member = 'adminName' in owner ? undefined : owner
  const passkey: store.Passkey = {
    id,
    counter,
    transports,
    rpId: place.rpId,
    name: given.name,
    usedAt: null,
    userHandle,
    corpId: member?.corpId ?? null,
    memberId: member?.memberId ?? null,
    adminName: 'adminName' in owner ? owner.adminName : null,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    createdAt: new Date(ctx.now()),
  }
  const codes = status.isOn ? [] : newRecoveryCodes()
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.insertPasskey(tx, passkey))) throw notGood()
    if (codes.length > 0) await replaceRecoveryCodes(tx, owner, codes.map(hashOf))
    const entry = { corpId: corpOf(owner) || null, actor: nameOf(owner), target: nameOf(owner) }
    await record(tx, ctx, { ...entry, act: 'passkey.add', detail: { name: given.name } })
    await signal(tx, 'wisp_session', '*')
  })
  ctx.sessions.forget()
  await proveSecond(ctx, sessionId, proof, 'passkey')
  return codes
}

/** What a passkey is asked by: of anybody, who is found by it, or of this owner. */
export async function askForPasskey(ctx: Core, place: RelyingParty, owner?: FactorOwner) {
  const held = owner ? await store.passkeysOf(ctx.db, owner) : []
  const allowed = held
    .filter(one => one.rpId === place.rpId)
    .map(({ id, transports }) => ({ id, transports }))
  const { generateAuthenticationOptions } = await webauthn()
  const options = await generateAuthenticationOptions({
    rpID: place.rpId,
    userVerification,
    ...(owner ? { allowCredentials: allowed as { id: string }[] } : {}),
  })
  const state: State = { ...place, challenge: options.challenge, of: owner ? keyOf(owner) : '' }
  return { options, state: sealState(ctx, asserting, state, stateMs) }
}

export type Assertion = { state: string; response: AuthenticationResponseJSON }

/** The passkey that answered, once for each question. Wrong answers are counted by network. Throws 1000, 1009, 1010. */
export async function takePasskey(
  ctx: Core,
  place: RelyingParty,
  address: string,
  given: Assertion,
  owner?: FactorOwner,
): Promise<store.Passkey> {
  const { challenge } = stateOf(ctx, asserting, given.state, place, owner ? keyOf(owner) : '')
  return checkCounted(
    ctx,
    passkeyAttempt(address),
    async () => {
      const found = await store.findPasskey(ctx.db, given.response.id)
      if (found?.rpId !== place.rpId || (owner && !isOf(found, owner))) return undefined
      const { userHandle } = given.response.response
      if (!isOwnHandle(found, userHandle, owner)) return undefined
      const { verifyAuthenticationResponse } = await webauthn()
      const { verified: isGood, authenticationInfo } = await verified(ctx, () =>
        verifyAuthenticationResponse({
          response: given.response,
          expectedChallenge: challenge,
          expectedOrigin: place.origin,
          expectedRPID: place.rpId,
          credential: {
            id: found.id,
            publicKey: new Uint8Array(Buffer.from(found.publicKey, 'base64url')),
            counter: found.counter,
          },
          requireUserVerification,
        }),
      )
      if (!isGood || !(await isFirstUse(ctx, challenge))) return undefined
      const isCounted = await store.usePasskey(
        ctx.db,
        found.id,
        authenticationInfo.newCounter,
        new Date(ctx.now()),
        userHandle && ctx.seal.isSigned(handlePurpose, keyOfPasskey(found), userHandle) ? userHandle : null,
      )
      return isCounted ? found : undefined
    },
    () => notGood(),
  )
}

/**
 * Whether the answer names the person whose passkey it is; it must, where nobody was named before (WebAuthn, 7.2 step 6). Passkeys of
 * earlier versions learn theirs at their next use.
 */
function isOwnHandle(
  { userHandle }: store.Passkey,
  given: string | undefined,
  owner: FactorOwner | undefined,
): boolean {
  if (userHandle === null) return true
  return given ? given === userHandle : owner !== undefined
}

const keyOfPasskey = ({ adminName, corpId, memberId }: store.Passkey): string =>
  adminName === null ? `member ${corpId} ${memberId}` : `account ${adminName}`

/** Most passkeys do not count, so that an answer is kept from being used again by its question. */
async function isFirstUse(ctx: Core, challenge: string): Promise<boolean> {
  const once = { purpose: 'passkey-challenge', atMost: 1, windowMs: 2 * stateMs }
  return !(await countAttempt(ctx, once, { corpId: '', of: challenge })).isOver
}

/**
 * Removes a passkey of its owner.
 * @throws ApiError 1000 if it does not exist, or is the last one where the second factor is required.
 */
export async function removePasskey(
  ctx: Needs,
  who: SignedInOwner,
  isRequired: boolean,
  id: string,
): Promise<void> {
  const { owner } = who
  const status = await secondFactorStatus(ctx, owner)
  checkFresh(ctx, who.proof, status)
  const isLast = status.passkeys === 1 && !status.hasAuthenticator
  if (isRequired && isLast)
    throw new ApiError('badParameter', {
      zh: '平台要求两步验证，这是最后一个，不能删除',
      en: 'the second factor is required and this is the last: it cannot be removed',
    })
  await ctx.db.transaction().execute(async tx => {
    const name = await store.deletePasskey(tx, owner, id)
    if (name === undefined)
      throw new ApiError('badParameter', {
        zh: told`没有通行密钥 ${id}，它可能已被删除；请刷新`,
        en: told`there is no passkey ${id}: it may have been removed; reload`,
      })
    if (isLast) await replaceRecoveryCodes(tx, owner, [])
    const entry = { corpId: corpOf(owner) || null, actor: nameOf(owner), target: nameOf(owner) }
    await record(tx, ctx, { ...entry, act: 'passkey.remove', detail: { name } })
    await signal(tx, 'wisp_session', '*')
  })
  ctx.sessions.forget()
}

function isOf(passkey: store.Passkey, owner: FactorOwner): boolean {
  return 'adminName' in owner
    ? passkey.adminName === owner.adminName
    : passkey.corpId === owner.corpId && passkey.memberId === owner.memberId
}

function stateOf(ctx: Core, purpose: string, sealed: string, place: RelyingParty, of: string): State {
  const state = openState<State>(ctx, purpose, sealed)
  if (!state || state.of !== of || state.rpId !== place.rpId || state.origin !== place.origin)
    throw new ApiError('badParameter', {
      zh: '通行密钥的验证已过期，请重新开始',
      en: 'the passkey check has expired: begin again',
    })
  return state
}

/** The library throws for whatever does not fit; what exactly is for the log. */
async function verified<T extends { verified: boolean }>(ctx: Core, check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    ctx.log.info({ error: String(error) }, 'passkey refused')
    throw notGood()
  }
}

function notGood(): ApiError {
  return new ApiError('forbidden', {
    zh: '这个通行密钥不属于这个地址，或已被删除；请用其他方式登录',
    en: 'this passkey does not belong to this address, or was removed: sign in another way',
  })
}
