import { sql } from 'kysely'
import type { GrantKind } from '../../platform/audit/grants.ts'

/** Which developers may send by a group robot. */
export const robotGrants: GrantKind = {
  name: 'robot',
  words: { zh: '群机器人的开发者', en: 'developer of a group robot' },
  acts: ['message.robot'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; target: string }>`
      select robot_id || '/' || dev_id as key, robot_id as target from group_robot_grant
      where corp_id = ${corpId} and (${keys ?? null}::text[] is null or robot_id || '/' || dev_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, value: [], until: null }))
  },
  async gone(db, corpId, keys) {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${[...keys]}::text[]) as key
      where not exists (select from group_robot r where r.corp_id = ${corpId} and r.id = split_part(key, '/', 1))
        or not exists (select from developer d where d.corp_id = ${corpId} and d.dev_id = split_part(key, '/', 2))`.execute(
      db,
    )
    return rows.map(row => row.key)
  },
}
