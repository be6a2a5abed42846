import { ApiError } from '../platform/http/errors.ts'
import { own, type ToldWords, told } from '../platform/http/told.ts'
import { type Language, wordsIn } from '../platform/words.ts'
import { explainErrcode as explainOfficial, OfficialError, OfficialUnavailable } from './official/errors.ts'
import { NoAnswer, wasMade } from './transport/no-answer.ts'
import { explainPayError } from './wechat-pay/codes.ts'
import { PayError, PayUnavailable } from './wechat-pay/errors.ts'
import { explainErrcode, WecomError, WecomUnavailable } from './wecom/errors.ts'

/**
 * An upstream failure as the caller sees it, with the vendor's code, its meaning and what to do
 * (docs/interface/conventions.md#which-code-for-what): 1009 where somebody has to change what the corp, the account or the
 * merchant may do at the vendor, and 1011 otherwise.
 */
export function upstreamError(error: unknown): unknown {
  if (error instanceof WecomError) {
    const { kind, text, fix } = explainErrcode(error.errcode)
    return refusal(kind === 'forbidden' || kind === 'config', {
      zh: told`企业微信 ${own(error.errcode)} ${own(wordsIn('zh', text))}（${error.errmsg}）${own(after('zh', fix))}`,
      en: told`WeCom ${own(error.errcode)} ${own(wordsIn('en', text))} (${error.errmsg})${own(after('en', fix))}`,
    })
  }
  if (error instanceof NoAnswer && !wasMade(error))
    return new ApiError(
      'upstream',
      {
        zh: '平台的出口地址对这个接口的调用已达上游的上限，这一次没有调用，请 5 秒后再试',
        en: 'the upstream limit for this API and the outgoing address of wisp is reached; the call was not made: try again in 5 s',
      },
      { retryAfterSeconds: 5 },
    )
  if (error instanceof WecomUnavailable)
    return new ApiError('upstream', {
      zh: told`企业微信没有返回（${error.reason}），请稍后再试`,
      en: told`WeCom does not answer (${error.reason}): try again later`,
    })
  if (error instanceof OfficialError) {
    const { text, fix, isRight } = explainOfficial(error.errcode)
    return refusal(isRight === true, {
      zh: told`微信 ${own(error.errcode)} ${own(text.zh)}（${error.errmsg}）${own(after('zh', fix))}`,
      en: told`WeChat ${own(error.errcode)} ${own(text.en)} (${error.errmsg})${own(after('en', fix))}`,
    })
  }
  if (error instanceof OfficialUnavailable)
    return new ApiError('upstream', {
      zh: told`微信没有返回（${error.reason}），请稍后再试`,
      en: told`WeChat does not answer (${error.reason}): try again later`,
    })
  if (error instanceof PayError) {
    const { text, internal, fix, isRight } = explainPayError(error)
    const code = error.code || error.status
    return refusal(isRight === true, {
      zh: told`微信支付 ${own(code)} ${own(text.zh)}${own(internal ? `，${internal.zh}` : '')}（${error.said}）${own(after('zh', fix))}`,
      en: told`WeChat Pay ${own(code)} ${own(text.en)}${own(internal ? `: ${internal.en}` : '')} (${error.said})${own(after('en', fix))}`,
    })
  }
  if (error instanceof PayUnavailable)
    return new ApiError('upstream', {
      zh: told`微信支付没有返回（${error.reason}），请稍后再试`,
      en: told`WeChat Pay does not answer (${error.reason}): try again later`,
    })
  return error
}

function refusal(isRight: boolean, detail: ToldWords): ApiError {
  return new ApiError(isRight ? 'forbidden' : 'upstream', detail)
}

function after(language: Language, fix: { zh: string; en: string } | undefined): string {
  if (!fix) return ''
  return language === 'zh' ? `。${fix.zh}` : `. ${fix.en}`
}

/** Waits for an upstream's answer, and throws its failure as the caller sees it. */
export async function fromUpstream<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw upstreamError(error)
  }
}
