import { ApiError } from '../errors.ts'
import { told } from '../told.ts'
import { elementsAtMost } from './excess.ts'
import { checkStructure } from './json-structure.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads JSON in valid UTF-8. Throws 1000. */
export function readJson(bytes: Buffer, elements = elementsAtMost): unknown {
  checkStructure(bytes, elements)
  return parseJson(bytes)
}

/** Parses JSON whose elements have been counted. @throws ApiError 1000 if it is not UTF-8 or not JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch (error) {
    if (!(error instanceof SyntaxError))
      throw new ApiError('badParameter', { zh: '请求体不是 UTF-8', en: 'the body is not UTF-8' })
    throw new ApiError('badParameter', {
      zh: told`请求体不是合法的 JSON（${error.message}）`,
      en: told`the body is not valid JSON (${error.message})`,
    })
  }
}
