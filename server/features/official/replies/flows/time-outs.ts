import type { Core } from '../../../../platform/core.ts'
import type { Queue } from '../../../../platform/queue/queue.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import * as flows from '../../../auto-replies/flows/time-outs.ts'
import { whyNot } from '../../accounts/abilities.ts'
import type { Account, Accounts } from '../../accounts/accounts.ts'
import { putSends } from '../../sends/sends.ts'
import { windowsAndWaiting } from '../../sends/store.ts'
import { leftOf } from '../../sends/windows.ts'
import { accountKind } from '../account-rules.ts'

type Needs = Core & { accounts: Accounts; queue: Queue }

/** Tells followers who have not answered a flow in time, as far as their windows allow. */
export function handleTimeOuts(ctx: Needs): void {
  flows.handleTimeOuts(ctx, accountKind.stream, ({ corpId, ownerId }) => {
    const account = ctx.accounts.find(ownerId)
    return account?.corpId === corpId ? (tx, late) => tell(tx, ctx, account, late) : undefined
  })
}

async function tell(
  tx: Db,
  ctx: Core,
  account: Account,
  { person: openid, text, endedAt }: flows.TimeOut,
): Promise<void> {
  if (!account.enabled || whyNot(account, 'customMessage')) return
  const { windows, waiting } = await windowsAndWaiting(tx, account, openid)
  if (leftOf(windows, ctx.now()).messages <= waiting) return
  const originKey = `time-out ${openid} ${endedAt.toISOString()}`
  await putSends(tx, ctx, account, [
    { openid, origin: 'reply', originKey, content: { type: 'text', content: text } },
  ])
}
