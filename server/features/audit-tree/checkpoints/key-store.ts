import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

type KeyRow = { name: string; privateKey: string; publicKey: Buffer }

/** Only if there is none: two nodes may want the first one at the same time. */
export async function insertKey(db: Db, { name, privateKey, publicKey }: KeyRow): Promise<void> {
  await sql`
    insert into audit_key (number, name, private_key, public_key) overriding system value
    values (1, ${name}, ${privateKey}, ${publicKey}) on conflict do nothing`.execute(db)
}

export async function readKey(db: Db): Promise<KeyRow | undefined> {
  return db
    .selectFrom('audit_key')
    .select(['name', 'private_key as privateKey', 'public_key as publicKey'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}
