import { sql } from 'kysely'
import type { Context } from '../../context.ts'

/**
 * Copies of a corp named `wwmany1`, `wwmany2` and so on, each with a developer, 30 days of calls and messages, three runs of the sync, and
 * an address book of which only the size is there. Of every 50th the last run failed, every 40th hears nothing of WeCom, every tenth has quotas.
 */
export async function fillManyCorps(ctx: Context, corpId: string, from: number, to: number): Promise<void> {
  const { db } = ctx
  const n = sql`generate_series(${from}::int, ${to}::int) as n`
  const id = sql`'wwmany' || n`
  await sql`
    insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, regime, callback_verified_at, created_at, quotas)
    select ${id}, (array['华东','西城','长乐','临江'])[n % 4 + 1] || '第' || n || '中学', contact_secret, callback_token,
      callback_aes_key, 'full', created_at, created_at + n * interval '1 second',
      case when n % 10 = 0 then '{"members": 500, "callsPerDay": 1000000}'::jsonb else '{}' end
    from corp, ${n} where corp_id = ${corpId}`.execute(db)
  await sql`
    insert into directory_feed (corp_id, seq, departments, members, listed, tags)
    select ${id}, 1, n % 90, n % 1000, n % 1000, n % 7 from ${n}
    on conflict (corp_id) do update set departments = excluded.departments, members = excluded.members,
      listed = excluded.listed, tags = excluded.tags`.execute(db)
  await sql`
    insert into developer (dev_id, corp_id, name, scopes, created_at)
    select 'wdmany' || n, ${id}, '教务', '{}', now() from ${n}`.execute(db)
  const days = sql`generate_series(0, 29) as d`
  const today = new Date(ctx.now())
  const day = sql`(${today}::timestamptz at time zone 'Asia/Shanghai')::date - d`
  await sql`
    insert into developer_usage (dev_id, day, endpoint, calls, failures, last_at)
    select 'wdmany' || n, ${day}, '/api/user/get', n % 977 + 5 + d, n % 5, ${today} from ${n}, ${days}`.execute(
    db,
  )
  await sql`
    insert into corp_call_day (corp_id, day, calls, failures)
    select ${id}, ${day}, n % 977 + 5 + d, n % 5 from ${n}, ${days}`.execute(db)
  await sql`
    insert into corp_message_day (corp_id, day, messages)
    select ${id}, ${day}, n % 311 + d from ${n}, ${days}`.execute(db)
  await sql`
    insert into sync_run (corp_id, kind, state, created_at, started_at, updated_at, finished_at)
    select ${id}, 'full', case when n % 50 = 0 then 'failed' else 'done' end, ${today}, ${today}, ${today},
      ${today}::timestamptz - r * interval '1 day' - n * interval '1 second'
    from ${n}, generate_series(0, 2) as r order by r desc`.execute(db)
  await sql`
    insert into wecom_outage (corp_id, since, attempts, next_at, reason)
    select ${id}, ${today}, 1, ${today}, '{}' from ${n} where n % 40 = 0`.execute(db)
  await sql`analyze`.execute(db)
  await ctx.reloadConfig()
  await ctx.lookForCauses({ isDaily: false })
}
