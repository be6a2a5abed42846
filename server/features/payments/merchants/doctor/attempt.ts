import type { Words } from '../../../../platform/words.ts'
import { explainPayError } from '../../../../upstream/wechat-pay/codes.ts'
import { PayError, PayUnavailable } from '../../../../upstream/wechat-pay/errors.ts'

export type Attempt<T> =
  | { value: T; error?: undefined }
  | { error: PayError | PayUnavailable; why: Words; fix?: Words }

/** WeChat Pay's answer, or in words why there is none and what to do. Everything else is thrown. */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof PayError) return { error, ...toldOf(error) }
    if (error instanceof PayUnavailable) {
      const why = { zh: '微信支付没有可用的应答', en: 'WeChat Pay gave no usable answer' }
      return { error, why: { zh: `${why.zh}（${error.message}）`, en: `${why.en} (${error.message})` } }
    }
    throw error
  }
}

/** What we know of the refusal, with WeChat Pay's own words. */
export function toldOf(error: PayError): { why: Words; fix?: Words } {
  const { text, fix, internal } = explainPayError(error)
  const own = [error.code || String(error.status), error.said, error.detail?.field].filter(Boolean).join(' ')
  const zh = internal ? `${text.zh}：${internal.zh}` : text.zh
  const en = internal ? `${text.en}: ${internal.en}` : text.en
  return { why: { zh: `${zh}（${own}）`, en: `${en} (${own})` }, ...(fix ? { fix } : {}) }
}
