import { Readable, Transform } from 'node:stream'
import type { Seal } from '../../../platform/security/seal.ts'
import {
  createSealer,
  headBytes,
  isSealed,
  openFrames,
  readHead,
  SealedFileError,
} from '../../../platform/security/sealed-frames.ts'
import { BackupError } from '../backup-error.ts'

/*
 * Backups that leave the machine by a plan are encrypted as a whole, with a key that is made of WISP_SECRET_KEY: there is no second
 * passphrase to lose, and who has the files without the key has nothing. The salt of a file is the mark in the row of the run that
 * wrote it.
 */

const purpose = 'backup file'
const frameBytes = 64 << 10

/** Encrypts what is written to it. */
export function sealingStream(seal: Seal, salt: Buffer): Transform {
  const { head, frame } = createSealer(seal, purpose, salt)
  let rest: Buffer = Buffer.alloc(0)
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      // What may be the last frame stays here.
      for (; rest.length > frameBytes; rest = rest.subarray(frameBytes))
        this.push(frame(rest.subarray(0, frameBytes), false))
      done()
    },
    flush(done) {
      this.push(frame(rest, true))
      done()
    },
  })
  stream.push(head)
  return stream
}

/** The mark of an encrypted backup that begins with these bytes; undefined when they are not one's. */
export function markOf(start: Buffer): string | undefined {
  return readHead(start)?.salt.toString('hex')
}

/** The bytes of a backup, decrypted where they are encrypted, of which `noteSealed` is told. Throws BackupError. */
export function unsealed(
  file: string,
  source: AsyncIterable<Buffer>,
  seal: Seal | undefined,
  noteSealed: () => void,
): Readable {
  return Readable.from(unseal(file, source, seal, noteSealed), { objectMode: false })
}

async function* unseal(
  file: string,
  source: AsyncIterable<Buffer>,
  seal: Seal | undefined,
  noteSealed: () => void,
): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]()
  const take = takerOf(iterator)
  try {
    const start = await take(headBytes)
    if (isSealed(start)) {
      const head = readHead(start)
      if (!head) throw cut(file)
      const key = seal?.keyFor(purpose, head.salt, head.fingerprint)
      if (!key) throw otherKey(file, head.fingerprint, seal?.fingerprint)
      noteSealed()
      yield* openFrames(key, start, take)
    } else for (let bytes = start; bytes.length > 0; bytes = await take(frameBytes)) yield bytes
  } catch (error) {
    if (!(error instanceof SealedFileError)) throw error
    throw error.isCut ? cut(file) : changed(file)
  } finally {
    await iterator.return?.()
  }
}

function takerOf(iterator: AsyncIterator<Buffer>): (length: number) => Promise<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  return async length => {
    const parts = [rest]
    for (let missing = length - rest.length; missing > 0; ) {
      const { done, value } = await iterator.next()
      if (done) break
      parts.push(value)
      missing -= value.length
    }
    const bytes = Buffer.concat(parts)
    rest = bytes.subarray(length)
    return bytes.subarray(0, length)
  }
}

function cut(file: string): BackupError {
  return new BackupError(`${file} 不完整：文件被截断`, `${file} is incomplete: it was cut off`)
}

function changed(file: string): BackupError {
  return new BackupError(`${file} 已损坏或被改动`, `${file} is damaged, or was changed`)
}

function otherKey(file: string, wanted: string, have: string | undefined): BackupError {
  const [zh, en] = have
    ? [`现在的密钥指纹是 ${have}`, `the fingerprint of the present key is ${have}`]
    : ['现在没有密钥', 'there is no key at present']
  return new BackupError(
    `${file} 由指纹 ${wanted} 的密钥加密，${zh}。请把 WISP_SECRET_KEY 设为原来的密钥；用内嵌数据库时，把原来的 secret.key 放进数据目录`,
    `${file} is encrypted with the key of fingerprint ${wanted}; ${en}. Set WISP_SECRET_KEY to the original key or, with the embedded database, put the original secret.key into the data directory`,
  )
}
