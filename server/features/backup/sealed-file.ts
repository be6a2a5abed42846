import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import type { Seal } from '../../platform/security/seal.ts'
import { BackupError } from './backup-error.ts'

/**
 * Backups that leave the machine by a plan are encrypted as a whole, with a key that is made of WISP_SECRET_KEY: there is no second
 * passphrase to lose, and who has the files without the key has nothing. A line of JSON, which says which key, and then pieces of 64 KiB,
 * each with AES-256-GCM under its number; the last one is marked, so that a cut file is seen. The key is derived from the whole
 * line, so that nobody can change it.
 */
export type SealedHeader = {
  wisp: 'sealed-backup'
  format: 1
  createdAt: string
  keyFingerprint: string
  salt: string
  /** The same as in the row of the run that wrote it. */
  mark: string
}

export const sealedStart = '{"wisp":"sealed-backup"'
const purpose = 'backup file'
const pieceBytes = 64 << 10
const tagBytes = 16
export const headerAtMost = 2048

export function newSealedHeader(seal: Seal, createdAt: Date, mark: string): SealedHeader {
  const salt = randomBytes(24).toString('base64url')
  const { fingerprint: keyFingerprint } = seal
  return { wisp: 'sealed-backup', format: 1, createdAt: createdAt.toISOString(), keyFingerprint, salt, mark }
}

/** Encrypts what is written to it. */
export function sealingStream(seal: Seal, header: SealedHeader): Transform {
  const line = JSON.stringify(header)
  const key = keyOf(seal, line, header)!
  let number = 0
  let rest: Buffer = Buffer.alloc(0)
  const piece = (content: Buffer, isLast: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, isLast))
    return Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()])
  }
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      // One piece stays here, because the last one is another.
      while (rest.length > pieceBytes) {
        this.push(piece(rest.subarray(0, pieceBytes), false))
        rest = rest.subarray(pieceBytes)
      }
      done()
    },
    flush(done) {
      this.push(piece(rest, true))
      done()
    },
  })
  stream.push(`${line}\n`)
  return stream
}

/** The bytes of a backup, decrypted where they are encrypted. Throws BackupError. */
export function unsealed(file: string, source: AsyncIterable<Buffer>, seal: Seal | undefined): Readable {
  return Readable.from(unseal(file, source, seal), { objectMode: false })
}

async function* unseal(
  file: string,
  source: AsyncIterable<Buffer>,
  seal: Seal | undefined,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let key: Buffer | undefined
  let number = 0
  let isPlain = false
  const whole = pieceBytes + tagBytes
  for await (const chunk of source) {
    if (isPlain) {
      yield chunk
      continue
    }
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (!key) {
      const found = beginOf(file, rest, seal)
      if (found === 'more') continue
      if (found === 'plain') {
        isPlain = true
        yield rest
        continue
      }
      key = found.key
      rest = rest.subarray(found.length)
    }
    for (; rest.length > whole; rest = rest.subarray(whole))
      yield open(file, key, number++, rest.subarray(0, whole), false)
  }
  if (isPlain) return
  if (key) yield open(file, key, number, rest, true)
  else if (rest.length > 0) {
    if (isSealedStart(rest)) throw cut(file)
    yield rest
  }
}

function open(file: string, key: Buffer, number: number, piece: Buffer, isLast: boolean): Buffer {
  if (piece.length < tagBytes) throw cut(file)
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast))
  decipher.setAuthTag(piece.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(piece.subarray(0, -tagBytes)), decipher.final()])
  } catch {
    throw isLast ? cutOrChanged(file) : changed(file)
  }
}

type Begin = 'more' | 'plain' | { key: Buffer; length: number }

function beginOf(file: string, bytes: Buffer, seal: Seal | undefined): Begin {
  if (!isSealedStart(bytes)) return 'plain'
  const at = bytes.indexOf('\n')
  if (at < 0 && bytes.length <= headerAtMost) return 'more'
  const line = at < 0 ? '' : bytes.subarray(0, at).toString('utf8')
  const header = readSealedHeader(line)
  if (!header) throw changed(file)
  if (header.format !== 1)
    throw new BackupError(
      `${file} 的格式 ${header.format} 不认识：它由更新的 wisp 写成`,
      `${file} has the unknown format ${header.format}: a newer wisp wrote it`,
    )
  const key = seal && keyOf(seal, line, header)
  if (!key) throw otherKey(file, header.keyFingerprint, seal?.fingerprint)
  return { key, length: at + 1 }
}

/** As far as there are bytes, they are those of an encrypted backup. */
function isSealedStart(bytes: Buffer): boolean {
  const start = bytes.subarray(0, sealedStart.length).toString('latin1')
  return start.length > 0 && sealedStart.startsWith(start)
}

/** Reads the first line; undefined when it is no encrypted backup's. */
export function readSealedHeader(line: string): SealedHeader | undefined {
  if (!line.startsWith(sealedStart)) return undefined
  try {
    const header = JSON.parse(line) as SealedHeader
    const texts = [header.createdAt, header.keyFingerprint, header.salt, header.mark]
    return texts.every(one => typeof one === 'string') ? header : undefined
  } catch {
    return undefined
  }
}

function keyOf(seal: Seal, line: string, { keyFingerprint }: SealedHeader): Buffer | undefined {
  return seal.keyFor(purpose, line, keyFingerprint)
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 3)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function cut(file: string): BackupError {
  return new BackupError(`${file} 不完整：文件被截断`, `${file} is incomplete: it was cut off`)
}

function changed(file: string): BackupError {
  return new BackupError(`${file} 已损坏或被改动`, `${file} is damaged, or was changed`)
}

function cutOrChanged(file: string): BackupError {
  return new BackupError(
    `${file} 不完整：文件被截断，或结尾被改动`,
    `${file} is incomplete: it was cut off, or its end was changed`,
  )
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
