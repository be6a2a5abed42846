import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** Whose sign-in to which app a card asks about; there is one at a time. */
export type CardKey = { corpId: string; appId: string; memberId: number }

/** `used`: it let one bind in, and lets no other in. */
export type CardState = 'asked' | 'allowed' | 'refused' | 'used'

const goodMs = 120_000

/** How long a card waits for a press, and a press for the bind that asked; also for a clock that is a little behind. */
const isGood = (at: Date) =>
  sql<boolean>`ldap_card.changed_at between ${new Date(at.getTime() - goodMs)} and ${new Date(at.getTime() + goodMs)}`

/** The card that is waited for, or whose yes nobody used yet; otherwise a new one with this id. */
export async function openCard(
  db: Db,
  { corpId, appId, memberId }: CardKey,
  id: string,
  at: Date,
): Promise<{ id: string; isNew: boolean }> {
  const { rows } = await sql<{ id: string }>`
    insert into ldap_card (corp_id, app_id, member_id, id, state, changed_at)
    values (${corpId}, ${appId}, ${memberId}, ${id}, 'asked', ${at})
    on conflict (corp_id, app_id, member_id) do update
      set id = excluded.id, state = excluded.state, changed_at = excluded.changed_at
      where ldap_card.state not in ('asked', 'allowed') or not ${isGood(at)}
    returning id`.execute(db)
  if (rows[0]) return { id, isNew: true }
  const open = await db
    .selectFrom('ldap_card')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .where('member_id', '=', memberId)
    .executeTakeFirst()
  return { id: open?.id ?? id, isNew: false }
}

/** What became of a card; `taken` where it allows, and this is the bind that it lets in. */
export async function takeAnswer(
  db: Db,
  corpId: string,
  id: string,
  at: Date,
): Promise<CardState | 'taken' | undefined> {
  const own = sql`ldap_card.corp_id = ${corpId} and ldap_card.id = ${id}`
  const { rows } = await sql<{ state: CardState | 'taken' }>`
    with taken as (
      update ldap_card set state = 'used', changed_at = ${at}
      where ${own} and state = 'allowed' and ${isGood(at)} returning id
    )
    select case when exists (select from taken) then 'taken' else state end as state
    from ldap_card where ${own}`.execute(db)
  return rows[0]?.state
}

/** Whether the card still waited for its person. */
export async function decideCard(
  tx: Db,
  { corpId, id, memberId }: { corpId: string; id: string; memberId: number },
  state: 'allowed' | 'refused',
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update ldap_card set state = ${state}, changed_at = ${at}
    where corp_id = ${corpId} and id = ${id} and member_id = ${memberId} and state = 'asked' and ${isGood(at)}
    returning id`.execute(tx)
  return rows.length > 0
}

export async function pruneCards(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'ldap_card', sql`changed_at < ${before}`, atMost)
}
