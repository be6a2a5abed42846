import { sql } from 'kysely'
import type { World } from '../../../test/harness.ts'
import type { Account } from '../accounts/accounts.ts'

/** Makes a follower this member, as if the member had confirmed it. */
export async function linkFollower(world: World, account: Account, openid: string, userId: string) {
  const { corpId, originalId } = account
  await sql`
    insert into official_follower (corp_id, original_id, openid, subscribed, subscribed_at, member_id, linked_at)
    select ${corpId}, ${originalId}, ${openid}, true, now(), id, now() from member
    where corp_id = ${corpId} and user_id = ${userId} and left_at is null
    on conflict (corp_id, original_id, openid) do update set subscribed = true, member_id = excluded.member_id,
      linked_at = excluded.linked_at`.execute(world.ctx.db)
}
