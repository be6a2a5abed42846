import { type Answer, bodyOf, openEnvelope, readEnvelope, unexpected } from '../answer.ts'
import { bytesOf, concat, fromBase64, fromHex, toBase64, toHex } from '../encoding.ts'
import { PacketError } from '../errors.ts'
import { BadParameterError } from '../generated/errors.ts'
import type { Input, WispFile } from '../operation.ts'
import { newNonce, type SessionKeys } from './keys.ts'

export type PacketSession = { seal(path: string, input: Input): Promise<Packet> }

export type Packet = {
  headers: Record<string, string>
  body: string
  /** What the call answered. Throws PacketError for an answer that cannot be trusted. */
  open(call: string, answer: Answer): Promise<unknown>
}

/** wisp refused the packet as a whole: its session may have ended, which another one mends. */
export class StaleSessionError extends PacketError {
  readonly session: PacketSession

  constructor(session: PacketSession, cause: BadParameterError) {
    super(`${cause.message}${clockAdvice()}`, { cause })
    this.session = session
  }
}

export function clockAdvice(): string {
  return `；本机时间是 ${new Date().toISOString()}，请核对（this machine's time: check it）`
}

const { subtle } = globalThis.crypto
const ivBytes = 12

/** Sections 3 and 4 of web/docs/content/en/build/packet-format.md. */
export function packetSession(sessionId: string, keys: SessionKeys): PacketSession {
  const session: PacketSession = {
    async seal(path, input) {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const nonce = toHex(newNonce())
      const head = `POST\n${path}\n${timestamp}\n${nonce}`
      const cipher = await encrypt(keys.data, JSON.stringify(input), head)
      const signature = await subtle.sign('HMAC', keys.signing, bytesOf(`${head}\n${cipher}`))
      const headers = {
        'x-wisp-session': sessionId,
        'x-wisp-timestamp': timestamp,
        'x-wisp-nonce': nonce,
        'x-wisp-signature': toHex(new Uint8Array(signature)),
      }
      return {
        headers,
        body: JSON.stringify({ cipher }),
        open: (call, answer) => openAnswer(session, keys, { call, path, nonce }, answer),
      }
    },
  }
  return session
}

type PacketRequest = { call: string; path: string; nonce: string }

async function openAnswer(
  session: PacketSession,
  keys: SessionKeys,
  { call, path, nonce }: PacketRequest,
  answer: Answer,
): Promise<unknown> {
  const cipher = cipherOf(answer)
  if (cipher === undefined) return refusedInClear(session, call, answer)
  const { headers } = answer
  const head = `ANSWER\n${path}\n${headers.get('x-wisp-timestamp')}\n${nonce}`
  const signature = fromHex(headers.get('x-wisp-signature') ?? '')
  const isSigned =
    headers.get('x-wisp-nonce') === nonce &&
    signature !== undefined &&
    (await subtle.verify('HMAC', keys.signing, signature, bytesOf(`${head}\n${cipher}`)))
  if (!isSigned) throw new PacketError(`应答的签名不符（the answer's signature is wrong）: ${call}`)
  const envelope = readEnvelope(await decrypt(keys.data, cipher, head))
  if (!envelope) throw unexpected(call, answer)
  return fileOf(openEnvelope(call, answer, envelope))
}

/** What may come in the clear is a refusal; a success would be somebody else's. */
function refusedInClear(session: PacketSession, call: string, answer: Answer): never {
  if (readEnvelope(answer.bytes)?.retCode === '0' || isFile(answer))
    throw new PacketError(`拒绝明文的成功应答（a success in the clear is refused）: ${call}`)
  try {
    bodyOf(call, answer)
  } catch (error) {
    if (error instanceof BadParameterError && answer.status === 200)
      throw new StaleSessionError(session, error)
    throw error
  }
  throw unexpected(call, answer)
}

function isFile({ status, headers }: Answer): boolean {
  return status === 200 && !/^(application\/json|text\/)/.test(headers.get('content-type') ?? '')
}

function cipherOf({ bytes }: Answer): string | undefined {
  try {
    const { cipher } = JSON.parse(new TextDecoder().decode(bytes))
    return typeof cipher === 'string' ? cipher : undefined
  } catch {
    return undefined
  }
}

/** Files come as their type and their bytes in base64. */
function fileOf(body: unknown): unknown {
  const { type, data, ...rest } = (body ?? {}) as Record<string, unknown>
  const isFileBody = typeof type === 'string' && typeof data === 'string' && Object.keys(rest).length === 0
  return isFileBody ? ({ type, data: fromBase64(data) } satisfies WispFile) : body
}

async function encrypt(key: CryptoKey, plain: string, head: string): Promise<string> {
  const iv = globalThis.crypto.getRandomValues(new Uint8Array(ivBytes))
  const wanted = { name: 'AES-GCM', iv, additionalData: bytesOf(head) }
  return toBase64(concat(iv, new Uint8Array(await subtle.encrypt(wanted, key, bytesOf(plain)))))
}

async function decrypt(key: CryptoKey, cipher: string, head: string): Promise<Uint8Array> {
  const bytes = fromBase64(cipher)
  const wanted = { name: 'AES-GCM', iv: bytes.subarray(0, ivBytes), additionalData: bytesOf(head) }
  return new Uint8Array(await subtle.decrypt(wanted, key, bytes.subarray(ivBytes)))
}
