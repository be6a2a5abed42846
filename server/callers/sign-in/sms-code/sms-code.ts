/**
 * A code by SMS is looked up and sent after its answer, so that neither words nor time reveal whose number it is. The code is
 * in the sealed state of the browser that asked; its tries and its use are counters. A corp is charged only for codes that are
 * sent. Wrong codes are counted by network. A browser in which the member signed in before has limits of its own, which
 * strangers cannot use up (code-limits.ts).
 */

import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import {
  externalFeature,
  isExternal,
  isListed,
  memberStatus,
} from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { idsByMobile } from '../../../organisation/directory/profile-store.ts'
import { ownersOfMobile, wholeMobile } from '../../../organisation/directory/read/find-member.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { CodeFailure } from '../../../platform/manifest/sms-codes.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { createUnderWay } from '../../../platform/operation/under-way.ts'
import type { SignInLog } from '../../sign-in-log/sign-in-log.ts'
import { knownHere } from '../known-browser.ts'
import { openState, sealState } from '../sealed-state.ts'
import { checkWay } from '../ways/ways.ts'
import { codeLastsMs, isSameCode, newCode, tryCode, typedCode } from './code.ts'
import { countAsk, countSent, countTry, sentAtMost, takeBackTry } from './code-limits.ts'
import { noteCode } from './failures.ts'
import { noteWrong } from './guessed.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; offered: Pick<FeatureOffers, 'smsCodes'> }

const purpose = 'sms code'

type State = { id: string; corpId: string; mobile: string; code: string }

/** Anybody can ask, and nobody waits for what is looked up behind the answer. */
const underWay = createUnderWay(500)

/** Resolves when the codes under way are sent, so that a node that stops, and a test, can wait for it. */
export const codesSent = () => underWay.settled()

/**
 * Sends a code to whoever has this number. The answer is the same, and takes the same time, if nobody has it: the number is looked up
 * behind it. The code itself is in the state, sealed, so that it is good in the browser that asked and nowhere else. Throws 1000,
 * 1009, 1010.
 */
export async function askForCode(
  ctx: Needs,
  request: FastifyRequest,
  given: { corpId: string; mobile: string },
): Promise<{ state: string }> {
  const { corpId } = given
  const { smsTemplate } = await checkWay(ctx, corpId, 'sms')
  const mobile = wholeMobile(given.mobile)
  if (!mobile)
    throw new ApiError('badParameter', {
      zh: '请填写完整的手机号，其他国家和地区的以 + 开头',
      en: 'enter the whole mobile number; one outside mainland China begins with +',
    })
  if (underWay.isFull()) throw tooOften(1)
  const isKnown = await isKnownHere(ctx, request, corpId, mobile)
  const wait = await countAsk(ctx, { corpId, mobile, address: request.ip, isKnown })
  if (wait !== undefined) throw tooOften(wait)
  const state: State = { id: randomBytes(12).toString('base64url'), corpId, mobile, code: newCode() }
  underWay.begin(send(ctx, state, smsTemplate))
  return { state: sealState(ctx, purpose, state, codeLastsMs) }
}

/** Only of browsers in which somebody signed in before, so that nobody else learns whose number it is, not by the time either. */
async function isKnownHere(
  ctx: Needs,
  request: FastifyRequest,
  corpId: string,
  mobile: string,
): Promise<boolean> {
  const known = knownHere(ctx, request).filter(one => one.corpId === corpId)
  if (known.length === 0) return false
  const owner = await ownerOf(ctx, corpId, mobile)
  return known.some(one => one.memberId === owner?.id)
}

const allSent: CodeFailure = {
  said: {
    zh: `一小时内已发出 ${sentAtMost} 条验证码，达到上限`,
    en: `${sentAtMost} codes were sent within an hour, which is the limit`,
  },
  fix: {
    zh: '一小时内自动恢复。反复出现时，请在短信服务商处查看发送记录，或在「登录方式」暂时关闭短信验证码。',
    en: "Within an hour it goes on by itself. If it comes back, look at the vendor's record of what was sent, or switch codes off for a while under Ways of signing in.",
  },
  isNumber: false,
}

async function send(ctx: Needs, { corpId, mobile, code }: State, templateId: string): Promise<void> {
  try {
    if (!(await ownerOf(ctx, corpId, mobile))) return
    const minutes = codeLastsMs / 60_000
    const failure = (await countSent(ctx, corpId))
      ? await ctx.offered.smsCodes.send(corpId, { mobile, templateId, code, minutes })
      : allSent
    if (failure) ctx.log.warn({ corpId, why: failure.said.zh }, 'code by SMS not sent')
    await noteCode(ctx, corpId, failure)
  } catch (error) {
    ctx.log.warn({ corpId, ...describeError(error) }, 'code by SMS not sent')
  }
}

/** The one member with this number; undefined also when several have it, or theirs is disabled. */
async function ownerOf(ctx: Needs, corpId: string, mobile: string): Promise<MemberCore | undefined> {
  return ctx.mirrors.during(corpId, async () => {
    const mirror = ctx.mirrors.of(corpId)
    const [found, other] = await ownersOfMobile(ctx, mirror, mobile, 2, one => isListed(one))
    if (!found) return externalOwner(ctx, mirror, mobile)
    return !other && maySignInBySms(found) ? found : undefined
  })
}

/** Somebody from outside WeCom, where no member has the number: WeCom's word of whose it is counts more. */
async function externalOwner(ctx: Needs, mirror: Mirror, mobile: string): Promise<MemberCore | undefined> {
  if (!isOn(ctx, mirror.corpId, externalFeature)) return undefined
  const ids = (await idsByMobile(ctx.db, mirror.corpId, [mobile])).get(mobile) ?? []
  const [found, other] = ids.flatMap(id => mirror.members.byId(id) ?? []).filter(isExternal)
  return other ? undefined : found
}

/**
 * Returns whether a member may sign in by SMS. One who has not activated WeCom proves by the code that they are the person of the
 * address book.
 */
export function maySignInBySms({ status }: MemberCore): boolean {
  return status === memberStatus.active || status === memberStatus.notActivated
}

/** Whose code it was. Five tries, and once; a network that gave many wrong ones waits. Throws 1000, 1009 and 1010. */
export async function takeCode(
  ctx: Needs & { signInLog: SignInLog },
  request: FastifyRequest,
  given: { state: string; code: string },
): Promise<{ corpId: string; member: MemberCore }> {
  const state = openState<State>(ctx, purpose, given.state)
  if (!state) throw tooOld()
  const { corpId } = state
  const guessing = { corpId, address: request.ip, ...(await checkWay(ctx, corpId, 'sms')) }
  // Each code has five tries, and ten codes a day are sent to a browser that its member knows: whoever else is in its network counts apart.
  const isKnown = await isKnownHere(ctx, request, corpId, state.mobile)
  const wait = isKnown ? undefined : await countTry(ctx, guessing)
  if (wait !== undefined) throw tooManyWrong(wait)
  const { triesLeft, why } = await tryCode(ctx, { corpId, of: state.id }, () =>
    isSameCode(typedCode(given.code), state.code),
  )
  if (why === 'wrong') {
    ctx.signInLog.note({ request, corpId, way: 'sms', reason: 'code' })
    await noteWrong(ctx, corpId)
    throw triesLeft === 0
      ? tooOld()
      : new ApiError('forbidden', {
          zh: told`验证码不对，还可以尝试 ${own(triesLeft)} 次`,
          en: told`the code is wrong, attempts left: ${own(triesLeft)}`,
        })
  }
  if (why !== undefined) throw tooOld()
  if (!isKnown) await takeBackTry(ctx, guessing)
  const member = await ownerOf(ctx, corpId, state.mobile)
  // Only who got the code comes this far, so that it gives nothing away.
  if (!member)
    throw new ApiError('forbidden', {
      zh: '账号已停用，不能登录；请联系管理员',
      en: 'the account is disabled and cannot sign in: ask your administrator',
    })
  return { corpId, member }
}

function tooOften(retryAfterSeconds: number): ApiError {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  return new ApiError(
    'tooManyRequests',
    retryAfterSeconds <= 60
      ? {
          zh: told`刚刚发过验证码，请 ${own(retryAfterSeconds)} 秒后再试`,
          en: told`a code was sent just now: try again in ${own(retryAfterSeconds)} seconds`,
        }
      : {
          zh: told`验证码发送太频繁，请 ${own(minutes)} 分钟后再试，或用其他方式登录`,
          en: told`too many codes were sent: try again in ${own(minutes)} minutes, or sign in another way`,
        },
    { retryAfterSeconds },
  )
}

function tooManyWrong(retryAfterSeconds: number): ApiError {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  return new ApiError(
    'tooManyRequests',
    {
      zh: told`这个网络输错验证码的次数过多，请 ${own(minutes)} 分钟后再试，或用其他方式登录`,
      en: told`too many wrong codes came from this network: try again in ${own(minutes)} minutes, or sign in another way`,
    },
    { retryAfterSeconds },
  )
}

function tooOld(): ApiError {
  return new ApiError('badParameter', {
    zh: '验证码已失效，请重新获取',
    en: 'the code has expired: request a new one',
  })
}
