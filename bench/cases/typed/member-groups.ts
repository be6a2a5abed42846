import { sql } from 'kysely'
import { appendChanges, endFeed, lockFeed } from '../../../server/organisation/directory/feed-store.ts'
import { followFeed, loadMirror } from '../../../server/organisation/directory/mirror/mirror.ts'
import type { GroupWorkNeeds } from '../../../server/organisation/groups/work.ts'
import { settleCorp } from '../../../server/organisation/groups/work.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { enqueue } from '../../../server/platform/queue/queue-store.ts'
import { openDatabase } from '../../../server/platform/storage/database.ts'
import type { Db } from '../../../server/platform/storage/db.ts'
import { createDatabaseAt, dropDatabaseAt } from '../../../test/postgres.ts'
import type { Tools } from '../../bed.ts'
import { type Figure, median, short } from '../../report.ts'

const departments = 500
export const rules = 200
const rounds = 20
const ofSync = 1000
const corpId = 'wwgroups'

/** What 200 rules cost after a change of one member, and after a sync that changed a thousand of them. */
export async function measureMemberGroups(tools: Tools, members: number): Promise<Figure[]> {
  const url = await createDatabaseAt(tools.postgres.adminUrl)
  const database = await openDatabase(
    readConfig({ WISP_DATABASE_URL: url, WISP_SECRET_KEY: 'x'.repeat(40) }),
    createLog('silent'),
  )
  const { db } = database
  try {
    await fill(db, members)
    const settle = await settler(db)
    const wholeMs = await timed(settle)
    await sql`analyze`.execute(db)
    const single: number[] = []
    for (let round = 0; round < rounds; round++) {
      await change(db, [1 + round * 37], round)
      single.push(await timed(settle))
    }
    const ids = Array.from({ length: ofSync }, (_, n) => 1 + n * 97)
    await change(db, ids, 1)
    const manyMs = await timed(settle)
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from member_group_member where is_in`.execute(db)
    return [
      {
        name: `groups: a change of one of ${members} members, ${rules} rules`,
        measured: median(single),
        unit: 'ms',
        target: { atMost: 20 },
        detail: `${rows[0]?.n ?? 0} memberships; all rules were worked through in ${short(wholeMs / 1000)} s`,
      },
      {
        name: `groups: ${ofSync} of ${members} members that a sync changed`,
        measured: manyMs,
        unit: 'ms',
        detail: 'in the background, behind the sync; members that did not change cost nothing',
      },
    ]
  } finally {
    await database.close()
    await dropDatabaseAt(tools.postgres.adminUrl, url)
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function fill(db: Db, members: number): Promise<void> {
  await sql`insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
    values (${corpId}, '人群', '', '', '', now())`.execute(db)
  await sql`insert into directory_feed (corp_id) values (${corpId})`.execute(db)
  await sql`insert into department (corp_id, id, name, parent_id, sort_no, leaders)
    select ${corpId}, n, 'd' || n, case when n = 1 then 0 else n / 3 + (n < 3)::int end, 0, '{}'
    from generate_series(1, ${departments}::int) as n`.execute(db)
  await sql`insert into member (corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position, status,
      main_department, departments, orders, leader_in, direct_leaders, attributes, biz_mail, hash, from_wecom, created_at)
    select ${corpId}, 'u' || n, 'u' || n, 'n' || n, '', '', '', n % 3, '', '', 'p' || n % 50, 1, n % ${departments}::int + 1,
      array[n % ${departments}::int + 1], '{0}', '{0}', '{}',
      jsonb_build_array(jsonb_build_object('name', '入职', 'value', (date '2020-01-01' + n % 2000)::text, 'url', '')), '', 0, 0, now()
    from generate_series(1, ${members}::int) as n`.execute(db)
  await addRules(
    db,
    corpId,
    Array.from({ length: departments - 10 }, (_, n) => n + 10),
  )
}

/** 200 rules, each over one of these departments and what is below, and over a position or a date. */
export async function addRules(db: Db, corpId: string, departmentIds: readonly number[]): Promise<void> {
  for (let n = 0; n < rules; n++) {
    const rule = {
      all: [
        { field: 'department', op: 'below', values: [String(departmentIds[n % departmentIds.length])] },
        n % 2
          ? { field: 'position', op: 'is', values: [`p${n % 50}`, `p${(n + 7) % 50}`] }
          : { field: 'attribute:入职', op: 'daysAgo', values: [String(n * 9)] },
      ],
    }
    await sql`insert into member_group (corp_id, name, rule, scan_after, changed_at, changed_by)
      values (${corpId}, ${`g${n}`}, ${JSON.stringify(rule)}::jsonb, 0, now(), 'bench')`.execute(db)
  }
}

/** Changes members as a sync does, and tells of it in the feed. */
async function change(db: Db, numbers: readonly number[], round: number): Promise<void> {
  await db.transaction().execute(async tx => {
    const end = await lockFeed(tx, corpId)
    const { rows } = await sql<{ id: number; userId: string }>`
      update member set position = 'p' || (${round}::int * 13 + id) % 50, departments = array[(id + ${round}::int) % ${departments}::int + 1]
      where corp_id = ${corpId} and user_key = any(${numbers.map(n => `u${n}`)}::text[])
      returning id, user_id as "userId"`.execute(tx)
    const changes = rows.map(({ id, userId }, n) => ({
      seq: end + n + 1,
      kind: 'member' as const,
      op: 'put' as const,
      entityId: userId,
      oldId: null,
      memberId: id,
      departmentsBefore: null,
    }))
    const at = new Date()
    await appendChanges(tx, corpId, changes, at)
    await endFeed(tx, corpId, end + changes.length, at)
  })
}

async function settler(db: Db): Promise<() => Promise<unknown>> {
  const mirror = await loadMirror(db, corpId, 0, { link: () => '' } as never)
  const ctx = {
    db,
    now: () => Date.now(),
    corps: { find: () => undefined },
    mirrors: { of: () => mirror, refresh: () => followFeed(db, mirror) },
    offered: { groupsChanged: async () => undefined },
  } as unknown as GroupWorkNeeds
  return async () => {
    const lease = { corpId, stream: 'member-groups', key: '', id: 'bench' } as const
    await enqueue(db, [{ corpId, stream: 'member-groups' }], new Date())
    await sql`update queue set lease = 'bench', lease_until = now() + interval '1 hour'
      where corp_id = ${corpId} and stream = 'member-groups'`.execute(db)
    await settleCorp(ctx, { corpId, key: '', lease, signal: new AbortController().signal } as never)
  }
}
