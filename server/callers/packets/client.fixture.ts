import { randomBytes } from 'node:crypto'
import {
  masterKeyOf,
  newKeyPair,
  type SessionKeys,
  sessionKeysOf,
  sessionProof,
  sharedSecret,
} from './crypto/keys.ts'
import { openPacket, sealPacket, signPacket } from './crypto/packet.ts'
import type { Suite } from './crypto/suites.ts'

/** A client of packets for tests; web/docs/content/en/build/packet-format.md says what it does. */

/** Posts JSON with a devToken. */
type Caller = {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  post(path: string, body: unknown): Promise<{ retMessage: string; body?: any }>
}

export type Device = { deviceId: string; masterKey: Buffer }
export type Session = { id: string; suite: Suite; keys: SessionKeys }

/** What is answered in the clear to whatever is wrong with a packet. */
export const badPacketText =
  '1000 参数错误: 报文无效：时间与服务器相差超过 5 分钟，或设备、会话、签名、随机数、地址参数、密文不正确'

export const newNonce = (): string => randomBytes(16).toString('hex')
export const seconds = (ms = Date.now()): string => String(Math.floor(ms / 1000))

/** Registers with a new key pair. */
export async function register(caller: Caller, deviceId: string): Promise<Device> {
  const pair = newKeyPair()
  const publicKey = pair.publicKey.toString('base64')
  const { retMessage, body } = await caller.post('/api/security/device', { deviceId, publicKey })
  if (!body) throw new Error(retMessage)
  const wisp = Buffer.from(body.publicKey, 'base64')
  const secret = sharedSecret(pair.privateKey, wisp)
  if (!secret) throw new Error('no shared secret')
  return { deviceId, masterKey: masterKeyOf(secret, pair.publicKey, wisp, deviceId) }
}

export function sessionWish(
  { deviceId, masterKey }: Device,
  suite: Suite,
  at = seconds(),
  nonce = newNonce(),
) {
  const wish = { suite, deviceId, timestamp: at, nonce }
  return { ...wish, proof: sessionProof(masterKey, wish) }
}

export async function openSession(caller: Caller, device: Device, suite: Suite = 'gcm'): Promise<Session> {
  const wish = sessionWish(device, suite)
  const { retMessage, body } = await caller.post('/api/security/session', wish)
  if (!body) throw new Error(retMessage)
  return {
    id: body.sessionId,
    suite,
    keys: sessionKeysOf(device.masterKey, wish.nonce, body.sessionId, suite),
  }
}

export type Packet = { headers: Record<string, string>; cipher: string }

export function packetOf(
  { id, suite, keys }: Session,
  path: string,
  plain: unknown,
  timestamp = seconds(),
  nonce = newNonce(),
): Packet {
  const bytes = Buffer.from(typeof plain === 'string' ? plain : JSON.stringify(plain))
  const { cipher, signature } = sealPacket(suite, keys, { kind: 'POST', path, timestamp, nonce }, bytes)
  return {
    headers: {
      'x-wisp-session': id,
      'x-wisp-timestamp': timestamp,
      'x-wisp-nonce': nonce,
      'x-wisp-signature': signature,
    },
    cipher,
  }
}

/** The answer that was in the envelope, and whether it came encrypted. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
export type Reply = { isEncrypted: boolean; status: number; retCode: string; retMessage: string; body: any }

/** Sends a packet to a node and opens the answer. Throws for a success in the clear, and for an answer that is not the server's. */
export async function send(
  url: string,
  devToken: string,
  { suite, keys }: Session,
  path: string,
  { headers, cipher }: Packet,
): Promise<Reply> {
  const response = await fetch(`${url}${path}?devToken=${devToken}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ cipher }),
  })
  return openAnswer({ suite, keys }, path, headers['x-wisp-nonce'] ?? '', response)
}

export async function openAnswer(
  { suite, keys }: Pick<Session, 'suite' | 'keys'>,
  path: string,
  nonce: string,
  response: Response,
): Promise<Reply> {
  const { status } = response
  const given = (await response.json()) as { cipher?: string; retCode?: string }
  if (given.cipher === undefined) {
    if (given.retCode === '0') throw new Error('a success in the clear')
    return { isEncrypted: false, status, ...given } as Reply
  }
  const [timestamp, signature] = ['timestamp', 'signature'].map(
    name => response.headers.get(`x-wisp-${name}`) ?? '',
  ) as [string, string]
  const head = { kind: 'ANSWER' as const, path, timestamp, nonce }
  const isGood =
    signature === signPacket(suite, keys, head, given.cipher) &&
    response.headers.get('x-wisp-nonce') === nonce
  const plain = isGood ? openPacket(suite, keys, head, given.cipher) : undefined
  if (!plain) throw new Error('an answer that the server did not make for this packet')
  return { isEncrypted: true, status, ...JSON.parse(plain.toString()) }
}
