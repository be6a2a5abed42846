import { ApiError } from '../../http/errors.ts'

export function tooManyAttempts(retryAfterSeconds: number): ApiError {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  return new ApiError(
    'tooManyRequests',
    {
      zh: `错误次数过多，请 ${minutes} 分钟后再试`,
      en: `too many wrong attempts: try again in ${minutes} minutes`,
    },
    { retryAfterSeconds },
  )
}
