import { ApiError } from '../platform/http/errors.ts'
import { type Language, wordsIn } from '../platform/http/words.ts'
import { explainErrcode as explainOfficial, OfficialError, OfficialUnavailable } from './official/errors.ts'
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
      zh: `企业微信 ${error.errcode} ${wordsIn('zh', text)}（${error.errmsg}）${after('zh', fix)}`,
      en: `WeCom ${error.errcode} ${wordsIn('en', text)} (${error.errmsg})${after('en', fix)}`,
    })
  }
  if (error instanceof WecomUnavailable)
    return new ApiError('upstream', {
      zh: `企业微信无应答（${error.reason}），请稍后再试`,
      en: `WeCom does not answer (${error.reason}): try again later`,
    })
  if (error instanceof OfficialError) {
    const { text, fix, isRight } = explainOfficial(error.errcode)
    return refusal(isRight === true, {
      zh: `微信 ${error.errcode} ${text.zh}（${error.errmsg}）${after('zh', fix)}`,
      en: `WeChat ${error.errcode} ${text.en} (${error.errmsg})${after('en', fix)}`,
    })
  }
  if (error instanceof OfficialUnavailable)
    return new ApiError('upstream', {
      zh: `微信无应答（${error.reason}），请稍后再试`,
      en: `WeChat does not answer (${error.reason}): try again later`,
    })
  if (error instanceof PayError) {
    const { text, internal, fix, isRight } = explainPayError(error)
    const code = error.code || error.status
    return refusal(isRight === true, {
      zh: `微信支付 ${code} ${text.zh}${internal ? `，${internal.zh}` : ''}（${error.said}）${after('zh', fix)}`,
      en: `WeChat Pay ${code} ${text.en}${internal ? `: ${internal.en}` : ''} (${error.said})${after('en', fix)}`,
    })
  }
  if (error instanceof PayUnavailable)
    return new ApiError('upstream', {
      zh: `微信支付无应答（${error.reason}），请稍后再试`,
      en: `WeChat Pay does not answer (${error.reason}): try again later`,
    })
  return error
}

function refusal(isRight: boolean, detail: { zh: string; en: string }): ApiError {
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
