import { sql } from 'kysely'
import type { Db } from '../../../../server/platform/storage/db.ts'

// The history of the demo lies in the past, where no feature writes. What is here moves rows that features have
// written to earlier times, or repeats them there, and makes up none.

const ago = (days: number) => sql`make_interval(secs => ${Math.round(days * 86_400)})`

export type Person = { userId: string; name: string; mobile: string; email: string }

/** Active members who can be reached in every way: 张三, 李四 and others in the order in which they came. */
export async function reachablePeople(db: Db, corpId: string, atMost: number): Promise<Person[]> {
  return db
    .selectFrom('member')
    .select(['user_id as userId', 'name', 'mobile', 'email'])
    .where('corp_id', '=', corpId)
    .where('left_at', 'is', null)
    .where('status', '=', 1)
    .where('mobile', '<>', '')
    .where('email', '<>', '')
    .orderBy(sql`array_position(array['zhangsan', 'lisi'], user_key)`)
    .orderBy('id')
    .limit(atMost)
    .execute()
}

/** Active members, of whom WeCom may keep mobiles and mail addresses to itself. */
export async function firstMembers(db: Db, corpId: string, atMost: number): Promise<Person[]> {
  return db
    .selectFrom('member')
    .select(['user_id as userId', 'name', 'mobile', 'email'])
    .where('corp_id', '=', corpId)
    .where('left_at', 'is', null)
    .where('status', '=', 1)
    .orderBy('id')
    .limit(atMost)
    .execute()
}

const madeAt = {
  announcement: 'created_at',
  message: 'created_at',
  sync_run: 'created_at',
  pay_bill: 'created_at',
  official_rule: 'created_at',
  official_quick_reply: 'created_at',
  sign_in_log: 'at',
  todo_delegation: 'created_at',
  todo_unrecognised: 'first_at',
} as const

/** Whether the corp has something of this kind, made before the day if there is one. */
export async function isThere(
  db: Db,
  kind: keyof typeof madeAt,
  corpId: string,
  before?: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ${sql.table(kind)} where corp_id = ${corpId}
      and ${before ? sql`${sql.ref(madeAt[kind])} < ${before}` : sql`true`} limit 1`.execute(db)
  return rows.length > 0
}

/** Whether anything of the message still is on its way. */
export async function isOpen(db: Db, messageId: string): Promise<boolean> {
  const part = await db
    .selectFrom('message_part')
    .select('id')
    .where('message_id', '=', messageId)
    .where('state', 'in', ['waiting', 'sending', 'asking'])
    .executeTakeFirst()
  return part !== undefined
}

export async function isRecalled(db: Db, messageId: string): Promise<boolean> {
  const message = await db
    .selectFrom('message')
    .select('recalled_at as recalledAt')
    .where('id', '=', messageId)
    .executeTakeFirst()
  return message?.recalledAt != null
}

/** When a message is repeated: `from` is the one that was sent, `id` the new one's. */
export type Repetition = { from: string; id: string; at: Date }

/** Repeats messages at earlier times, with their parts, attempts and results. */
export async function repeatMessages(tx: Db, repetitions: readonly Repetition[]): Promise<void> {
  const plan = sql`
    plan as (select p."from", p.id as new_id, m.created_at - p.at as shift
      from jsonb_to_recordset(${JSON.stringify(repetitions)}::jsonb) as p("from" text, id text, at timestamptz)
      join message m on m.id = p."from")`
  await sql`
    with ${plan}
    insert into message select row.* from message m join plan on plan."from" = m.id
      cross join lateral jsonb_populate_record(m, jsonb_build_object('id', plan.new_id, 'request_id', null,
        'request_hash', null, 'created_at', m.created_at - plan.shift, 'recalled_at', m.recalled_at - plan.shift)) as row`.execute(
    tx,
  )
  await sql`
    with ${plan}, part as materialized (
      select p.id, plan.new_id as message_id, plan.shift,
        nextval(pg_get_serial_sequence('message_part', 'id')) as new_id
      from message_part p join plan on plan."from" = p.message_id
    ), parts as (
      insert into message_part overriding system value
      select row.* from message_part p join part on part.id = p.id
        cross join lateral jsonb_populate_record(p, jsonb_build_object('id', part.new_id, 'message_id', part.message_id,
          'next_attempt_at', p.next_attempt_at - part.shift, 'finished_at', p.finished_at - part.shift,
          'recalled_at', p.recalled_at - part.shift, 'unsure_since', p.unsure_since - part.shift)) as row
    ), attempts as (
      insert into message_attempt
      select row.* from message_attempt a join part on part.id = a.part_id
        cross join lateral jsonb_populate_record(a, jsonb_build_object('part_id', part.new_id, 'at', a.at - part.shift)) as row
    )
    insert into message_result
    select row.* from message_result r join plan on plan."from" = r.message_id
      left join part on part.id = r.part_id and part.message_id = plan.new_id
      cross join lateral jsonb_populate_record(r, jsonb_build_object('message_id', plan.new_id, 'part_id', part.new_id,
        'at', r.at - plan.shift)) as row`.execute(tx)
  await countAgain(tx)
}

/** How many each corp accepted on each day. */
async function countAgain(tx: Db): Promise<void> {
  await sql`
    insert into corp_message_day (corp_id, day, messages)
    select corp_id, (created_at at time zone 'Asia/Shanghai')::date, count(*) from message group by 1, 2
    on conflict (corp_id, day) do update set messages = excluded.messages`.execute(tx)
}

/** Messages were sent so many minutes earlier. */
export async function moveMessages(
  tx: Db,
  messages: readonly { id: string; minutes: number }[],
): Promise<void> {
  const moved = sql`
    moved as (select row.id, make_interval(mins => row.minutes) as back
      from jsonb_to_recordset(${JSON.stringify(messages)}::jsonb) as row(id text, minutes int))`
  await sql`
    with ${moved}
    update message_attempt a set at = at - back from moved join message_part p on p.message_id = moved.id
    where a.part_id = p.id`.execute(tx)
  await sql`
    with ${moved}
    update message_result r set at = at - back from moved where r.message_id = moved.id`.execute(tx)
  await sql`
    with ${moved}
    update message_part p set finished_at = finished_at - back, recalled_at = recalled_at - back from moved
    where p.message_id = moved.id`.execute(tx)
  await sql`
    with ${moved}
    update message m set created_at = created_at - back, recalled_at = recalled_at - back from moved
    where m.id = moved.id`.execute(tx)
  await countAgain(tx)
}

/** The corp was connected, its developers and apps were added, so many days earlier. */
export async function moveBeginning(tx: Db, corpId: string, actor: string, days: number): Promise<void> {
  await sql`
    with first as (
      update sync_run set created_at = created_at - ${ago(days)}, started_at = started_at - ${ago(days)},
        updated_at = updated_at - ${ago(days)}, finished_at = finished_at - ${ago(days)}
      where corp_id = ${corpId} and first returning started_at + ${ago(days)} as "from", finished_at + ${ago(days)} as "to")
    update directory_change c set at = at - ${ago(days)} from first
    where c.corp_id = ${corpId} and c.at between first."from" and first."to"`.execute(tx)
  await sql`update corp set created_at = created_at - ${ago(days)} where corp_id = ${corpId}`.execute(tx)
  await sql`update developer set created_at = created_at - ${ago(days)} where corp_id = ${corpId}`.execute(tx)
  await sql`update app set created_at = created_at - ${ago(days)} where corp_id = ${corpId}`.execute(tx)
  await sql`
    update audit set at = at - ${ago(days)} where corp_id = ${corpId} and actor = ${actor}`.execute(tx)
}

/** The member changes since `since`, and the callbacks that brought them, happened one after the other over so many days. */
export async function spreadChanges(tx: Db, corpId: string, since: Date, days: number): Promise<void> {
  const back = sql`make_interval(secs => (total - n + 0.3) * ${days * 86_400} / total)`
  await sql`
    with one as (
      select seq, row_number() over (order by seq) as n, count(*) over () as total from directory_change
      where corp_id = ${corpId} and at >= ${since})
    update directory_change c set at = at - ${back} from one where c.corp_id = ${corpId} and c.seq = one.seq`.execute(
    tx,
  )
  await sql`
    with one as (
      select id, row_number() over (order by id) as n, count(*) over () as total from inbox_event
      where corp_id = ${corpId} and stream = 'directory' and state = 'done' and received_at >= ${since})
    update inbox_event e set received_at = received_at - ${back}, next_attempt_at = next_attempt_at - ${back},
      done_at = done_at - ${back} from one where e.id = one.id`.execute(tx)
}

/** A run of the sync happened at each of these times, the earliest first. */
export async function repeatRun(tx: Db, id: number, times: readonly Date[]): Promise<void> {
  const [first, ...others] = times
  if (!first) return
  await sql`
    insert into sync_run overriding system value
    select row.* from sync_run r
      cross join lateral (select at from unnest(${others}::timestamptz[]) as at order by at) t
      cross join lateral jsonb_populate_record(r, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('sync_run', 'id')), 'created_at', t.at,
        'started_at', t.at + (r.started_at - r.created_at), 'updated_at', t.at + (r.updated_at - r.created_at),
        'finished_at', t.at + (r.finished_at - r.created_at))) as row
    where r.id = ${id}`.execute(tx)
  await sql`
    update sync_run set created_at = ${first}, started_at = ${first}::timestamptz + (started_at - created_at),
      updated_at = ${first}::timestamptz + (updated_at - created_at),
      finished_at = ${first}::timestamptz + (finished_at - created_at) where id = ${id}`.execute(tx)
}

/** A developer was added so many days earlier. */
export async function moveDeveloper(tx: Db, devId: string, days: number): Promise<void> {
  await sql`
    update developer set created_at = created_at - ${ago(days)} where dev_id = ${devId}`.execute(tx)
  await sql`
    update developer_secret set created_at = created_at - ${ago(days)} where dev_id = ${devId}`.execute(tx)
}

/** Bills were made so many days earlier; what became of them came some hours after that, but for refunds that are under way. */
export async function moveBills(
  tx: Db,
  of: { corpId: string; devId: string },
  bills: readonly { billNo: string; days: number }[],
): Promise<void> {
  const later = sql`(shift.ago - interval '5 hours')`
  await sql`
    with shift as (
      select b.id, make_interval(days => row.days) as ago
      from jsonb_to_recordset(${JSON.stringify(bills)}::jsonb) as row("billNo" text, days int)
        join pay_bill b on b.corp_id = ${of.corpId} and b.dev_id = ${of.devId} and b.bill_no = row."billNo"),
    moved as (
      update pay_bill b set created_at = created_at - shift.ago, paid_at = paid_at - ${later}
      from shift where b.corp_id = ${of.corpId} and b.id = shift.id),
    events as (
      update pay_bill_event e set at = at - case e.kind when 'created' then shift.ago else ${later} end
      from shift where e.corp_id = ${of.corpId} and e.bill_id = shift.id and not exists (
        select from pay_refund r where e.kind like 'refund%' and r.corp_id = e.corp_id and r.bill_id = e.bill_id
          and r.ended_at is null)),
    orders as (
      update pay_order o set created_at = o.created_at - ${later}, paid_at = o.paid_at - ${later}
      from shift join pay_order_bill ob on ob.corp_id = ${of.corpId} and ob.bill_id = shift.id
      where o.corp_id = ${of.corpId} and o.id = ob.order_id)
    update pay_refund r set created_at = r.created_at - ${later}, ended_at = r.ended_at - ${later}
    from shift where r.corp_id = ${of.corpId} and r.bill_id = shift.id and r.ended_at is not null`.execute(tx)
}

type Conversation = { corpId: string; originalId: string; openid: string }

/** How much a follower has said so far. */
export async function saidBy(db: Db, { corpId, originalId, openid }: Conversation): Promise<number> {
  const { said } = await db
    .selectFrom('official_talk')
    .select(select => select.fn.countAll<number>().as('said'))
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('openid', '=', openid)
    .where('is_from_follower', '=', true)
    .executeTakeFirstOrThrow()
  return Number(said)
}

/** All that was said with a follower so far was said so many days earlier. */
export async function moveConversation(tx: Db, of: Conversation, days: number): Promise<void> {
  const { corpId, originalId, openid } = of
  const which = sql`corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid}`
  // First the follower, as a push does, so that the two cannot deadlock.
  await sql`
    update official_follower set subscribed_at = subscribed_at - ${ago(days)} where ${which}`.execute(tx)
  await sql`update official_talk set at = at - ${ago(days)} where ${which}`.execute(tx)
  await sql`
    update official_conversation set last_at = last_at - ${ago(days)},
      unanswered_since = unanswered_since - ${ago(days)}, closed_at = closed_at - ${ago(days)} where ${which}`.execute(
    tx,
  )
  await sql`update official_window set opened_at = opened_at - ${ago(days)} where ${which}`.execute(tx)
}

/** A follower came, left and said what they said so many days earlier. */
export async function moveFollower(db: Db, of: Conversation, days: number): Promise<void> {
  const { corpId, originalId, openid } = of
  await db.transaction().execute(async tx => {
    await moveConversation(tx, of, days)
    await sql`
      update official_follower set unsubscribed_at = unsubscribed_at - ${ago(days)}
      where corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid}`.execute(tx)
  })
}

/** Whether WeChat has been asked about all of them. */
export async function areRead(db: Db, corpId: string, openids: readonly string[]): Promise<boolean> {
  const read = await db
    .selectFrom('official_follower')
    .select('openid')
    .where('corp_id', '=', corpId)
    .where('openid', 'in', openids)
    .where('read_at', 'is not', null)
    .execute()
  return read.length === openids.length
}

export async function hasFollowersSince(db: Db, corpId: string, since: Date): Promise<boolean> {
  const follower = await db
    .selectFrom('official_follower')
    .select('openid')
    .where('corp_id', '=', corpId)
    .where('subscribed_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return follower !== undefined
}

/** How many changes of members the feed has since then. */
export async function changesSince(db: Db, corpId: string, since: Date): Promise<number> {
  const { changes } = await db
    .selectFrom('directory_change')
    .select(select => select.fn.countAll<number>().as('changes'))
    .where('corp_id', '=', corpId)
    .where('kind', '=', 'member')
    .where('at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(changes)
}
