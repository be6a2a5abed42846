import { nearestOf } from '../../nearest.ts'
import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'

const editsAtMost = 4

/** 404: there is no such call. Names the known path that was probably meant; nothing else of the address gets into the log. */
export function noSuchPath(path: string, known: Iterable<string>): ApiError {
  const shown = path.slice(0, 200)
  const nearest = path.length <= 80 ? nearestOf(path, known, editsAtMost) : undefined
  if (nearest === undefined)
    return new ApiError(
      'badParameter',
      { zh: told`没有接口 ${shown}`, en: told`there is no call ${shown}` },
      { status: 404 },
    )
  return new ApiError(
    'badParameter',
    {
      zh: told`没有接口 ${shown}，是不是 ${own(nearest)}？`,
      en: told`there is no call ${shown}; did you mean ${own(nearest)}?`,
    },
    { status: 404 },
  )
}

/** What a browser asks before a page of another site may call. */
export function isPreflight(method: string, headers: Record<string, unknown>): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

export function noCrossOrigin(): ApiError {
  return new ApiError(
    'badParameter',
    {
      zh: '接口由服务器调用，不接受其他网站的页面直接调用（没有 CORS）；页面请调用自己的服务器',
      en: 'calls are made by servers, and pages of other sites cannot make them (there is no CORS): let the page call its own server',
    },
    { status: 405 },
  )
}
