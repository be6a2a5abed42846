import { sql } from 'kysely'
import type { GrantKind } from '../../platform/audit/grants.ts'
import type { Db } from '../../platform/storage/db.ts'

/** The members among these who left, or are gone. What they had gives nothing and goes with them. */
export async function goneMembers(db: Db, corpId: string | null, ids: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select given.id from unnest(${[...ids]}::bigint[]) as given(id)
    where not exists (select from member m where m.corp_id = ${corpId} and m.id = given.id and m.left_at is null)`.execute(
    db,
  )
  return rows.map(row => row.id)
}

/** The fixed roles of members: super and graded administrators, help desk. */
export const roleGrants: GrantKind = {
  name: 'role',
  words: { zh: '管理员', en: 'administrator' },
  acts: ['role.set', 'role.remove'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ id: number; userId: string; level: number; departments: string[] }>`
      select r.member_id as id, m.user_id as "userId", r.level,
        array(select d.department_id || ' ' || d.manage from role_department d
          where d.corp_id = r.corp_id and d.member_id = r.member_id order by d.department_id) as departments
      from member_role r join member m on m.corp_id = r.corp_id and m.id = r.member_id
      where r.corp_id = ${corpId} and (${keys ?? null}::text[] is null or r.member_id::text = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(({ id, userId, level, departments }) => ({
      key: String(id),
      target: userId,
      value: [level, departments],
      until: null,
    }))
  },
  detail([level, departments]) {
    const own = (departments as string[]).map(one => one.split(' '))
    return {
      level,
      departments: own.map(([id, manage]) => ({ departmentId: Number(id), manage: manage === 'true' })),
    }
  },
  async gone(db, corpId, keys) {
    return (await goneMembers(db, corpId, keys.map(Number))).map(String)
  },
}
