/** Who is told that something became of a message: its developer by an event, its receivers' pages by a signal. */

import { sql } from 'kysely'
import type { Bus } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageKey, MessagePart, PartState } from '../../channels/part.ts'
import { type NewEvent, tellDevelopers } from '../../events/outbox-store.ts'

/**
 * Tells the developers of these messages that something became of them, in the transaction in which it did. What carries one text of a
 * call is told as the message of the call, a digest as those that it lists; one of which something waits still is not told yet, nor one of
 * which another part is still to be sent.
 */
export async function tellResults(tx: Db, keys: readonly MessageKey[], at: Date): Promise<void> {
  if (keys.length === 0) return
  const once = [...new Map(keys.map(({ corpId, id }) => [`${corpId} ${id}`, { corpId, id }])).values()]
  const { rows: messages } = await sql<ToldMessage>`
    select distinct coalesce(m.parent_id, m.id) as id, m.corp_id as "corpId", m.dev_id as "devId",
      m.parent_id is not null or m.children is not null as "isGathered"
    from jsonb_to_recordset(${JSON.stringify(once)}::jsonb) as row("corpId" text, id text)
      left join message_collected c on c.corp_id = row."corpId" and c.digest_message_id = row.id
      join message m on m.corp_id = row."corpId" and m.id = coalesce(c.message_id, row.id)
    where m.dev_id <> ''
    order by 1`.execute(tx)
  const gathered = messages.filter(one => one.isGathered)
  const whole = gathered.length > 0 ? await wholeOf(tx, gathered) : new Set()
  const events = messages.flatMap(({ id, corpId, devId, isGathered }): NewEvent | [] =>
    isGathered && !whole.has(`${corpId} ${id}`)
      ? []
      : {
          corpId,
          devId,
          type: 'message.result',
          scope: undefined,
          entity: `message:${id}`,
          data: { msgId: id },
        },
  )
  await tellDevelopers(tx, events, at)
}

/** `isGathered`: what it says is in parts of other messages, its texts and digests. */
type ToldMessage = MessageKey & { devId: string; isGathered: boolean }

/**
 * Those of these messages of which nothing waits and no part is open. Whoever ends parts or plans of a corp looks one after the other, so that
 * the last sees what all before have ended, and the others see that something is left.
 */
async function wholeOf(tx: Db, messages: readonly MessageKey[]): Promise<Set<string>> {
  const given = sql`jsonb_to_recordset(${JSON.stringify(messages)}::jsonb) as row("corpId" text, id text)`
  await sql`
    select pg_advisory_xact_lock(hashtextextended('message_result ' || "corpId", 0))
    from (select distinct "corpId" from ${given} order by 1) as corps`.execute(tx)
  const { rows } = await sql<{ key: string }>`
    select m.corp_id || ' ' || m.id as key
    from ${given} join message m on m.corp_id = row."corpId" and m.id = row.id
    where not exists (select from message_plan p where p.corp_id = m.corp_id and p.message_id = m.id and p.ended_at is null)
      and not exists (select from message_part t where t.corp_id = m.corp_id and t.message_id = any(m.children)
        and t.state in ('waiting', 'sending', 'asking'))
      and not exists (select from message c where c.corp_id = m.corp_id and c.id = any(m.children) and c.expanded_to is not null)
      and not exists (select from message_collected c
        join message_part t on t.corp_id = c.corp_id and t.message_id = c.digest_message_id
        where c.corp_id = m.corp_id and c.message_id = m.id and t.state in ('waiting', 'sending', 'asking'))`.execute(
    tx,
  )
  return new Set(rows.map(row => row.key))
}

type EndedPart = Pick<MessagePart, 'corpId' | 'memberIds' | 'chunk'> & { state: PartState }

/** A signal carries 8000 bytes; of more receivers than this, everybody in the corp looks again. */
const namedAtMost = 400
const everybody = '*'
const shownStates: readonly PartState[] = ['sent', 'failed', 'unknown']

/** Signals for the receivers of parts that their own list of messages shows from now on, one for each corp. */
export function arrivalsOf(parts: readonly EndedPart[]): string[] {
  const shown = parts.filter(part => part.chunk === 0 && shownStates.includes(part.state))
  return [...Map.groupBy(shown, part => part.corpId)].map(([corpId, own]) => {
    const memberIds = new Set(own.flatMap(part => part.memberIds))
    const isToAll = own.some(part => part.memberIds.length === 0) || memberIds.size > namedAtMost
    return `${corpId} ${isToAll ? everybody : [...memberIds].join()}`
  })
}

/** Calls `onArrival` when messages arrived for these members, or for everyone in the corp (undefined). */
export function followArrivals(
  bus: Bus,
  onArrival: (corpId: string, memberIds: string[] | undefined) => void,
  onGap: () => void,
): Promise<void> {
  return bus.listen(
    'wisp_message',
    payload => {
      const [corpId = '', ids = ''] = payload.split(' ')
      onArrival(corpId, ids === everybody ? undefined : ids.split(','))
    },
    onGap,
  )
}
