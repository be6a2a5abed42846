import { randomBytes } from 'node:crypto'
import { leafHash, sha256 } from './merkle.ts'

/**
 * What of a row goes into its leaf, each as the text of a JSON array: `open` are its time, what it was and what came of it, `personal` who and
 * about whom. The leaf has a salted hash of the latter, so that personal fields can be erased and the leaf still be proved.
 */
export type Body = { rowId: string; open: string; personal: string }

export type SealedLeaf = { salt: Buffer; hash: Buffer }

export function newLeaf(body: Pick<Body, 'open' | 'personal'>): SealedLeaf {
  const salt = randomBytes(16)
  return { salt, hash: leafHash(leafData(body.open, hiddenOf(salt, body.personal))) }
}

export const hiddenOf = (salt: Buffer, personal: string): Buffer => sha256(salt, personal)

/** The data of a leaf, as a proof shows it: the open fields, and in a second line the salted hash of the personal ones. */
export const leafData = (open: string, hidden: Buffer): string => `${open}\n${hidden.toString('hex')}`

export const statementHash = (statement: string): Buffer => leafHash(statement)
