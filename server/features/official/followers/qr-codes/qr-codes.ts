import { record } from '../../../../platform/audit/audit.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { hasControlCharacter } from '../../../../platform/http/rules.ts'
import { told } from '../../../../platform/http/told.ts'
import { createQrCode, limits } from '../../../../upstream/official/calls/users.ts'
import { fromUpstream } from '../../../../upstream/upstream-error.ts'
import { checkAbility } from '../../accounts/abilities.ts'
import type { Account } from '../../accounts/accounts.ts'
import * as store from './store.ts'

/**
 * Creates a QR code for `scene`, which WeChat reports when it is scanned, and stores it in the place of an existing code of that
 * scene. `seconds`: lifetime of a temporary code; undefined makes a permanent one.
 * @throws ApiError 1000 (scene, seconds), 1009 (the account lacks the ability), 1011 (WeChat).
 */
export async function makeQrCode(
  ctx: Core,
  actor: string,
  account: Account,
  given: { scene: string; name: string; seconds: number | undefined },
): Promise<store.QrCode> {
  checkAbility(account, 'sceneQr')
  const scene = given.scene.trim()
  const name = given.name.trim() || scene
  const { sceneChars, qrSeconds } = limits
  if (scene === '' || [...scene].length > sceneChars || hasControlCharacter(scene, false))
    throw new ApiError('badParameter', {
      zh: `场景值应为 1 到 ${sceneChars} 个字`,
      en: `a scene should have 1 to ${sceneChars} characters`,
    })
  const { seconds } = given
  if (seconds !== undefined && !(seconds >= qrSeconds.least && seconds <= qrSeconds.most))
    throw new ApiError('badParameter', {
      zh: `有效期应为 ${qrSeconds.least} 到 ${qrSeconds.most} 秒（30 天）`,
      en: `the lifetime should be ${qrSeconds.least} to ${qrSeconds.most} seconds (30 days)`,
    })
  const createdAt = new Date(ctx.now())
  const url = await fromUpstream(createQrCode(account.client, scene, seconds))
  const expiresAt = seconds === undefined ? null : new Date(createdAt.getTime() + seconds * 1000)
  const code = { scene, name, url, createdAt, expiresAt }
  await ctx.db.transaction().execute(async tx => {
    await store.putQrCode(tx, account, code)
    await record(tx, ctx, {
      ...targetOf(account),
      actor,
      act: 'official.qr-code.create',
      detail: { scene, name, expiresAt },
    })
  })
  return code
}

/**
 * Removes a QR code from the list. WeChat keeps it valid, so that its scans are still reported with its scene.
 * @throws ApiError 1000 if there is none with this scene.
 */
export async function removeQrCode(ctx: Core, actor: string, account: Account, scene: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.deleteQrCode(tx, account, scene)))
      throw new ApiError('badParameter', {
        zh: told`没有场景为 ${scene} 的二维码`,
        en: told`there is no QR code with the scene ${scene}`,
      })
    await record(tx, ctx, {
      ...targetOf(account),
      actor,
      act: 'official.qr-code.remove',
      detail: { scene },
    })
  })
}

function targetOf({ corpId, originalId, name }: Account) {
  return { corpId, target: originalId, targetName: name }
}
