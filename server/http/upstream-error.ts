import {
  explainErrcode as explainOfficial,
  OfficialError,
  OfficialUnavailable,
} from '../upstream/official/errors.ts'
import { explainPayError } from '../upstream/wechat-pay/codes.ts'
import { PayError, PayUnavailable } from '../upstream/wechat-pay/errors.ts'
import { explainErrcode, WecomError, WecomUnavailable } from '../upstream/wecom/errors.ts'
import { ApiError } from './errors.ts'
import { wordsIn } from './words.ts'

/** An upstream failure as the caller sees it: 1011 with the vendor's code and its meaning (spec §2). */
export function upstreamError(error: unknown): unknown {
  if (error instanceof WecomError) {
    const { text } = explainErrcode(error.errcode)
    return new ApiError('upstream', {
      zh: `企业微信 ${error.errcode} ${wordsIn('zh', text)}（${error.errmsg}）`,
      en: `WeCom ${error.errcode} ${wordsIn('en', text)} (${error.errmsg})`,
    })
  }
  if (error instanceof WecomUnavailable)
    return new ApiError('upstream', {
      zh: `企业微信无应答（${error.reason}），请稍后再试`,
      en: `WeCom does not answer (${error.reason}): try again later`,
    })
  if (error instanceof OfficialError) {
    const { text } = explainOfficial(error.errcode)
    return new ApiError('upstream', {
      zh: `微信 ${error.errcode} ${text.zh}（${error.errmsg}）`,
      en: `WeChat ${error.errcode} ${text.en} (${error.errmsg})`,
    })
  }
  if (error instanceof OfficialUnavailable)
    return new ApiError('upstream', {
      zh: `微信无应答（${error.reason}），请稍后再试`,
      en: `WeChat does not answer (${error.reason}): try again later`,
    })
  if (error instanceof PayError) {
    const { text, internal, fix } = explainPayError(error)
    const code = error.code || error.status
    return new ApiError('upstream', {
      zh: `微信支付 ${code} ${text.zh}${internal ? `，${internal.zh}` : ''}（${error.text}）${fix ? `。${fix.zh}` : ''}`,
      en: `WeChat Pay ${code} ${text.en}${internal ? `: ${internal.en}` : ''} (${error.text})${fix ? `. ${fix.en}` : ''}`,
    })
  }
  if (error instanceof PayUnavailable)
    return new ApiError('upstream', {
      zh: `微信支付无应答（${error.reason}），请稍后再试`,
      en: `WeChat Pay does not answer (${error.reason}): try again later`,
    })
  return error
}

/** Waits for an upstream's answer, and throws its failure as the caller sees it. */
export async function fromUpstream<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw upstreamError(error)
  }
}
