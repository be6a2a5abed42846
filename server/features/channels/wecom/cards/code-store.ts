import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'
import { deleteSome } from '../../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../../platform/storage/retention.ts'

/** `partId`: the call whose receivers' cards it changes. `person`: whose press brought it, and whose card it changes. */
export type NewCode = {
  corpId: string
  messageId: string
  partId: number | null
  person: string | null
  code: string
  expiresAt: Date
}

export async function putCodes(tx: Db, codes: readonly NewCode[]): Promise<void> {
  if (codes.length === 0) return
  await sql`
    insert into card_code (corp_id, message_id, part_id, person, code, expires_at)
    select "corpId", "messageId", "partId", person, code, "expiresAt"
    from jsonb_to_recordset(${JSON.stringify(codes)}::jsonb) as row("corpId" text, "messageId" text, "partId" bigint,
      person text, code text, "expiresAt" timestamptz)
    on conflict (corp_id, part_id) where part_id is not null do nothing`.execute(tx)
}

export type Code = {
  id: number
  messageId: string
  partId: number | null
  person: string | null
  code: string
  state: 'free' | 'claimed' | 'used' | 'dead'
  claimedUntil: Date | null
  expiresAt: Date
}

const columns = sql`id, message_id as "messageId", part_id as "partId", person, code, state,
  claimed_until as "claimedUntil", expires_at as "expiresAt"`

/** All codes of these messages, the oldest first, locked against other updates until the transaction ends. */
export async function lockCodes(tx: Db, corpId: string, messageIds: readonly string[]): Promise<Code[]> {
  const { rows } = await sql<Code>`
    select ${columns} from card_code where corp_id = ${corpId} and message_id = any(${messageIds}::text[])
    order by id for no key update`.execute(tx)
  return rows
}

export async function codesOf(db: Db, corpId: string, messageIds: readonly string[]): Promise<Code[]> {
  const { rows } = await sql<Code>`
    select ${columns} from card_code where corp_id = ${corpId} and message_id = any(${messageIds}::text[])
    order by id`.execute(db)
  return rows
}

export async function claimCodes(tx: Db, corpId: string, ids: readonly number[], until: Date): Promise<void> {
  await sql`
    update card_code set state = 'claimed', claimed_until = ${until}
    where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(tx)
}

export async function endCode(
  db: Db,
  corpId: string,
  id: number,
  state: 'free' | 'used' | 'dead',
): Promise<void> {
  await db
    .updateTable('card_code')
    .set({ state, claimed_until: null })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .execute()
}

export async function pruneCodes(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'card_code', sql`expires_at < ${before}`, atMost)
}
