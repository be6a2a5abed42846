import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../../platform/storage/retention.ts'
import type { TemplateKind } from '../../../../upstream/official/calls/templates.ts'
import type { SendReason } from '../../sends/reason.ts'

type AccountKey = { corpId: string; originalId: string }

export type SendOrigin = 'api' | 'test' | 'message'
export type SendState = 'sending' | 'sent' | 'failed' | 'unknown'

export type NewTemplateSend = {
  openid: string
  templateId: string
  kind: TemplateKind
  origin: SendOrigin
  originKey: string
  requestHash: string | null
  memberId: number | null
}

/** `triedAt` is since when it may have arrived. */
export type StoredSend = {
  id: number
  state: SendState
  msgId: string | null
  requestHash: string | null
  triedAt: Date
}

const columns = sql.raw('id, state, msg_id as "msgId", request_hash as "requestHash", tried_at as "triedAt"')

/** Stores a send that is about to be made; undefined when there is one under its key. */
export async function insertSend(
  db: Db,
  { corpId, originalId }: AccountKey,
  send: NewTemplateSend,
  at: Date,
): Promise<StoredSend | undefined> {
  const { rows } = await sql<StoredSend>`
    insert into official_template_send (corp_id, original_id, openid, template_id, kind, origin, origin_key, request_hash,
      member_id, state, created_at, tried_at)
    values (${corpId}, ${originalId}, ${send.openid}, ${send.templateId}, ${send.kind}, ${send.origin},
      ${send.originKey}, ${send.requestHash}, ${send.memberId}, 'sending', ${at}, ${at})
    on conflict (corp_id, original_id, origin, origin_key) do nothing returning ${columns}`.execute(db)
  return rows[0]
}

export async function findSend(
  db: Db,
  { corpId, originalId }: AccountKey,
  origin: SendOrigin,
  originKey: string,
): Promise<StoredSend | undefined> {
  const { rows } = await sql<StoredSend>`
    select ${columns} from official_template_send
    where corp_id = ${corpId} and original_id = ${originalId} and origin = ${origin}
      and origin_key = ${originKey}`.execute(db)
  return rows[0]
}

/** Resumes a send, unless another node has; receivers whose message certainly did not arrive are due again. */
export async function takeUpSend(
  db: Db,
  { corpId, originalId }: AccountKey,
  { id, state, triedAt }: StoredSend,
  at: Date,
): Promise<boolean> {
  const done = await db
    .updateTable('official_template_send')
    .set({ state: 'sending', ...(state === 'failed' ? { tried_at: at } : {}) })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('id', '=', id)
    .where('state', '=', state)
    .where('tried_at', '=', triedAt)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

export type SendEnd = { state: Exclude<SendState, 'sending'>; msgId?: string; reason?: SendReason }

export async function endSend(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: number,
  { state, msgId, reason }: SendEnd,
): Promise<void> {
  await sql`
    update official_template_send set state = ${state}, msg_id = coalesce(msg_id, ${msgId ?? null}),
      reason = ${reason ? JSON.stringify(reason) : null}::jsonb
    where corp_id = ${corpId} and original_id = ${originalId} and id = ${id}`.execute(db)
}

/** What an event said became of a message. `templateId` is '' where the event does not name it. */
export type NewResult = {
  msgId: string
  openid: string
  kind: TemplateKind
  templateId: string
  status: string
  at: Date
}

/**
 * Keeps results. A 订阅通知 has no id before its event, so the event is that of the oldest message of this template to the
 * follower which has none yet.
 */
export async function putResults(
  db: Db,
  { corpId, originalId }: AccountKey,
  results: readonly NewResult[],
): Promise<void> {
  for (const { msgId, openid, kind, templateId, status, at } of results) {
    await sql`
      insert into official_template_result (corp_id, original_id, msg_id, openid, template_id, status, at)
      values (${corpId}, ${originalId}, ${msgId}, ${openid}, ${templateId}, ${status}, ${at})
      on conflict do nothing`.execute(db)
    if (kind === 'subscribe')
      await sql`
        update official_template_send set msg_id = ${msgId}
        where corp_id = ${corpId} and original_id = ${originalId} and id = (
            select min(id) from official_template_send where corp_id = ${corpId} and original_id = ${originalId}
              and kind = 'subscribe' and openid = ${openid} and template_id = ${templateId} and msg_id is null
              and state <> 'failed')
          and not exists (select 1 from official_template_send where corp_id = ${corpId}
            and original_id = ${originalId} and msg_id = ${msgId})`.execute(db)
  }
}

/** `delivered` and `blocked` are what WeChat's event said. */
export type ShownState = SendState | 'delivered' | 'blocked'

export type ShownSend = {
  id: number
  openid: string
  templateId: string
  kind: TemplateKind
  origin: SendOrigin
  memberName: string | null
  state: ShownState
  reason: SendReason | null
  status: string | null
  createdAt: Date
}

const withResult = sql`
  official_template_send s left join official_template_result r
    on r.corp_id = s.corp_id and r.original_id = s.original_id and r.msg_id = s.msg_id`
const shownState = sql`
  case when r.status = 'success' then 'delivered' when r.status is not null then 'blocked' else s.state end`

/** The newest first. */
export async function listSends(
  db: Db,
  { corpId, originalId }: AccountKey,
  {
    templateId,
    state,
    limit,
    offset,
  }: { templateId?: string; state?: readonly ShownState[]; limit: number; offset: number },
): Promise<{ list: ShownSend[]; total: number }> {
  const matching = sql`
    from ${withResult} left join member m on m.corp_id = s.corp_id and m.id = s.member_id
    where s.corp_id = ${corpId} and s.original_id = ${originalId}
      and ${templateId === undefined ? sql`true` : sql`s.template_id = ${templateId}`}
      and ${state === undefined ? sql`true` : sql`${shownState} = any(${state}::text[])`}`
  const [page, count] = await Promise.all([
    sql<ShownSend>`
      select s.id, s.openid, s.template_id as "templateId", s.kind, s.origin, m.name as "memberName",
        ${shownState} as state, s.reason, r.status, s.created_at as "createdAt"
      ${matching} order by s.id desc limit ${limit} offset ${offset}`.execute(db),
    sql<{ total: number }>`select count(*)::int as total ${matching}`.execute(db),
  ])
  return { list: page.rows, total: count.rows[0]?.total ?? 0 }
}

export type TemplateCount = { templateId: string; state: ShownState; n: number }

export async function countSends(
  db: Db,
  { corpId, originalId }: AccountKey,
  since: Date,
): Promise<TemplateCount[]> {
  const { rows } = await sql<TemplateCount>`
    select s.template_id as "templateId", ${shownState} as state, count(*)::int as n from ${withResult}
    where s.corp_id = ${corpId} and s.original_id = ${originalId} and s.created_at >= ${since}
    group by 1, 2`.execute(db)
  return rows
}

export type MessageResult = { originKey: string; memberId: number; status: string }

/** Takes results of the message centre's messages over: each is given once. */
export async function takeResults(db: Db, corpId: string, limit: number): Promise<MessageResult[]> {
  const { rows } = await sql<MessageResult>`
    update official_template_send s set is_noted = true
    from official_template_result r
    where s.corp_id = ${corpId} and s.origin = 'message' and not s.is_noted
      and r.corp_id = s.corp_id and r.original_id = s.original_id and r.msg_id = s.msg_id
      and s.id = any(array(
        select o.id from official_template_send o join official_template_result x
          on x.corp_id = o.corp_id and x.original_id = o.original_id and x.msg_id = o.msg_id
        where o.corp_id = ${corpId} and o.origin = 'message' and not o.is_noted order by o.id limit ${limit}))
    returning s.origin_key as "originKey", s.member_id as "memberId", r.status`.execute(db)
  return rows
}

/** The corps whose results the message centre has not taken over. */
export async function corpsWithResults(db: Db): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select distinct s.corp_id as "corpId" from official_template_send s
    join official_template_result r on r.corp_id = s.corp_id and r.original_id = s.original_id and r.msg_id = s.msg_id
    where s.origin = 'message' and not s.is_noted`.execute(db)
  return rows.map(row => row.corpId)
}

export async function pruneTemplateSends(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(
    db,
    'official_template_send',
    sql`old.created_at < ${before}`,
    'created_at',
    atMost,
  )
}

export async function pruneResults(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_template_result', sql`old.at < ${before}`, 'at', atMost)
}

export async function pruneTicks(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_tick', sql`old.at < ${before}`, 'at', atMost)
}

/** The openid of a member who follows the account. */
export async function openidOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  memberId: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('official_follower')
    .select('openid')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('member_id', '=', memberId)
    .where('subscribed', '=', true)
    .orderBy('linked_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.openid
}

/** Which of these members follow the account. */
export async function followingOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  memberIds: readonly number[],
): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select distinct member_id as id from official_follower
    where corp_id = ${corpId} and original_id = ${originalId} and subscribed
      and member_id = any(${[...memberIds]}::bigint[])`.execute(db)
  return new Set(rows.map(row => row.id))
}
