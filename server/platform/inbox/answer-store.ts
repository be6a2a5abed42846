import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import type { NewEvent } from './event-store.ts'

type Delivery = Pick<NewEvent, 'corpId' | 'stream' | 'dedupeKey'>

/**
 * Takes what is to be done once about a stored event for one caller alone, under this name of its answer. False: another delivery
 * of the event, on whichever node, has begun it.
 */
export async function beginPart(db: Db, event: Delivery, name: string, at: Date): Promise<boolean> {
  const { corpId, stream, dedupeKey } = event
  const { rows } = await sql`
    update inbox_event set answer = coalesce(answer, '{}'::jsonb) || jsonb_build_object(${name}::text, jsonb_build_object('at', ${at}::timestamptz))
    where corp_id = ${corpId} and stream = ${stream} and dedupe_key = ${dedupeKey}
      and not jsonb_exists(coalesce(answer, '{}'::jsonb), ${name})
    returning id`.execute(db)
  return rows.length > 0
}

/** Adds to the stored answer of an event, or replaces parts of it. */
export async function putParts(db: Db, event: Delivery, parts: object): Promise<void> {
  const { corpId, stream, dedupeKey } = event
  await sql`
    update inbox_event set answer = coalesce(answer, '{}'::jsonb) || ${JSON.stringify(parts)}::jsonb
    where corp_id = ${corpId} and stream = ${stream} and dedupe_key = ${dedupeKey}`.execute(db)
}
