/**
 * Becoming a member: WeCom has a member with the mobile of somebody from outside. The member, signed in by WeCom or a passkey, proves that the
 * other account is theirs too by a code sent to its mail address, or to its mobile where it has none or the corp sends no mail; then its
 * sponsor or an administrator says yes. The number alone decides nothing, since the telephone company gives numbers to others. The account from outside ends, and its userid stands for the member
 * for 30 days; roles, sessions and applications' grants do not move.
 */

import { randomBytes } from 'node:crypto'
import { openState, sealState } from '../../../callers/sign-in/sealed-state.ts'
import {
  codeLastsMs,
  isSameCode,
  newCode,
  tryCode,
  typedCode,
} from '../../../callers/sign-in/sms-code/code.ts'
import { countAsk, countSent } from '../../../callers/sign-in/sms-code/code-limits.ts'
import { readWays } from '../../../callers/sign-in/ways/ways-store.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { externalFeature } from '../../../organisation/directory/mirror/members.ts'
import { record } from '../../../platform/audit/audit.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { refused } from '../../../platform/http/page-call.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type ExternalNeeds, endPerson } from '../people.ts'
import { canSendMail, type MailNeeds, sendMailTo } from '../sign-in/send-mail.ts'
import { type BecomingPair, listBecoming, putDecision, putProof } from './becoming-store.ts'

type Needs = ExternalNeeds & MailNeeds

const purpose = 'external becoming'
type State = { id: string; corpId: string; externalId: number; memberId: number; code: string }

/** The pair, while nobody has decided. Throws 1000. */
async function openPair(
  ctx: Needs,
  corpId: string,
  { externalId, memberId }: { externalId: number; memberId: number },
): Promise<BecomingPair> {
  const [found] = await listBecoming(ctx.db, { corpIds: [corpId], externalId, memberId })
  if (!found) throw notWaiting()
  return found
}

function notWaiting(): ApiError {
  return new ApiError('badParameter', {
    zh: '没有待确认的外部人员账号：可能已经处理，或手机号已经修改',
    en: 'there is no account from outside to confirm: it was decided, or a mobile number has changed',
  })
}

/** A session that began with a code to the very number proves nothing more. Throws 1009. */
function checkProof({ proof }: Visitor): void {
  if (proof.acr >= 2 && proof.amr.some(one => one === 'wecom' || one === 'qr' || one === 'passkey')) return
  throw refused({
    zh: '请先用企业微信或通行密钥登录，再确认外部人员账号',
    en: 'sign in by WeCom or a passkey first, then confirm the account from outside',
  })
}

/**
 * Sends a code to the account from outside.
 * @throws ApiError 1000 if no account waits for it, 1010 if codes were sent too often.
 */
export async function askToProve(
  ctx: Needs,
  visitor: Visitor & { member: { id: number } },
  corpId: string,
  externalId: number,
  address: string,
): Promise<{ state: string }> {
  checkOn(ctx, corpId, externalFeature)
  checkProof(visitor)
  const memberId = visitor.member.id
  const pair = await openPair(ctx, corpId, { externalId, memberId })
  const wait = await countAsk(ctx, { corpId, mobile: pair.mobile, address, isKnown: false })
  if (wait !== undefined || !(await countSent(ctx, corpId)))
    throw new ApiError('tooManyRequests', undefined, { retryAfterSeconds: wait ?? 60 })
  const state: State = {
    id: randomBytes(12).toString('base64url'),
    corpId,
    externalId,
    memberId,
    code: newCode(),
  }
  await sendCode(ctx, pair, state.code)
  return { state: sealState(ctx, purpose, state, codeLastsMs) }
}

/** By mail first: both accounts have the number, so that a code to it says little of whose the account is. */
async function sendCode(ctx: Needs, pair: BecomingPair, code: string): Promise<void> {
  const { corpId, mobile } = pair
  const { smsTemplate: templateId } = await readWays(ctx.db, corpId)
  const minutes = codeLastsMs / 60_000
  if (pair.email && canSendMail(ctx, corpId)) return sendByMail(ctx, pair, code, minutes)
  if (ctx.offered.smsCodes.templates(corpId).some(one => one.id === templateId)) {
    const failure = await ctx.offered.smsCodes.send(corpId, { mobile, templateId, code, minutes })
    if (!failure) return
    throw refused({
      zh: `验证码没有发出：${failure.said.zh}`,
      en: `the code was not sent: ${failure.said.en}`,
    })
  }
  throw refused({
    zh: '企业没有设置短信验证码，也不能发邮件到这个外部人员账号，因此不能发送验证码；请联系管理员',
    en: 'the corp has no SMS template of codes and cannot mail the account from outside, so no code was sent: ask an administrator',
  })
}

function sendByMail(ctx: Needs, pair: BecomingPair, code: string, minutes: number): Promise<void> {
  const { corpId, externalId: id, externalUserId: userId } = pair
  return sendMailTo(
    ctx,
    corpId,
    { id, userId },
    {
      agentName: ctx.corps.get(corpId).name,
      title: '验证码',
      content: `${code}\n用途：确认外部人员账号。${minutes} 分钟内有效，请勿告诉他人。\nTo confirm your account from outside WeCom. Valid for ${minutes} minutes. Do not share it.`,
    },
  )
}

/** Five tries, and once. Throws 1000 and 1009. */
export async function prove(
  ctx: Needs,
  visitor: Visitor & { member: { id: number } },
  corpId: string,
  given: { state: string; code: string },
): Promise<void> {
  checkOn(ctx, corpId, externalFeature)
  checkProof(visitor)
  const state = openState<State>(ctx, purpose, given.state)
  if (!state || state.corpId !== corpId || state.memberId !== visitor.member.id) throw tooOld()
  const right = () => isSameCode(typedCode(given.code), state.code)
  const { why, triesLeft } = await tryCode(ctx, { corpId, of: state.id }, right)
  if (why === 'wrong' && triesLeft > 0)
    throw new ApiError('badParameter', {
      zh: told`验证码不对，还可以尝试 ${own(triesLeft)} 次`,
      en: told`the code is wrong, attempts left: ${own(triesLeft)}`,
    })
  if (why) throw tooOld()
  const pair = await openPair(ctx, corpId, state)
  await putProof(ctx.db, pair, new Date(ctx.now()))
}

function tooOld(): ApiError {
  return new ApiError('badParameter', {
    zh: '验证码已失效，请重新获取',
    en: 'the code has expired: request a new one',
  })
}

/** `sponsor`: the member who decides as such, rather than as an administrator. */
export type Decision = {
  externalId: number
  memberId: number
  accept: boolean
  actor: string
  sponsor?: { id: number }
}

/** Nobody decides about themselves. A no may come before the proof, a yes only after it. Throws 1000 and 1009. */
export async function decideBecoming(ctx: Needs, corpId: string, decision: Decision): Promise<void> {
  const { accept, actor, sponsor } = decision
  const pair = await openPair(ctx, corpId, decision)
  const { externalId, externalUserId: target, externalName: targetName } = pair
  if (sponsor && (pair.sponsorId !== sponsor.id || sponsor.id === pair.memberId))
    throw refused({
      zh: '只有这名外部人员的担保人或管理员可以确认',
      en: 'only the sponsor of this person or an administrator decides',
    })
  const decide = async (tx: Db) => {
    // Somebody else may decide at the same moment.
    if (!(await putDecision(tx, pair, { accepted: accept, actor, at: new Date(ctx.now()) })))
      throw notWaiting()
  }
  if (!accept) {
    await ctx.db.transaction().execute(async tx => {
      await decide(tx)
      const detail = { userId: pair.memberUserId }
      await record(tx, ctx, { corpId, actor, act: 'external.refuse', target, targetName, detail })
    })
    return
  }
  if (!pair.provedAt)
    throw new ApiError('badParameter', {
      zh: told`成员 ${pair.memberUserId} 还没有用验证码证明外部人员账号是本人的；没有确认`,
      en: told`the member ${pair.memberUserId} has not proved by a code that the account is theirs; nothing was confirmed`,
    })
  await endPerson(
    ctx,
    corpId,
    { memberId: externalId, userId: target, name: targetName },
    {
      actor,
      became: { id: pair.memberId, userId: pair.memberUserId },
      within: decide,
    },
  )
}
