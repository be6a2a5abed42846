import type { Core } from '../../../platform/core.ts'
import { type AttemptLimit, countAttempt } from '../../../platform/security/counters.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import { type Push, textIn } from '../../../upstream/official/push.ts'
import { whyNot } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import type { PushReply } from '../callback/answer.ts'
import type { Effect, StoredPush } from '../callback/process-inbound.ts'
import { putSends } from '../sends/sends.ts'
import { codeSecret, hashOf, link } from './links.ts'
import * as store from './store.ts'

/** Codes have six digits, so nobody may try many. */
const ofFollower: AttemptLimit = { purpose: 'official-link-code', atMost: 5, windowMs: 600_000 }
const ofAccount: AttemptLimit = { purpose: 'official-link-codes', atMost: 100, windowMs: 600_000 }

/** Links a follower who sends a member's code to the account, and tells them. */
export const takeCodes =
  (ctx: Core): Effect =>
  async (tx, account, pushes) => {
    for (const one of pushes) {
      const code = codeIn(one)
      if (code !== undefined) await takeCode(tx, ctx, account, one, code)
    }
  }

/**
 * Accounts that WeChat has not verified may send nothing later, so their answer goes back with the push: what became of the
 * code stands in 我的 a moment later.
 */
export async function codeReceipt(ctx: Core, account: Account, push: Push): Promise<PushReply | undefined> {
  if (codeIn({ push }) === undefined || !whyNot(account, 'customMessage')) return undefined
  if (!(await store.awaitsCode(ctx.db, account, new Date(ctx.now())))) return undefined
  return { passive: { type: 'text', content: received.zh }, later: [], by: null }
}

function codeIn({ push }: Pick<StoredPush, 'push'>): string | undefined {
  if (push.msgType !== 'text') return undefined
  return /^\s*(\d{6})\s*$/.exec(textIn(push.fields, 'Content') ?? '')?.[1]
}

async function takeCode(
  tx: Db,
  ctx: Core,
  account: Account,
  { id, push }: StoredPush,
  code: string,
): Promise<void> {
  const now = new Date(ctx.now())
  const { corpId, originalId } = account
  const openid = push.fromUserName
  if (!(await store.awaitsCode(tx, account, now))) return
  const counted = await Promise.all([
    countAttempt(ctx, ofFollower, { corpId, of: `${originalId} ${openid}` }),
    countAttempt(ctx, ofAccount, { corpId, of: originalId }),
  ])
  if (counted.some(one => one.isOver)) return
  const request = await store.takeRequest(tx, 'code', hashOf(ctx, codeSecret(originalId, code)), now)
  const person = { openid, unionid: null, nickname: '', avatar: '' }
  const why = request
    ? await link(tx, ctx, account, person, { id: request.memberId, actor: 'wisp' })
    : wrongCode
  // The others have answered already (codeReceipt).
  if (whyNot(account, 'customMessage')) return
  const content = { type: 'text' as const, content: (why ?? linked).zh }
  await putSends(tx, ctx, account, [{ openid, origin: 'reply', originKey: `link:${id}`, content }])
}

const received: Words = {
  zh: '已收到验证码，请回到企业微信的「我的」查看结果',
  en: 'the code has arrived: see in 我的 what became of it',
}
const wrongCode: Words = { zh: '验证码不正确或已过期', en: 'the code is wrong or has expired' }
const linked: Words = { zh: '已绑定您的成员身份', en: 'you are linked to your member' }
