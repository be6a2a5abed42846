import type { Db } from '../../../../platform/storage/db.ts'

/** A key as DKIM knows it. `sealed`: the private key. `usedSince`: undefined until mail is signed with it. */
export type MailKey = {
  selector: string
  domain: string
  sealed: string
  publicKey: string
  madeAt: Date
  usedSince: Date | undefined
}

/** Returns the mail keys of all corps, or of one, oldest first. */
export async function readKeys(db: Db, corpId: string | undefined): Promise<Map<string, MailKey[]>> {
  const rows = await db
    .selectFrom('mail_key')
    .selectAll()
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId ?? ''))
    .orderBy('made_at')
    .execute()
  const keys = new Map<string, MailKey[]>()
  for (const row of rows)
    keys
      .getOrInsertComputed(row.corp_id, () => [])
      .push({
        selector: row.selector,
        domain: row.domain,
        sealed: row.private_key,
        publicKey: row.public_key,
        madeAt: row.made_at,
        usedSince: row.used_since ?? undefined,
      })
  return keys
}

export async function insertKey(tx: Db, corpId: string, key: MailKey): Promise<void> {
  await tx
    .insertInto('mail_key')
    .values({
      corp_id: corpId,
      selector: key.selector,
      domain: key.domain,
      private_key: key.sealed,
      public_key: key.publicKey,
      made_at: key.madeAt,
    })
    .execute()
}

/** Signs with this key and deletes all others. Returns whether it was there. */
export async function useOnly(tx: Db, corpId: string, selector: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('mail_key')
    .set({ used_since: at })
    .where('corp_id', '=', corpId)
    .where('selector', '=', selector)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return false
  await tx.deleteFrom('mail_key').where('corp_id', '=', corpId).where('selector', '!=', selector).execute()
  return true
}

export async function deleteKey(tx: Db, corpId: string, selector: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('mail_key')
    .where('corp_id', '=', corpId)
    .where('selector', '=', selector)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
