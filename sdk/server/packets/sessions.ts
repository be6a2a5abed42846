import { toBase64, toHex } from '../encoding.ts'
import { PacketError } from '../errors.ts'
import { BadParameterError } from '../generated/errors.ts'
import { operations } from '../generated/operations.ts'
import type { Input, Operation } from '../operation.ts'
import { createShared, type SharedValue } from '../shared.ts'
import type { Device, PacketOptions } from './device.ts'
import { masterKeyOf, newKeyPair, newNonce, proofOf, sessionKeysOf } from './keys.ts'
import { clockAdvice, type PacketSession, packetSession } from './packet.ts'

type CallInClear = (operation: Operation, input: Input) => Promise<unknown>

/** One device and one session for all calls of a client: registered and opened with the first of them. */
export function createSessions(options: PacketOptions, call: CallInClear): SharedValue<PacketSession> {
  let { device } = options

  async function register(): Promise<Device> {
    const deviceId = `sdk-${crypto.randomUUID()}`
    const own = await newKeyPair()
    const answer = await call(operations['security.device'], { deviceId, publicKey: toBase64(own.publicKey) })
    const { publicKey } = answer as { publicKey: string }
    device = { deviceId, masterKey: await masterKeyOf(own, publicKey, deviceId) }
    await options.onDevice?.(device)
    return device
  }
  return createShared(async () => {
    const { deviceId, masterKey } = device ?? (await register())
    const nonce = newNonce()
    const timestamp = String(Math.floor(Date.now() / 1000))
    const proof = await proofOf(masterKey, 'gcm', deviceId, timestamp, toHex(nonce))
    const wish = { deviceId, suite: 'gcm', timestamp, nonce: toHex(nonce), proof }
    const answer = await call(operations['security.session'], wish).catch(explain)
    const { sessionId, expiresIn } = answer as { sessionId: string; expiresIn: number }
    return {
      value: packetSession(sessionId, await sessionKeysOf(masterKey, nonce, sessionId)),
      seconds: expiresIn,
    }
  })
}

function explain(error: unknown): never {
  if (error instanceof BadParameterError)
    throw new PacketError(`${error.message}${clockAdvice()}`, { cause: error })
  throw error
}
