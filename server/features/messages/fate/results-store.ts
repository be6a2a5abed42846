import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { type NewEvent, tellDevelopers } from '../../events/outbox-store.ts'
import type { MessageKey } from '../outbox/store.ts'

/** Tells the developers of these messages that something became of them, in the transaction in which it did. */
export async function tellResults(tx: Db, keys: readonly MessageKey[], at: Date): Promise<void> {
  if (keys.length === 0) return
  const once = [...new Map(keys.map(({ corpId, id }) => [`${corpId} ${id}`, { corpId, id }])).values()]
  const { rows: messages } = await sql<MessageKey & { devId: string }>`
    select m.id, m.corp_id as "corpId", m.dev_id as "devId"
    from jsonb_to_recordset(${JSON.stringify(once)}::jsonb) as row("corpId" text, id text)
      join message m on m.corp_id = row."corpId" and m.id = row.id
    where m.dev_id <> '' order by m.id`.execute(tx)
  const events = messages.map(
    ({ id, corpId, devId }): NewEvent => ({
      corpId,
      devId,
      type: 'message.result',
      scope: undefined,
      entity: `message:${id}`,
      data: { msgId: id },
    }),
  )
  await tellDevelopers(tx, events, at)
}
