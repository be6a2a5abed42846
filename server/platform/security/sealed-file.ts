import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Seal } from './seal.ts'
import { createSealer, cutOff, headBytes, openFrames, readHead, SealedFileError } from './sealed-frames.ts'

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
  const sealer = createSealer(seal, purpose)
  const handle = await open(path, 'wx', 0o600)
  let bytes = 0

  async function put(data: Uint8Array) {
    await handle.writeFile(data)
    bytes += data.length
  }

  try {
    await put(sealer.head)
  } catch (error) {
    await handle.close()
    throw error
  }
  return {
    get bytes() {
      return bytes
    },
    write: frame => put(sealer.frame(frame, false)),
    async end(frame) {
      await put(sealer.frame(frame, true))
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
    const bytes = await readUpTo(handle, Buffer.allocUnsafe(headBytes))
    if (bytes.length < headBytes) throw cutOff()
    const head = readHead(bytes)
    if (!head) throw new SealedFileError('it is not a sealed file')
    const { fingerprint, salt } = head
    if (fingerprint !== seal.fingerprint)
      throw new SealedFileError(`it was sealed with another WISP_SECRET_KEY (fingerprint ${fingerprint})`)
    yield* openFrames(seal.keyFor(purpose, salt)!, bytes, takerOf(handle))
  } finally {
    await handle.close()
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

/** Reads into the same bytes each time: new ones for each frame would have the garbage collector run again and again. */
function takerOf(handle: FileHandle): (length: number) => Promise<Buffer> {
  let room = Buffer.allocUnsafe(0)
  return length => {
    if (room.length < length) room = Buffer.allocUnsafe(length)
    return readUpTo(handle, room.subarray(0, length))
  }
}

/** Fills these bytes or, at the end of the file, some of them, and returns what was read. */
async function readUpTo(handle: FileHandle, bytes: Buffer): Promise<Buffer> {
  let at = 0
  while (at < bytes.length) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}
