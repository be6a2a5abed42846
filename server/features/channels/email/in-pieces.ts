import { Readable } from 'node:stream'
import { ownTurn } from '../../../platform/operation/own-turn.ts'

/** Whole lines of base64. */
const pieceBytes = 57 * 1024

/**
 * A part of a mail for nodemailer, which encodes what it is given in one go, and takes tens of milliseconds for a megabyte: a large text
 * or file comes piece by piece, so that others get their turn between them.
 */
export function inPieces<T extends string | Buffer>(content: T): T | Readable {
  const bytes: Buffer = typeof content === 'string' ? Buffer.from(content) : content
  return bytes.length <= pieceBytes ? content : Readable.from(piecesOf(bytes), { objectMode: false })
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await ownTurn()
    yield bytes.subarray(at, at + pieceBytes)
  }
}
