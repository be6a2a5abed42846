import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { isSameText, sessionProof } from './crypto/keys.ts'
import type { Suite } from './crypto/suites.ts'
import { lockDevice, noteDeviceUse } from './device-store.ts'
import { openMasterKey } from './devices.ts'
import { insertDeviceNonce } from './nonce-store.ts'
import { isFresh, isNonce, nonceEnd } from './nonces.ts'
import { badPacket, packetsOff } from './refusals.ts'
import { insertSession } from './session-store.ts'

const sessionSeconds = 7200
const sessionsOfDevice = 16

export type SessionWish = { deviceId: string; suite: Suite; timestamp: string; nonce: string; proof: string }

/** Opens a session for a device that proves its master key. Throws 1009 and the one 1000. */
export async function openSession(
  ctx: Core,
  developer: Caller,
  wish: SessionWish,
): Promise<{ sessionId: string; expiresIn: number }> {
  if (developer.packets === 'off') throw packetsOff()
  const { deviceId, suite, timestamp, nonce, proof } = wish
  if (!isFresh(timestamp, ctx.now()) || !isNonce(nonce)) throw badPacket()
  const key = { corpId: developer.corpId, devId: developer.devId, deviceId }
  const createdAt = new Date(ctx.now())
  const id = ctx.newId()
  await ctx.db.transaction().execute(async tx => {
    const device = await lockDevice(tx, key)
    const good = device && sessionProof(openMasterKey(ctx, key, device.masterKey), wish)
    if (!good || !isSameText(good, proof)) throw badPacket()
    if (!(await insertDeviceNonce(tx, { ...key, nonce, endsAt: nonceEnd(timestamp) }))) throw badPacket()
    const expiresAt = new Date(createdAt.getTime() + sessionSeconds * 1000)
    await insertSession(tx, { ...key, id, suite, nonce, createdAt, expiresAt }, sessionsOfDevice)
    await noteDeviceUse(tx, key, createdAt)
  })
  return { sessionId: id, expiresIn: sessionSeconds }
}
