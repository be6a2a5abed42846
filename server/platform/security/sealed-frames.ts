import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Seal } from './seal.ts'

/*
 * What only this installation can read, and reads as it was written or not at all. A head in the clear: a mark, the fingerprint of the
 * key, and a salt, which gives each file a key of its own and is its name where one is needed. Then frames, each its length and
 * AES-256-GCM of its bytes. The nonce is the frame's number and whether it is the last, so that frames can be neither left out, nor
 * moved, nor cut off at the end; the head is authenticated with each.
 */

const mark = Buffer.from('wispseal1')
const fingerprintBytes = 8
const saltBytes = 16
export const headBytes = mark.length + fingerprintBytes + saltBytes
const tagBytes = 16
const lengthBytes = 4
const frameAtMost = 16 << 20

/** What is wrong with a file, in words for the log. */
export class SealedFileError extends Error {
  readonly isCut: boolean
  constructor(message: string, isCut = false) {
    super(message)
    this.isCut = isCut
  }
}

export const cutOff = () => new SealedFileError('it is cut off', true)

export const newSalt = (): Buffer => randomBytes(saltBytes)

export type Head = { fingerprint: string; salt: Buffer }

/** Reads the first `headBytes`; undefined when they are no head. */
export function readHead(bytes: Buffer): Head | undefined {
  if (bytes.length < headBytes || !isSealed(bytes)) return undefined
  const fingerprint = bytes.subarray(mark.length, mark.length + fingerprintBytes).toString('hex')
  return { fingerprint, salt: bytes.subarray(headBytes - saltBytes, headBytes) }
}

/** Whether it begins like a sealed file, as far as there are bytes. */
export function isSealed(bytes: Buffer): boolean {
  const start = bytes.subarray(0, mark.length)
  return start.length > 0 && start.equals(mark.subarray(0, start.length))
}

/** `salt` must never be used for two contents. */
export function createSealer(seal: Seal, purpose: string, salt = newSalt()) {
  const head = Buffer.concat([mark, Buffer.from(seal.fingerprint, 'hex'), salt])
  const key = seal.keyFor(purpose, salt)!
  let frames = 0
  return {
    head,
    frame(plain: Uint8Array, isLast: boolean): Buffer {
      const length = Buffer.alloc(lengthBytes)
      length.writeUInt32LE(plain.length)
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(frames++, isLast)).setAAD(head)
      return Buffer.concat([length, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
  }
}

/**
 * The frames after the head, in order. Throws SealedFileError; then nothing of what was read before is to be believed.
 * @param take the next bytes, so many or, at the end, fewer; they are looked at no more when it is called again
 */
export async function* openFrames(
  key: Buffer,
  head: Buffer,
  take: (length: number) => Promise<Buffer>,
): AsyncGenerator<Buffer> {
  const exactly = async (length: number) => {
    const bytes = await take(length)
    if (bytes.length < length) throw cutOff()
    return bytes
  }
  for (let number = 0, isLast = false; !isLast; number++) {
    const length = (await exactly(lengthBytes)).readUInt32LE()
    if (length > frameAtMost) throw new SealedFileError('it was altered')
    const sealed = await exactly(length + tagBytes)
    const plain = openFrame(key, head, sealed, number, false)
    isLast = plain === undefined
    const frame = plain ?? openFrame(key, head, sealed, number, true)
    if (!frame) throw new SealedFileError('it was altered')
    if (isLast && (await take(1)).length > 0) throw new SealedFileError('something follows its end')
    yield frame
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32LE(number, 4)
  nonce[0] = isLast ? 1 : 0
  return nonce
}

function openFrame(
  key: Buffer,
  head: Buffer,
  sealed: Buffer,
  number: number,
  isLast: boolean,
): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast))
    .setAAD(head)
    .setAuthTag(sealed.subarray(-tagBytes))
  const plain = decipher.update(sealed.subarray(0, -tagBytes))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}
