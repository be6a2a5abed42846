import { ApiError } from '../errors.ts'
import { checkStructure, elementsAtMost } from './json-structure.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads JSON in valid UTF-8. Throws 1000. */
export function readJson(bytes: Buffer, elements = elementsAtMost): unknown {
  checkStructure(bytes, elements)
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch (error) {
    const what =
      error instanceof SyntaxError
        ? {
            zh: `请求体不是合法的 JSON（${error.message}）`,
            en: `the body is not valid JSON (${error.message})`,
          }
        : { zh: '请求体不是 UTF-8', en: 'the body is not UTF-8' }
    throw new ApiError('badParameter', what)
  }
}
