import { largeBody } from '../../platform/http/bodies/body-size.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { OutgoingCall } from '../../platform/http/passthrough/passthrough.ts'
import type { PassedAnswer } from '../../platform/http/passthrough/send-passed.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Words } from '../../platform/words.ts'
import type { NamedEntry } from '../../upstream/catalogue/catalogue.ts'
import { LimitReached } from '../../upstream/transport/call-budget.ts'
import {
  type Forward,
  type ForwardedAnswer,
  forwardedAtMost,
  usedUp,
} from '../../upstream/transport/forward.ts'
import { NoAnswer } from '../../upstream/transport/no-answer.ts'
import { upstreamError } from '../../upstream/upstream-error.ts'

/** The largest bodies, by what they are; answers are as large as forms. */
export const passedAtMost = { json: largeBody, form: forwardedAtMost }

const titles: Record<NamedEntry['vendor'], Words> = {
  wecom: { zh: '企业微信', en: 'WeCom' },
  official: { zh: '微信', en: 'WeChat' },
}

/**
 * Makes the call at the vendor, whose answer is passed on as it came. Throws 1010 where the vendor was asked too often, 1011 where it
 * gave no answer, and 413 for one that is too large.
 */
export async function passOn(
  forward: Forward,
  entry: NamedEntry,
  passed: OutgoingCall,
): Promise<PassedAnswer> {
  const { vendor, path } = entry
  const { method, query, body } = passed
  const { errcode, ...answer } = await answered(
    entry,
    forward({ method, path: `/cgi-bin/${path}`, query: query.raw, body }),
  )
  const upstream = { vendor, errcode }
  if (errcode !== usedUp) return { ...answer, upstream }
  const { zh, en } = titles[vendor]
  throw new ApiError(
    'tooManyRequests',
    {
      zh: told`${own(zh)} 45009：接口调用超过频率限制`,
      en: told`${own(en)} 45009: the call was made too often`,
    },
    { upstream },
  )
}

async function answered({ vendor }: NamedEntry, answer: Promise<ForwardedAnswer>): Promise<ForwardedAnswer> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof LimitReached) throw tooOften(vendor, error.retryAfterSeconds)
    if (error instanceof NoAnswer && error.reason === 'size') throw tooLarge(vendor)
    throw upstreamError(error)
  }
}

function tooOften(vendor: NamedEntry['vendor'], retryAfterSeconds: number): ApiError {
  const { zh, en } = titles[vendor]
  return new ApiError(
    'tooManyRequests',
    {
      zh: told`${own(zh)}对此接口的频率限制已用完，${own(retryAfterSeconds)} 秒后再试`,
      en: told`the limit of this call at ${own(en)} is used up: try again in ${own(retryAfterSeconds)} s`,
    },
    { retryAfterSeconds },
  )
}

function tooLarge(vendor: NamedEntry['vendor']): ApiError {
  const { zh, en } = titles[vendor]
  return new ApiError(
    'upstream',
    {
      zh: told`${own(zh)}的应答超过 ${own(forwardedAtMost)} 字节`,
      en: told`the answer of ${own(en)} is over ${own(forwardedAtMost)} bytes`,
    },
    { status: 413 },
  )
}
