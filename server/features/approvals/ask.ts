import { ApiError } from '../../platform/http/errors.ts'
import { own, told, wordsOfOthers } from '../../platform/http/told.ts'
import { Refusal, wordsOf } from '../channels/telling.ts'
import { outcomeOf } from '../channels/wecom/outcome.ts'

/** Puts what WeCom answered into an error of the call: 1008 for a refusal, 1010 for a limit, 1011 where it is silent. */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw errorOf(error)
  }
}

export function errorOf(error: unknown): unknown {
  if (error instanceof ApiError) return error
  const outcome = outcomeOf(error)
  if (outcome.kind === 'refused') return new Refusal(outcome.reason)
  if (outcome.kind === 'again' && outcome.afterMs) {
    const seconds = Math.ceil(outcome.afterMs / 1000)
    return new ApiError(
      'tooManyRequests',
      {
        zh: told`达到企业微信审批接口的频率上限，没有提交；${own(seconds)} 秒后再试`,
        en: told`WeCom's limit of calls for approvals is reached and nothing was submitted: try again in ${own(seconds)} seconds`,
      },
      { retryAfterSeconds: seconds },
    )
  }
  return new ApiError('upstream', wordsOfOthers(wordsOf('reason' in outcome ? outcome.reason : '')))
}
