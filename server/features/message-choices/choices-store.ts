import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { ChannelName } from '../channels/channels.ts'
import type { QuietHours } from '../message-types/decide/decision.ts'

/** What a person chose for one type. */
export type TypeChoice = {
  /** false: switched on whatever is chosen for all; null: nothing is chosen. */
  isOff: boolean | null
  /** null: the order of the type. */
  channels: ChannelName[] | null
  without: ChannelName[]
  /** `off`, or a time of day such as `18:00`; null: as the type says. */
  digest: string | null
}

/** What a person chose for all types. */
export type ChoiceForAll = { isAllOff: boolean; quietHours: QuietHours | null }

export const noTypeChoice: TypeChoice = { isOff: null, channels: null, without: [], digest: null }
export const noChoiceForAll: ChoiceForAll = { isAllOff: false, quietHours: null }

export type PersonKey = { corpId: string; memberId: number }

const typeColumns = sql`c.is_off as "isOff", c.channels, coalesce(c.without, '{}') as without, c.digest`
const allColumns = sql`coalesce(a.is_all_off, false) as "isAllOff", a.quiet_hours as "quietHours"`

export type ChosenRow = TypeChoice & ChoiceForAll & { memberId: number }

/** What these persons chose for the type and for all; those who chose nothing are absent. */
export async function chosenBy(
  db: Db,
  corpId: string,
  typeKey: string,
  memberIds: readonly number[],
): Promise<ChosenRow[]> {
  const { rows } = await sql<ChosenRow>`
    select one.id as "memberId", ${typeColumns}, ${allColumns}
    from unnest(${memberIds}::bigint[]) as one (id)
      left join message_choice c on c.corp_id = ${corpId} and c.member_id = one.id and c.type_key = ${typeKey}
      left join message_choice_all a on a.corp_id = ${corpId} and a.member_id = one.id
    where c.member_id is not null or a.member_id is not null`.execute(db)
  return rows
}

/** All who chose something for the type or for all types, up to `atMost` of them. */
export async function chosenFor(
  db: Db,
  corpId: string,
  typeKey: string,
  atMost: number,
): Promise<ChosenRow[]> {
  const { rows } = await sql<ChosenRow>`
    select coalesce(c.member_id, a.member_id) as "memberId", ${typeColumns}, ${allColumns}
    from (select * from message_choice where corp_id = ${corpId} and type_key = ${typeKey}) as c
      full join (select * from message_choice_all where corp_id = ${corpId}) as a on a.member_id = c.member_id
    limit ${atMost}`.execute(db)
  return rows
}

/** The corps, or the one, in which somebody chose something. */
export async function corpsWithChoices(db: Db, corpId?: string): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select corp_id as "corpId" from corp c
    where ${corpId === undefined ? sql`true` : sql`c.corp_id = ${corpId}`}
      and (exists (select 1 from message_choice o where o.corp_id = c.corp_id)
        or exists (select 1 from message_choice_all o where o.corp_id = c.corp_id))`.execute(db)
  return rows.map(row => row.corpId)
}

/** All that a person chose, by type. */
export async function typeChoicesOf(
  db: Db,
  { corpId, memberId }: PersonKey,
): Promise<Map<string, TypeChoice>> {
  const { rows } = await sql<TypeChoice & { key: string }>`
    select c.type_key as key, ${typeColumns} from message_choice c
    where c.corp_id = ${corpId} and c.member_id = ${memberId}`.execute(db)
  return new Map(rows.map(({ key, ...choice }) => [key, choice]))
}

export async function choiceForAllOf(db: Db, { corpId, memberId }: PersonKey): Promise<ChoiceForAll> {
  const { rows } = await sql<ChoiceForAll>`
    select ${allColumns} from message_choice_all a
    where a.corp_id = ${corpId} and a.member_id = ${memberId}`.execute(db)
  return rows[0] ?? noChoiceForAll
}

/** Locks the person against other changes of their choices until the transaction ends, whether or not they have any. */
export async function lockPerson(tx: Db, { corpId, memberId }: PersonKey): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`message-choice ${corpId} ${memberId}`}, 0))`.execute(
    tx,
  )
}

/** Stores a choice for a type; one that says nothing is deleted. */
export async function putTypeChoice(
  tx: Db,
  { corpId, memberId }: PersonKey,
  key: string,
  { isOff, channels, without, digest }: TypeChoice,
  at: Date,
): Promise<void> {
  const ofType = sql`corp_id = ${corpId} and member_id = ${memberId} and type_key = ${key}`
  if (isOff === null && channels === null && without.length === 0 && digest === null) {
    await sql`delete from message_choice where ${ofType}`.execute(tx)
    return
  }
  await sql`
    insert into message_choice (corp_id, member_id, type_key, is_off, channels, without, digest, changed_at)
    values (${corpId}, ${memberId}, ${key}, ${isOff}, ${channels}::text[], ${without}::text[], ${digest}, ${at})
    on conflict (corp_id, member_id, type_key) do update set is_off = excluded.is_off, channels = excluded.channels,
      without = excluded.without, digest = excluded.digest, changed_at = excluded.changed_at`.execute(tx)
}

/** Stores what is chosen for all; a choice that says nothing is deleted. */
export async function putChoiceForAll(
  tx: Db,
  { corpId, memberId }: PersonKey,
  { isAllOff, quietHours }: ChoiceForAll,
  at: Date,
): Promise<void> {
  if (!isAllOff && quietHours === null) {
    await sql`delete from message_choice_all where corp_id = ${corpId} and member_id = ${memberId}`.execute(
      tx,
    )
    return
  }
  const hours: RawBuilder<unknown> = sql`${quietHours && JSON.stringify(quietHours)}::jsonb`
  await sql`
    insert into message_choice_all (corp_id, member_id, is_all_off, quiet_hours, changed_at)
    values (${corpId}, ${memberId}, ${isAllOff}, ${hours}, ${at})
    on conflict (corp_id, member_id) do update set is_all_off = excluded.is_all_off, quiet_hours = excluded.quiet_hours,
      changed_at = excluded.changed_at`.execute(tx)
}

const mail: ChannelName = 'email'

/** How many persons switched a type off, and how many do not want its mails. */
export async function countChoices(
  db: Db,
  corpId: string,
  key: string,
): Promise<{ off: number; withoutMail: number; allOff: number }> {
  const { rows } = await sql<{ off: number; withoutMail: number; allOff: number }>`
    select count(*) filter (where is_off)::int as off,
      count(*) filter (where is_off is not true and ${mail}::text = any(without))::int as "withoutMail",
      (select count(*)::int from message_choice_all a where a.corp_id = ${corpId} and a.is_all_off) as "allOff"
    from message_choice where corp_id = ${corpId} and type_key = ${key}`.execute(db)
  return rows[0]!
}
