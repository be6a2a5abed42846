import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

export type SelectedOptions = readonly { questionKey: string; optionIds: readonly string[] }[]

export type PressRow = {
  id: number
  messageId: string
  asked: string
  memberId: number | null
  userId: string
  userKey: string
  key: string
  cardType: string
  selected: SelectedOptions
  isMenu: boolean
  accepted: boolean
  pressedAt: Date
}

type NewPress = Omit<PressRow, 'id'> & { corpId: string; receivedAt: Date }

const columns = sql`id, message_id as "messageId", asked, member_id as "memberId", user_id as "userId", user_key as "userKey",
  key, card_type as "cardType", selected, is_menu as "isMenu", accepted, pressed_at as "pressedAt"`

export async function putPress(tx: Db, press: NewPress): Promise<number> {
  const { id } = await tx
    .insertInto('card_press')
    .values({
      corp_id: press.corpId,
      message_id: press.messageId,
      asked: press.asked,
      member_id: press.memberId,
      user_id: press.userId,
      user_key: press.userKey,
      key: press.key,
      card_type: press.cardType,
      selected: JSON.stringify(press.selected),
      is_menu: press.isMenu,
      accepted: press.accepted,
      pressed_at: press.pressedAt,
      received_at: press.receivedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function pressesById(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, PressRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<PressRow>`
    select ${columns} from card_press where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(db)
  return new Map(rows.map(row => [row.id, row]))
}

/** A person is the member, or the userid where the address book knew none. */
const person = sql`coalesce('m' || member_id, 'u' || user_key)`

/**
 * The newest answer of each person, the newest first. An answer that counts comes before one that was given after the first press had
 * ended it.
 */
export async function newestAnswers(
  db: Db,
  { corpId, messageId: asked }: { corpId: string; messageId: string },
  isMenu: boolean,
): Promise<PressRow[]> {
  const { rows } = await sql<PressRow>`
    select * from (
      select distinct on (${person}) ${columns} from card_press
      where corp_id = ${corpId} and asked = ${asked} and is_menu = ${isMenu}
      order by ${person}, accepted desc, pressed_at desc, id desc) as newest
    order by "pressedAt" desc, id desc`.execute(db)
  return rows
}

export type KnownMember = { id: number; name: string }

/**
 * Whom WeCom means by a userid: who has it now, or had it within the last 30 days. Somebody who left is still known, by the row that
 * stays.
 */
export async function memberOf(
  db: Db,
  corpId: string,
  userKey: string,
  at: Date,
): Promise<KnownMember | undefined> {
  const { rows } = await sql<KnownMember>`
    select id, name from (
      select id, name, case when left_at is null then 1 else 3 end as turn, left_at from member
      where corp_id = ${corpId} and user_key = ${userKey}
      union all
      select m.id, m.name, 2, m.left_at from member_alias a join member m on m.id = a.member_id and m.corp_id = a.corp_id
      where a.corp_id = ${corpId} and a.user_key = ${userKey} and a.expires_at > ${at}
    ) as known order by turn, left_at desc limit 1`.execute(db)
  return rows[0]
}
