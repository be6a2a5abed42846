import { randomBytes } from 'node:crypto'
import { type Developers, hashSecret } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkStaysOn } from '../../../organisation/corps/features/check-on.ts'
import { perform } from '../../../platform/acts/perform.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { compatFeature } from '../names.ts'
import * as store from './secret-store.ts'

type Needs = Core & { corps: Corps; developers: Developers; offered: FeatureOffers }

const liveAtMost = 2

/**
 * Gives a developer a compat secret, which is returned once and never again. One from before stays valid beside it, unless `revokeOthers`.
 * Throws 1002, 1009, and 1000 for a third one.
 */
export async function rotateCompatSecret(
  ctx: Needs,
  actor: string,
  devId: string,
  revokeOthers: boolean,
  memberId: number | null = null,
): Promise<{ corpsecret: string; revoked: number }> {
  const { corpId } = known(ctx, devId)
  const corpsecret = randomBytes(32).toString('base64url')
  const at = new Date(ctx.now())
  return perform(ctx, { act: 'compat.rotate', actor, corpId }, async tx => {
    await checkStaysOn(tx, ctx, corpId, compatFeature)
    const others = await store.lockSecrets(tx, corpId, devId)
    if (!revokeOthers && others.length >= liveAtMost) throw tooMany(devId)
    if (revokeOthers && others.length > 0) await store.revokeSecrets(tx, corpId, others, at)
    await store.insertSecret(tx, {
      corpId,
      id: ctx.newId(),
      devId,
      hash: hashSecret(corpsecret).toString('hex'),
      createdAt: at,
      createdBy: memberId,
    })
    const revoked = revokeOthers ? others.length : 0
    return { target: devId, detail: { revokeOthers }, answer: { corpsecret, revoked } }
  })
}

/** Revokes one secret and its access_token, on all nodes; without an id, the older of two. Throws 1000, 1002. */
export async function revokeCompatSecret(
  ctx: Needs,
  actor: string,
  devId: string,
  secretId?: string,
): Promise<void> {
  const { corpId } = known(ctx, devId)
  await perform(ctx, { act: 'compat.revoke', actor, corpId }, async tx => {
    const live = await store.lockSecrets(tx, corpId, devId)
    const id = secretId ?? (live.length > 1 ? live[0]! : undefined)
    if (id === undefined)
      throw new ApiError('badParameter', {
        zh: told`${devId} 只有一个有效的兼容密钥，吊销后将无法调用；请先添加新密钥，没有吊销`,
        en: told`${devId} has only one valid compat secret and could make no calls without it: add a new one first; nothing was revoked`,
      })
    if (!live.includes(id))
      throw new ApiError('badParameter', {
        zh: '该兼容密钥不存在或已吊销',
        en: 'this compat secret does not exist or was revoked',
      })
    await store.revokeSecrets(tx, corpId, [id], new Date(ctx.now()))
    return { target: devId, detail: {}, answer: undefined }
  })
}

function tooMany(devId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${devId} 已有 ${own(liveAtMost)} 个有效的兼容密钥，请先吊销旧的`,
    en: told`${devId} has ${own(liveAtMost)} valid compat secrets: revoke the old one first`,
  })
}

function known(ctx: Needs, devId: string) {
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  return developer
}
