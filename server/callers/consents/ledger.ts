import { createHash } from 'node:crypto'
import type { Db } from '../../platform/storage/db.ts'
import {
  type ConsentKey,
  type EarlierConsent,
  endConsent,
  endConsentsOf,
  insertConsent,
  insertEarlier,
} from './store.ts'

/** What the page said that a person agreed to: whose data it gives to whom, and which. */
export type ConsentText = { name: string; claims: readonly string[]; relation: string; notice: string }

/** SHA-256 of the text in one fixed form, so that two texts that say the same are one version. */
export function hashOfText({ name, claims, relation, notice }: ConsentText): string {
  return createHash('sha256')
    .update(JSON.stringify([name, [...claims], relation, notice]))
    .digest('hex')
}

/** Notes in the transaction that gives the consent. */
export async function noteConsent(tx: Db, key: ConsentKey, text: ConsentText, givenAt: Date): Promise<void> {
  const said = { name: text.name, claims: [...text.claims] }
  await insertConsent(tx, key, { textHash: hashOfText(text), said, how: 'page', givenAt })
}

export async function noteWithdrawal(tx: Db, key: ConsentKey, at: Date): Promise<void> {
  await endConsent(tx, key, { at, how: 'portal' })
}

/** Notes what was given before there was a ledger; what it has already stays as it is. */
export async function noteEarlier(
  tx: Db,
  corpId: string,
  consents: readonly EarlierConsent[],
): Promise<void> {
  await insertEarlier(tx, corpId, consents)
}

/** With the person, what they agreed to is over; that they had agreed stays. */
export async function noteErased(tx: Db, corpId: string, memberId: number, at: Date): Promise<void> {
  await endConsentsOf(tx, corpId, memberId, { at, how: 'erased' })
}
