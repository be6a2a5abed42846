import type { FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'

/** 415 for a body that is not what the call takes, with what it is instead where that is a usual mistake. */
export function wrongType(request: FastifyRequest): ApiError {
  if (request.routeOptions.config.bodySize?.form !== undefined)
    return new ApiError(
      'badParameter',
      {
        zh: '该接口接收文件：Content-Type 应为 multipart/form-data',
        en: 'this call takes a file: Content-Type should be multipart/form-data',
      },
      { status: 415 },
    )
  const type = request.headers['content-type'] ?? ''
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type))
    return new ApiError(
      'badParameter',
      {
        zh: '请求体是表单；请以 JSON 发送，Content-Type 应为 application/json',
        en: 'the body is a form: send JSON, with Content-Type application/json',
      },
      { status: 415 },
    )
  return new ApiError(
    'badParameter',
    { zh: 'Content-Type 应为 application/json', en: 'Content-Type should be application/json' },
    { status: 415 },
  )
}

/** Throws 415 for a compressed body, which would look like broken JSON. */
export function checkEncoding({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']
  if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return
  throw new ApiError(
    'badParameter',
    {
      zh: '请求体不能压缩，请去掉 Content-Encoding（gzip 等）后原样发送',
      en: 'the body cannot be compressed: send it as it is, without Content-Encoding (gzip and the like)',
    },
    { status: 415 },
  )
}
