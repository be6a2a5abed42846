import type pg from 'pg'
import { hashSecret } from '../../server/callers/developers/developers.ts'
import type { Context } from '../../server/context.ts'
import { purposes } from '../../server/organisation/corps/sealed.ts'

const departmentSize = 50
export const devSecret = 'a secret of the generator'

/** `after`: how many corps were generated before, so that no id of a member is used twice. */
export type GeneratedCorps = { prefix: string; corps: number; members: number; after?: number }

/** Corps named `prefix`1, `prefix`2 and so on, each with a developer of the same devId. */
export async function insertCorps(
  { seal }: Pick<Context, 'seal'>,
  client: pg.Client,
  { prefix, corps, members, after = 0 }: GeneratedCorps,
): Promise<void> {
  const departments = Math.max(1, members / departmentSize)
  await client.query(
    `insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, regime, created_at)
      select $1 || n, '企业 ' || n, $3, $4, $5, 'full', now() from generate_series(1, $2::int) n`,
    [
      prefix,
      corps,
      seal.seal('secret', purposes.contactSecret),
      seal.seal('token', purposes.callbackToken),
      seal.seal('k'.repeat(43), purposes.callbackAesKey),
    ],
  )
  await client.query(
    `insert into department (corp_id, id, name, parent_id, sort_no)
      select $1 || n, d, '部门 ' || d, case when d = 1 then 0 else 1 end, d
      from generate_series(1, $2::int) n, generate_series(1, $3::int) d`,
    [prefix, corps, departments],
  )
  await client.query(
    `insert into member (id, corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position,
        status, main_department, departments, orders, leader_in, direct_leaders, hash, created_at)
      overriding system value
      select (n + $4::bigint) * 1000000 + m, $1 || n, 'User' || m, 'user' || m,
        substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许', 1 + m % 20, 1) || substr('伟芳娜敏静丽强磊军洋', 1 + m % 10, 1) ||
          substr('勇艳杰涛明超秀霞平刚', 1 + m / 10 % 10, 1),
        '', '138' || lpad(m::text, 8, '0'), 'user' || m || '@example.com', 1,
        'https://wework.qpic.cn/bizmail/' || md5(m::text) || '/0', '', '工程师',
        1, 1 + m % $3::int, array[1 + m % $3::int], array[0], array[0], '{}', m, now()
      from generate_series(1, $2::int) n, generate_series(1, $5::int) m`,
    [prefix, corps, departments, after, members],
  )
  await client.query(
    `insert into directory_feed (corp_id, departments, members, listed, tags)
      select $1 || n, $3::int, $4::int, $4::int, 0 from generate_series(1, $2::int) n`,
    [prefix, corps, departments, members],
  )
  await client.query(
    `insert into developer (dev_id, corp_id, name, scopes, created_at)
      select $1 || n, $1 || n, '基准', '{directory:read}', now() from generate_series(1, $2::int) n`,
    [prefix, corps],
  )
  await client.query(
    `insert into developer_secret (dev_id, hash, created_at)
      select $1 || n, $3, now() from generate_series(1, $2::int) n`,
    [prefix, corps, hashSecret(devSecret).toString('hex')],
  )
}
