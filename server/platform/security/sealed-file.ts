import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Seal } from './seal.ts'

/*
 * A file that only this installation can read, and that is read as it was written or not at all. A head in the clear: a mark, the
 * fingerprint of the key, and a salt, which gives each file a key of its own. Then frames, each its length and AES-256-GCM of its
 * bytes. The nonce is the frame's number and whether it is the last, so that frames can be neither left out, nor moved, nor cut off
 * at the end; the head is authenticated with each.
 */

const mark = Buffer.from('wispseal1')
const fingerprintBytes = 8
const saltBytes = 16
const headBytes = mark.length + fingerprintBytes + saltBytes
const tagBytes = 16
const lengthBytes = 4
const frameAtMost = 16 << 20

/** What is wrong with a file, in words for the log. */
export class SealedFileError extends Error {}

export type SealedWriter = {
  write(frame: Uint8Array): Promise<void>
  /** Writes the last frame, and returns when all is on the disk. */
  end(frame: Uint8Array): Promise<void>
  /** How much was written. */
  readonly bytes: number
  close(): Promise<void>
}

/** Creates the file, which must not exist, for its owner alone. */
export async function writeSealedFile(path: string, seal: Seal, purpose: string): Promise<SealedWriter> {
  const salt = randomBytes(saltBytes)
  const head = Buffer.concat([mark, Buffer.from(seal.fingerprint, 'hex'), salt])
  const key = seal.keyFor(purpose, salt)!
  const handle = await open(path, 'wx', 0o600)
  let frames = 0
  let bytes = 0

  async function put(data: Uint8Array) {
    await handle.writeFile(data)
    bytes += data.length
  }

  async function putFrame(frame: Uint8Array, isLast: boolean) {
    const length = Buffer.alloc(lengthBytes)
    length.writeUInt32LE(frame.length)
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(frames++, isLast)).setAAD(head)
    await put(Buffer.concat([length, cipher.update(frame), cipher.final(), cipher.getAuthTag()]))
  }

  try {
    await put(head)
  } catch (error) {
    await handle.close()
    throw error
  }
  return {
    get bytes() {
      return bytes
    },
    write: frame => putFrame(frame, false),
    async end(frame) {
      await putFrame(frame, true)
      await handle.sync()
    },
    close: () => handle.close(),
  }
}

/** The frames in order. Throws SealedFileError; then nothing of what was read before is to be believed. */
export async function* readSealedFile(path: string, seal: Seal, purpose: string): AsyncGenerator<Buffer> {
  // A link would lead to a file of somebody else's choice.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    await checkOwner(handle)
    const head = await readExactly(handle, headBytes)
    if (!head.subarray(0, mark.length).equals(mark)) throw new SealedFileError('it is not a sealed file')
    const fingerprint = head.subarray(mark.length, mark.length + fingerprintBytes).toString('hex')
    if (fingerprint !== seal.fingerprint)
      throw new SealedFileError(`it was sealed with another WISP_SECRET_KEY (fingerprint ${fingerprint})`)
    const key = seal.keyFor(purpose, head.subarray(-saltBytes))!
    for (let number = 0, isLast = false; !isLast; number++) {
      const length = (await readExactly(handle, lengthBytes)).readUInt32LE()
      if (length > frameAtMost) throw new SealedFileError('it was altered')
      const sealed = await readExactly(handle, length + tagBytes)
      const plain = openFrame(key, head, sealed, number, false)
      isLast = plain === undefined
      const frame = plain ?? openFrame(key, head, sealed, number, true)
      if (!frame) throw new SealedFileError('it was altered')
      if (isLast && (await handle.read(Buffer.alloc(1), 0, 1)).bytesRead > 0)
        throw new SealedFileError('something follows its end')
      yield frame
    }
  } finally {
    await handle.close()
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

/** Whoever may write it could not seal it, but who may read it has the personal data of a corp in a place where nobody looks. */
async function checkOwner(handle: FileHandle): Promise<void> {
  const { uid, mode } = await handle.stat()
  const own = process.getuid?.()
  if (own === undefined) return
  if (uid !== own) throw new SealedFileError(`it belongs to user ${uid}, and wisp runs as ${own}`)
  if ((mode & 0o077) !== 0)
    throw new SealedFileError(`others may read it (mode ${(mode & 0o777).toString(8)}, not 600)`)
}

async function readExactly(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(bytes, at, length - at)
    if (bytesRead === 0) throw new SealedFileError('it is cut off')
    at += bytesRead
  }
  return bytes
}
