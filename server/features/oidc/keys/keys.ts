import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { keyPurpose } from '../sealed.ts'
import * as store from './key-store.ts'
import { type Algorithm, algorithms, type KeyState, type StoredKey } from './key-store.ts'

export type PrivateKey = { kid: string; alg: Algorithm; use: 'sig'; kty: string; [member: string]: unknown }

const generate = promisify(generateKeyPair)

/** The private keys of a corp in the order in which they sign, made now if there are none. */
export async function signingKeys(ctx: Core, corpId: string): Promise<PrivateKey[]> {
  let keys = await store.keysOf(ctx.db, corpId)
  const missing = algorithms.filter(alg => !keys.some(one => one.alg === alg && one.state === 'current'))
  if (missing.length > 0) {
    // Of two nodes that make one at once, both read the one that was stored.
    for (const alg of missing) await store.insertKey(ctx.db, await newKey(ctx, corpId, alg, 'current'))
    keys = await store.keysOf(ctx.db, corpId)
  }
  return keys.map(({ kid, alg, jwk }) => ({
    ...JSON.parse(ctx.seal.open(jwk, keyPurpose)),
    kid,
    alg,
    use: 'sig',
  }))
}

async function newKey(ctx: Core, corpId: string, alg: Algorithm, state: KeyState): Promise<StoredKey> {
  const { privateKey } =
    alg === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' })
  const at = new Date(ctx.now())
  return {
    corpId,
    alg,
    state,
    kid: ctx.newId(),
    jwk: ctx.seal.seal(JSON.stringify(privateKey.export({ format: 'jwk' })), keyPurpose),
    createdAt: at,
    stateAt: at,
  }
}

const dayMs = 86_400_000

/**
 * How long a key stays in a state before the clock moves it on. Applications keep the published keys for hours, so a new one is
 * published for two days before it signs, and an old one for two days after it has.
 */
export const stateMs: Readonly<Record<KeyState, number>> = {
  current: 180 * dayMs,
  next: 2 * dayMs,
  old: 2 * dayMs,
}

/** What a turn did: published new keys, let them sign, withdrew the old ones; `waits` when nothing was due. */
export type RotationStep = 'published' | 'signs' | 'withdrawn' | 'waits'

/**
 * Takes the one step of a rotation that is due. `begins`: publishes new keys although the current ones are not old yet; `atOnce`:
 * also takes a step whose time has not come, for a key that became known to somebody. Tells all nodes.
 */
export async function rotateKeys(
  ctx: Core,
  actor: string,
  corpId: string,
  { begins = false, atOnce = false }: { begins?: boolean; atOnce?: boolean } = {},
): Promise<RotationStep> {
  const made = await Promise.all(algorithms.map(alg => newKey(ctx, corpId, alg, 'next')))
  const turned = await ctx.db.transaction().execute(async tx => {
    const step = await takeStep(ctx, tx, corpId, made, { begins, atOnce })
    if (step === 'waits') return step
    await record(tx, ctx, { corpId, actor, act: 'oidc.keys.turn', target: step, detail: {} })
    await signal(tx, 'wisp_config', corpId)
    return step
  })
  if (turned !== 'waits') await ctx.reloadConfig(corpId)
  return turned
}

async function takeStep(
  ctx: Core,
  tx: Db,
  corpId: string,
  made: readonly StoredKey[],
  { begins, atOnce }: { begins: boolean; atOnce: boolean },
): Promise<RotationStep> {
  const at = new Date(ctx.now())
  const keys = await store.lockKeys(tx, corpId)
  const kids = (state: KeyState) => keys.filter(one => one.state === state).map(one => one.kid)
  const isDue = (state: KeyState) =>
    keys.some(one => one.state === state && (atOnce || one.stateAt.getTime() + stateMs[state] <= ctx.now()))
  if (isDue('old')) {
    await store.deleteKeys(tx, corpId, kids('old'))
    return 'withdrawn'
  }
  // While old keys are out, the next ones wait: what the oldest signed would be two steps behind.
  if (isDue('next') && kids('old').length === 0) {
    await store.moveKeys(tx, corpId, kids('current'), 'old', at)
    await store.moveKeys(tx, corpId, kids('next'), 'current', at)
    return 'signs'
  }
  const isAged = keys.some(
    one => one.state === 'current' && one.stateAt.getTime() + stateMs.current <= ctx.now(),
  )
  if ((!begins && !isAged) || kids('next').length > 0 || kids('current').length === 0) return 'waits'
  for (const key of made) await store.insertKey(tx, key)
  return 'published'
}

/** What the clock does every night. */
export async function rotateAgedKeys(ctx: Core): Promise<void> {
  const before = (state: KeyState) => new Date(ctx.now() - stateMs[state])
  const due = { next: before('next'), current: before('current'), old: before('old') }
  for (const corpId of await store.corpsToRotate(ctx.db, due)) await rotateKeys(ctx, 'wisp', corpId)
}
