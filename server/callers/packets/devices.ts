import { randomBytes } from 'node:crypto'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import { lockDeveloper } from '../developers/store.ts'
import {
  deviceProof,
  isSameText,
  masterKeyOf,
  newKeyPair,
  publicKeyBytes,
  sharedSecret,
} from './crypto/keys.ts'
import * as store from './device-store.ts'
import { insertDeviceNonce } from './nonce-store.ts'
import { isFresh, isNonce, nonceEnd } from './nonces.ts'
import { packetsOff } from './refusals.ts'
import { masterKeyPurpose } from './sealed.ts'

const devicesAtMost = 10_000
const masterKeyBytes = 32

export type Registration = {
  deviceId: string
  /** Base64; undefined where the client cannot do X25519. */
  publicKey: string | undefined
  timestamp: string | undefined
  nonce: string | undefined
  proof: string | undefined
}

/** All in base64. */
export type DeviceKey = { deviceId: string; publicKey: string } | { deviceId: string; masterKey: string }

/**
 * Registers a device, or gives it another master key when the call proves the one it has. `isPrivate`: nobody can listen
 * to the answer. Throws 1000 and 1009.
 */
export async function registerDevice(
  ctx: Core,
  developer: Caller,
  given: Registration,
  isPrivate: boolean,
): Promise<DeviceKey> {
  if (developer.packets === 'off') throw packetsOff()
  checkDeviceId(given.deviceId)
  const { masterKey, answer } = newMasterKey(given, isPrivate)
  const { corpId, devId } = developer
  const key = { corpId, devId, deviceId: given.deviceId }
  const sealed = ctx.seal.seal(
    masterKey.toString('base64'),
    masterKeyPurpose([corpId, devId, given.deviceId]),
  )
  await ctx.db.transaction().execute(async tx => {
    // One registration of a developer after the other, so that two of them cannot both be the last.
    const stored = await lockDeveloper(tx, devId)
    const known = await store.lockDevice(tx, key)
    if (known) {
      if (!(await provesKey(ctx, tx, key, known, given))) throw alreadyRegistered()
      await store.deleteDevice(tx, key)
    } else await checkRoom(tx, key, stored?.newDevices ?? false)
    await store.insertDevice(tx, key, sealed, new Date(ctx.now()))
    await record(tx, ctx, {
      corpId,
      actor: `developer:${devId}`,
      act: known ? 'device.replace' : 'device.register',
      target: devId,
      detail: { deviceId: given.deviceId },
    })
  })
  return answer
}

/** Its sessions end on every node with their next packet. Throws 1000 for a device that is not registered. */
export async function revokeDevice(
  ctx: Core,
  actor: string,
  developer: Pick<Caller, 'corpId' | 'devId'>,
  deviceId: string,
): Promise<void> {
  const { corpId, devId } = developer
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.deleteDevice(tx, { corpId, devId, deviceId })))
      throw new ApiError('badParameter', {
        zh: told`没有登记设备 ${deviceId}`,
        en: told`no device ${deviceId} is registered`,
      })
    await record(tx, ctx, { corpId, actor, act: 'device.revoke', target: devId, detail: { deviceId } })
  })
}

export function openMasterKey(
  { seal }: Pick<Core, 'seal'>,
  { corpId, devId, deviceId }: store.DeviceKey,
  sealed: string,
): Buffer {
  return Buffer.from(seal.open(sealed, masterKeyPurpose([corpId, devId, deviceId])), 'base64')
}

function checkDeviceId(deviceId: string): void {
  if (!/^[0-9A-Za-z._:-]{1,64}$/.test(deviceId))
    throw new ApiError('badParameter', {
      zh: 'deviceId 应为 1 到 64 个字母、数字或 . _ : -',
      en: 'deviceId should be 1 to 64 letters, digits or . _ : -',
    })
}

function newMasterKey(
  { deviceId, publicKey }: Registration,
  isPrivate: boolean,
): { masterKey: Buffer; answer: DeviceKey } {
  if (publicKey === undefined) {
    if (!isPrivate)
      throw new ApiError('badParameter', {
        zh: '没有 publicKey 的登记只能经 https；请改用 https，或给出 publicKey',
        en: 'a device is registered without publicKey over https only: use https, or give a publicKey',
      })
    const masterKey = randomBytes(masterKeyBytes)
    return { masterKey, answer: { deviceId, masterKey: masterKey.toString('base64') } }
  }
  const device = Buffer.from(publicKey, 'base64')
  const own = newKeyPair()
  const isKey = device.length === publicKeyBytes && device.toString('base64') === publicKey
  const secret = isKey ? sharedSecret(own.privateKey, device) : undefined
  if (!secret)
    throw new ApiError('badParameter', {
      zh: 'publicKey 应为 32 字节 X25519 公钥的 base64',
      en: 'publicKey should be the base64 of an X25519 public key of 32 bytes',
    })
  return {
    masterKey: masterKeyOf(secret, device, own.publicKey, deviceId),
    answer: { deviceId, publicKey: own.publicKey.toString('base64') },
  }
}

async function provesKey(
  ctx: Core,
  tx: Db,
  key: store.DeviceKey,
  known: store.DeviceRow,
  { publicKey = '', timestamp = '', nonce = '', proof = '' }: Registration,
): Promise<boolean> {
  if (!isFresh(timestamp, ctx.now()) || !isNonce(nonce)) return false
  const oldKey = openMasterKey(ctx, key, known.masterKey)
  const good = deviceProof(oldKey, { deviceId: key.deviceId, publicKey, timestamp, nonce })
  return isSameText(good, proof) && insertDeviceNonce(tx, { ...key, nonce, endsAt: nonceEnd(timestamp) })
}

function alreadyRegistered(): ApiError {
  return new ApiError('forbidden', {
    zh: '设备已登记；须以它现有的主密钥证明，或先在控制台吊销',
    en: 'the device is registered: prove its present master key, or have it revoked in the console',
  })
}

async function checkRoom(tx: Db, { corpId, devId }: store.DeviceKey, newDevices: boolean): Promise<void> {
  if (!newDevices)
    throw new ApiError('forbidden', {
      zh: '此开发者不再登记新设备，没有登记；管理员可以在开发者的设置中开放',
      en: 'this developer takes no new devices, so the device was not registered; an administrator can open it in the settings of the developer',
    })
  if ((await store.countDevices(tx, corpId, devId)) >= devicesAtMost)
    throw new ApiError('badParameter', {
      zh: `已登记 ${devicesAtMost} 个设备，请先吊销不用的`,
      en: `${devicesAtMost} devices are registered: revoke some that are not in use`,
    })
}
