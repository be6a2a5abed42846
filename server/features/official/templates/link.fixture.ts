import { sql } from 'kysely'
import type { World } from '../../../../test/harness.ts'
import type { Account } from '../accounts/accounts.ts'
import { setMapping } from './mapping.ts'
import { addToAccount, keywordsOf } from './templates.ts'

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

/** Lets the message centre send by the account: the title, the time and the text as 会议通知. */
export async function useMeetingTemplate(world: World, account: Account): Promise<string> {
  const keywords = (await keywordsOf(account, '47123')).slice(0, 3)
  const given = { kind: 'template', libraryId: '47123', keywords, scene: '' } as const
  const templateId = await addToAccount(world.ctx, 'test', account, given)
  await setMapping(world.ctx, 'test', account, templateId, [
    { field: 'thing1', from: 'title' },
    { field: 'time2', from: 'sentAt' },
    { field: 'thing3', from: 'content' },
  ])
  return templateId
}

/** The openids of the account's first followers in the sandbox. */
export async function openidsOf(world: World, { originalId }: Account, limit: number): Promise<string[]> {
  const found = await world.control(`official/followers?originalId=${originalId}&limit=${limit}`)
  return (found['followers'] as { openid: string }[]).map(one => one.openid)
}
