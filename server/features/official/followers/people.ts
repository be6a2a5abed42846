import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { hasControlCharacter } from '../../../platform/http/rules.ts'
import * as wechat from '../../../upstream/official/calls/users.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { checkFollowers, inChunks } from './known.ts'
import { noteBlocked, noteRemark } from './list/store.ts'

/**
 * Sets the account's own name for a follower; an empty one removes it.
 * @throws ApiError 1000 (too long, unknown follower), 1009 (the account lacks the ability), 1011 (WeChat).
 */
export async function remarkFollower(
  ctx: Core,
  actor: string,
  account: Account,
  openid: string,
  given: string,
): Promise<void> {
  checkAbility(account, 'followers')
  const remark = given.trim()
  const { remarkChars } = wechat.limits
  if ([...remark].length > remarkChars || hasControlCharacter(remark, false))
    throw new ApiError('badParameter', {
      zh: `备注最多 ${remarkChars} 个字`,
      en: `a remark has at most ${remarkChars} characters`,
    })
  await checkFollowers(ctx, account, [openid])
  await fromUpstream(wechat.setRemark(account.client, openid, remark))
  await ctx.db.transaction().execute(async tx => {
    await noteRemark(tx, account, openid, remark)
    await record(tx, ctx, {
      ...targetOf(account),
      actor,
      act: 'official.follower.remark',
      detail: { openid, remark },
    })
  })
}

/** Puts followers on the black list, or takes them off it, twenty at a time. What was done before a failure stays done. */
export async function blockFollowers(
  ctx: Core,
  actor: string,
  account: Account,
  openids: readonly string[],
  isOn: boolean,
): Promise<void> {
  checkAbility(account, 'followers')
  await checkFollowers(ctx, account, openids)
  for (const some of inChunks(openids, wechat.limits.openidsPerBlacklisting)) {
    await fromUpstream(wechat.putBlocked(account.client, some, isOn))
    await ctx.db.transaction().execute(async tx => {
      await noteBlocked(tx, account, some, isOn)
      const act = isOn ? 'official.follower.block' : 'official.follower.unblock'
      await record(tx, ctx, { ...targetOf(account), actor, act, detail: { openids: some } })
    })
  }
}

function targetOf({ corpId, originalId, name }: Account) {
  return { corpId, target: originalId, targetName: name }
}
