import { sql } from 'kysely'
import type { Core } from '../../../../platform/core.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import { deleteSome } from '../../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../../platform/storage/retention.ts'
import { holdPart, type NewPart } from '../../part.ts'
import type { ChatReason } from './reasons.ts'

type Limit = { amount: number; withinMs: number }

const minuteMs = 60_000
const hourMs = 3_600_000
/** WeCom counts a call when it arrives, which may be later than it left. */
const slackMs = 10_000

/**
 * What WeCom takes about group chats (docs/upstream/wecom-group-chats.md#limits), and a little less. A member who gets more than 200
 * messages a minute by one agent loses the rest without a word, in whichever chats they are: so the agent sends no more than that.
 */
const limits = {
  people: [
    { amount: 19_000, withinMs: minuteMs + slackMs },
    { amount: 142_500, withinMs: hourMs + slackMs },
  ],
  agent: [{ amount: 190, withinMs: minuteMs + slackMs }],
  creates: [{ amount: 980, withinMs: 24 * hourMs + slackMs }],
  changes: [{ amount: 980, withinMs: hourMs + slackMs }],
} satisfies Record<string, readonly Limit[]>

const limitsOf = (of: string): readonly Limit[] =>
  of.startsWith('agent ') ? limits.agent : limits[of as Exclude<keyof typeof limits, 'agent'>]

/** The longest window: what is older says nothing any more. */
export const chatPaceDays = 1

type Use = [atMs: number, amount: number]
type Account = { corpId: string; of: string; spent: Use[] }

const keyOf = (corpId: string, of: string) => `${corpId} ${of}`
const atPace: ChatReason = { code: 'chatPace' }

/**
 * Must run in the transaction before parts leave. What WeCom takes holds for all nodes, so that what was sent lately is in the database; a
 * message over a limit waits.
 */
export async function holdAtLimits(ctx: Pick<Core, 'now'>, tx: Db, parts: readonly NewPart[]): Promise<void> {
  const chats = await sizesOf(tx, parts)
  const accounts = await lockAccounts(
    tx,
    [...chats.values()].flatMap(({ corpId, agentId }) =>
      ['people', `agent ${agentId}`].map(of => ({ corpId, of })),
    ),
  )
  const now = ctx.now()
  for (const part of parts) {
    // One that is gone is refused when it is sent.
    const chat = chats.get(keyOf(part.corpId, part.userIds[0] ?? ''))
    if (!chat) continue
    const costs = [
      { account: accounts.get(keyOf(chat.corpId, 'people')), amount: chat.members },
      { account: accounts.get(keyOf(chat.corpId, `agent ${chat.agentId}`)), amount: 1 },
    ]
    const at = Math.max(...costs.map(({ account, amount }) => freeAt(account, amount, now)))
    if (at > now) holdPart(part, { untilMs: at, now, reason: atPace })
    else for (const { account, amount } of costs) account?.spent.push([now, amount])
  }
  await writeAccounts(tx, [...accounts.values()], now)
}

/** Counts one call of this kind; returns when there is room for it (ms) where there is none now. Must run in a transaction. */
export async function takeRoom(
  ctx: Pick<Core, 'now'>,
  tx: Db,
  corpId: string,
  of: 'creates' | 'changes',
): Promise<number | undefined> {
  const accounts = await lockAccounts(tx, [{ corpId, of }])
  const account = accounts.get(keyOf(corpId, of))
  const now = ctx.now()
  const at = freeAt(account, 1, now)
  if (at > now) return at
  account?.spent.push([now, 1])
  await writeAccounts(tx, [...accounts.values()], now)
  return undefined
}

/** When so much more may be spent. */
function freeAt(account: Account | undefined, amount: number, now: number): number {
  if (!account) return now
  return Math.max(...limitsOf(account.of).map(limit => freeWithin(limit, account.spent, amount, now)))
}

function freeWithin(limit: Limit, spent: readonly Use[], amount: number, now: number): number {
  const recent = spent.filter(([at]) => at > now - limit.withinMs)
  let left = limit.amount - recent.reduce((sum, [, spentThen]) => sum + spentThen, 0)
  const needed = Math.min(amount, limit.amount)
  for (const [at, spentThen] of recent) {
    if (left >= needed) return now
    left += spentThen
    if (left >= needed) return at + limit.withinMs
  }
  return now
}

/** Of one send its second counts, of one longer ago its ten minutes, so that a row stays small. */
function together(spent: readonly Use[], now: number): Use[] {
  const groups = Map.groupBy(
    spent.filter(([at]) => at > now - 24 * hourMs - slackMs),
    ([at]) => (at > now - 2 * minuteMs ? Math.floor(at / 1000) : -Math.floor(at / (10 * minuteMs))),
  )
  return [...groups.values()].map(
    (own): Use => [Math.max(...own.map(([at]) => at)), own.reduce((sum, [, amount]) => sum + amount, 0)],
  )
}

type Size = { corpId: string; id: string; agentId: number; members: number }

async function sizesOf(tx: Db, parts: readonly NewPart[]): Promise<Map<string, Size>> {
  const wanted = parts.map(({ corpId, userIds }) => ({ corpId, id: userIds[0] ?? '' }))
  const { rows } = await sql<Size>`
    select c.corp_id as "corpId", c.id, c.agent_id as "agentId", c.members from group_chat c
    where (c.corp_id, c.id) in (
      select w."corpId", w.id from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w("corpId" text, id text))`.execute(
    tx,
  )
  return new Map(rows.map(row => [keyOf(row.corpId, row.id), row]))
}

/** Rows are locked in one order, so that two transactions cannot deadlock. */
async function lockAccounts(
  tx: Db,
  wanted: readonly { corpId: string; of: string }[],
): Promise<Map<string, Account>> {
  if (wanted.length === 0) return new Map()
  const given = JSON.stringify(wanted)
  await sql`
    insert into group_chat_pace (corp_id, of)
    select distinct w."corpId", w."of" from jsonb_to_recordset(${given}::jsonb) as w("corpId" text, "of" text)
    order by 1, 2 on conflict do nothing`.execute(tx)
  const { rows } = await sql<Account>`
    select p.corp_id as "corpId", p.of, p.spent from group_chat_pace p
    where (p.corp_id, p.of) in (
      select w."corpId", w."of" from jsonb_to_recordset(${given}::jsonb) as w("corpId" text, "of" text))
    order by p.corp_id, p.of for update`.execute(tx)
  return new Map(rows.map(row => [keyOf(row.corpId, row.of), row]))
}

async function writeAccounts(tx: Db, accounts: readonly Account[], now: number): Promise<void> {
  const given = accounts.map(({ corpId, of, spent }) => ({ corpId, of, spent: together(spent, now) }))
  await sql`
    update group_chat_pace p set spent = w.spent
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as w("corpId" text, "of" text, spent jsonb)
    where p.corp_id = w."corpId" and p.of = w."of"`.execute(tx)
}

/** Deletes entries that are older than the longest window and say nothing any more. */
export async function pruneChatPaces(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(
    db,
    'group_chat_pace',
    sql`coalesce((spent -> -1 ->> 0)::bigint, 0) < ${before.getTime()}::bigint`,
    atMost,
  )
}
