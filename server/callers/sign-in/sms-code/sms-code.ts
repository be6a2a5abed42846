import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { isListed, memberStatus } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { ownersOfMobile, wholeMobile } from '../../../organisation/directory/read/find-member.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Offered } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { type AttemptLimit, countAttempt, type Subject } from '../../../platform/security/counters.ts'
import { networkOf } from '../../../platform/security/network-of.ts'
import { openState, sealState } from '../sealed-state.ts'
import { checkWay } from '../ways/ways.ts'
import { noteCode } from './failures.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; offered: Pick<Offered, 'smsCodes'> }

const lastsMs = 5 * 60_000
const triesAtMost = 5
const purpose = 'sms code'

/** Whoever asks is counted before anything is looked at, and the same for numbers that nobody has. */
const limits = {
  minute: { purpose: 'sms-code-minute', atMost: 1, windowMs: 60_000 },
  day: { purpose: 'sms-code-day', atMost: 10, windowMs: 86_400_000 },
  /** Enough for a campus behind one address in the hour when everybody comes. */
  network: { purpose: 'sms-code-network', atMost: 200, windowMs: 3_600_000 },
  /** Each message costs money. */
  corp: { purpose: 'sms-code-corp', atMost: 2000, windowMs: 3_600_000 },
} as const satisfies Record<string, AttemptLimit>

const tries: AttemptLimit = { purpose: 'sms-code-tries', atMost: triesAtMost, windowMs: 2 * lastsMs }
const uses: AttemptLimit = { purpose: 'sms-code-used', atMost: 1, windowMs: 2 * lastsMs }

type State = { id: string; corpId: string; mobile: string; code: string }

/** What is being sent, so that a node that stops, and a test, can wait for it. */
const underWay = new Set<Promise<void>>()

export async function codesSent(): Promise<void> {
  await Promise.all(underWay)
}

/**
 * Sends a code to whoever has this number. The answer is the same, and takes the same time, if nobody has it: the number is looked up
 * behind it. The code itself is in the state, sealed, so that it is good in the browser that asked and nowhere else. Throws 1000,
 * 1009, 1010.
 */
export async function askForCode(
  ctx: Needs,
  address: string,
  given: { corpId: string; mobile: string },
): Promise<{ state: string }> {
  const { corpId } = given
  const { smsTemplate } = await checkWay(ctx, corpId, 'sms')
  const mobile = wholeMobile(given.mobile)
  if (!mobile)
    throw new ApiError('badParameter', {
      zh: '请填写完整的手机号，其他国家和地区的以 + 开头',
      en: 'give the whole mobile number, which begins with + outside of mainland China',
    })
  await count(ctx, limits.network, { corpId: '', of: networkOf(address) })
  await count(ctx, limits.minute, { corpId, of: mobile })
  await count(ctx, limits.day, { corpId, of: mobile })
  await count(ctx, limits.corp, { corpId, of: '' })
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const state: State = { id: randomBytes(12).toString('base64url'), corpId, mobile, code }
  const sending = send(ctx, state, smsTemplate).finally(() => underWay.delete(sending))
  underWay.add(sending)
  return { state: sealState(ctx, purpose, state, lastsMs) }
}

async function send(ctx: Needs, { corpId, mobile, code }: State, templateId: string): Promise<void> {
  try {
    if (!(await ownerOf(ctx, corpId, mobile))) return
    const minutes = lastsMs / 60_000
    const failure = await ctx.offered.smsCodes.send(corpId, { mobile, templateId, code, minutes })
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
    return found && !other && maySignInBySms(found) ? found : undefined
  })
}

/** Who has not activated WeCom proves by the code alone that they are the person of the address book. */
export function maySignInBySms({ status }: MemberCore): boolean {
  return status === memberStatus.active || status === memberStatus.notActivated
}

/** Whose code it was. Five tries, and once. Throws 1000 and 1009. */
export async function takeCode(
  ctx: Needs,
  given: { state: string; code: string },
): Promise<{ corpId: string; member: MemberCore }> {
  const state = openState<State>(ctx, purpose, given.state)
  if (!state) throw tooOld()
  const subject = { corpId: state.corpId, of: state.id }
  const { count, isOver } = await countAttempt(ctx, tries, subject)
  if (isOver) throw tooOld()
  if (!isSame(given.code.normalize('NFKC').replace(/[\s-]/g, ''), state.code)) {
    const left = triesAtMost - count
    throw left === 0
      ? tooOld()
      : new ApiError('forbidden', {
          zh: told`验证码不对，还可以尝试 ${own(left)} 次`,
          en: told`the code is wrong, attempts left: ${own(left)}`,
        })
  }
  if ((await countAttempt(ctx, uses, subject)).isOver) throw tooOld()
  await checkWay(ctx, state.corpId, 'sms')
  const member = await ownerOf(ctx, state.corpId, state.mobile)
  // Only who got the code comes this far, so that it gives nothing away.
  if (!member) throw new ApiError('forbidden', { zh: '账号已停用，不能登录', en: 'the account is disabled' })
  return { corpId: state.corpId, member }
}

async function count(ctx: Core, limit: AttemptLimit, subject: Subject): Promise<void> {
  const { isOver, retryAfterSeconds } = await countAttempt(ctx, limit, subject)
  if (!isOver) return
  const minutes = Math.ceil(retryAfterSeconds / 60)
  throw new ApiError(
    'tooManyRequests',
    retryAfterSeconds <= 60
      ? {
          zh: told`刚刚发过验证码，请 ${own(retryAfterSeconds)} 秒后再试`,
          en: told`a code was sent just now: try again in ${own(retryAfterSeconds)} seconds`,
        }
      : {
          zh: told`验证码发送太频繁，请 ${own(minutes)} 分钟后再试`,
          en: told`too many codes were sent: try again in ${own(minutes)} minutes`,
        },
    { retryAfterSeconds },
  )
}

function isSame(given: string, code: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(code)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function tooOld(): ApiError {
  return new ApiError('badParameter', {
    zh: '验证码已失效，请重新获取',
    en: 'the code is no longer good: ask for another',
  })
}
