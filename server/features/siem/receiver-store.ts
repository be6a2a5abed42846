import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { Format } from './formats/render.ts'
import type { FrameKind } from './formats/syslog.ts'
import type { Transport } from './transport/send.ts'

/** What people set. Keys are sealed. */
export type ReceiverSettings = {
  name: string
  transport: Transport
  address: string
  format: Format
  framing: FrameKind
  language: 'zh' | 'en'
  pen: number
  ca: string | null
  certificate: string | null
  privateKey: string | null
  authorization: string | null
  isOn: boolean
}

/** `corpId` is '' for the installation. */
export type Receiver = ReceiverSettings & {
  id: string
  corpId: string
  since: Date
  nextIndex: number
  lastFrom: number | null
  sentAt: Date | null
  tries: number
  failingSince: Date | null
  failure: string | null
}

export const receiverColumns = [
  'id',
  sql<string>`coalesce(corp_id, '')`.as('corpId'),
  'name',
  'transport',
  'address',
  'format',
  'framing',
  'language',
  'pen',
  'ca',
  'certificate',
  'private_key as privateKey',
  'authorization_header as authorization',
  'is_on as isOn',
  'since',
  'next_index as nextIndex',
  'last_from as lastFrom',
  'sent_at as sentAt',
  'tries',
  'failing_since as failingSince',
  'failure',
] as const

/** How far a receiver is behind: entries that wait, and since when the first of them does. */
export type Behind = { waiting: number; waitingSince: Date | null }

/** Returns the receivers of a corp, or of the installation (''), by name. */
export async function receiversOf(db: Db, corpId: string): Promise<(Receiver & Behind)[]> {
  return db
    .selectFrom('siem_receiver')
    .select(receiverColumns)
    .select([
      sql<number>`greatest(coalesce((select size from audit_tree where tree = ${corpId}), 0) - next_index, 0)`.as(
        'waiting',
      ),
      sql<Date | null>`(select greatest(entered_at, since) from audit_leaf where tree = ${corpId} and index = next_index)`.as(
        'waitingSince',
      ),
    ])
    .where('corp_id', 'is not distinct from', corpId || null)
    .orderBy('name')
    .execute()
}

/** Locked until the transaction ends. */
export async function lockReceiver(tx: Db, corpId: string, id: string): Promise<Receiver | undefined> {
  return tx
    .selectFrom('siem_receiver')
    .select(receiverColumns)
    .where('id', '=', id)
    .where('corp_id', 'is not distinct from', corpId || null)
    .forUpdate()
    .executeTakeFirst()
}

/** Two people who add a receiver do it one after the other. */
export async function lockOwner(tx: Db, corpId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('wisp siem ' || ${corpId}))`.execute(tx)
}

/** It begins with what happens from now on, or with all that is kept. */
export async function insertReceiver(
  tx: Db,
  {
    id,
    corpId,
    at,
    fromStart,
    ...settings
  }: ReceiverSettings & { id: string; corpId: string; at: Date; fromStart: boolean },
): Promise<void> {
  await tx
    .insertInto('siem_receiver')
    .values({
      ...columnsOf(settings),
      id,
      corp_id: corpId || null,
      made_at: at,
      since: at,
      next_at: at,
      next_index: fromStart
        ? 0
        : sql<number>`coalesce((select size from audit_tree where tree = ${corpId}), 0)`,
    } as never)
    .execute()
}

/** Sends at once what waits for it. `isSwitchedOn`: what waited before does not make it late. */
export async function updateReceiver(
  tx: Db,
  id: string,
  change: Partial<ReceiverSettings>,
  { at, isSwitchedOn }: { at: Date; isSwitchedOn: boolean },
): Promise<void> {
  await tx
    .updateTable('siem_receiver')
    .set({
      ...columnsOf(change),
      next_at: at,
      tries: 0,
      ...(isSwitchedOn ? { since: at, failing_since: null, failure: null } : {}),
    } as never)
    .where('id', '=', id)
    .execute()
}

export async function deleteReceiver(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('siem_receiver').where('id', '=', id).execute()
}

function columnsOf({ privateKey, authorization, isOn, ...same }: Partial<ReceiverSettings>): object {
  return {
    ...same,
    ...(privateKey === undefined ? {} : { private_key: privateKey }),
    ...(authorization === undefined ? {} : { authorization_header: authorization }),
    ...(isOn === undefined ? {} : { is_on: isOn }),
  }
}
