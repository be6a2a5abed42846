import { sql } from 'kysely'
import type { Scope } from '../../platform/http/scope.ts'
import { enqueueFrom } from '../../platform/queue/queue-store.ts'
import { notify } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'

/**
 * Something that became true. `devId`: the only developer who is told; '' where those are who may use the official account
 * `account`. `entity`: what it is about; events of one entity are told in order. `data` names what is read when it is told.
 */
export type NewEvent = {
  corpId: string
  devId: string
  account?: string
  type: string
  /** That a developer needs to be told. */
  scope: Scope | undefined
  entity: string
  data: object
}

/**
 * Stores an event for developers in the transaction that makes it true, if any developer may be told of it. It gets its number
 * soon after. Call it at the end of the transaction, because others that store events of the corp wait for its commit.
 */
export async function tellDevelopers(tx: Db, events: readonly NewEvent[], at: Date): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ account = '', scope, ...event }, n) => ({
    ...event,
    account,
    n,
    scopes: ['webhook:manage', ...(scope ? [scope] : [])],
  }))
  await sql`
    with put as (
      insert into event_outbox (corp_id, dev_id, account, type, entity, data, at)
      select "corpId", "devId", account, type, entity, data, ${at}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("corpId" text, "devId" text, account text,
        type text, entity text, data jsonb, n int, scopes text[])
      where exists (select from developer d where d.corp_id = "corpId" and d.enabled and d.scopes @> row.scopes
        and ("devId" = d.dev_id or account <> '' and (d.accounts is null or account = any(d.accounts))))
      order by n
      returning corp_id
    ), task as (select distinct corp_id, 'events' as stream, '' as key from put order by 1
    ), due as (${enqueueFrom(sql`select * from task`, at, 0)})
    select ${notify('wisp_queue', sql`stream || ' ' || corp_id || ' ' || key`)} from task`.execute(tx)
}

export async function countOutbox(db: Db): Promise<number> {
  const found = await sql<{ n: number }>`select count(*)::int as n from event_outbox`.execute(db)
  return found.rows[0]?.n ?? 0
}
