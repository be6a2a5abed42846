import { ApiError } from './errors.ts'
import { explainErrcode, WecomError, WecomUnavailable } from './upstream/wecom/errors.ts'

/** An upstream failure as a caller sees it: 1011 with the vendor's code and what it means (spec §2). */
export function upstreamError(error: unknown): unknown {
  if (error instanceof WecomError) {
    return new ApiError(
      'upstream',
      `企业微信 ${error.errcode} ${explainErrcode(error.errcode).text}（${error.errmsg}）`,
    )
  }
  if (error instanceof WecomUnavailable)
    return new ApiError('upstream', `企业微信无应答（${error.reason}），请稍后再试`)
  return error
}
