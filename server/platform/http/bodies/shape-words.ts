import type { TLocalizedValidationError } from 'typebox/error'
import { own, type ToldWords, told } from '../told.ts'

const types: Record<string, string> = {
  object: 'JSON 对象',
  array: '数组',
  string: '字符串',
  number: '数字',
  integer: '整数',
  boolean: 'true 或 false',
  null: 'null',
}

/** What is wrong with the value at this path of an input, in words; `error` is TypeBox's, whose own message is English. */
export function shapeFault(
  name: string,
  path: string,
  { keyword, params, message }: TLocalizedValidationError,
): ToldWords {
  const chinese = inChinese(keyword, params as Record<string, unknown>)
  return { zh: told`${own(name)}${path} ${own(chinese)}`, en: told`${own(name)}${path} ${own(message)}` }
}

function inChinese(keyword: string, params: Record<string, unknown>): string {
  switch (keyword) {
    case 'type':
      return `应为 ${[params['type']]
        .flat()
        .map(one => types[String(one)] ?? one)
        .join('或')}`
    case 'required':
      return `缺少 ${[params['requiredProperties']].flat().join('、')}`
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return '有不认识的字段'
    case 'enum':
      return `应为 ${[params['allowedValues']].flat().join('、')} 之一`
    case 'const':
      return `应为 ${String(params['allowedValue'])}`
    case 'minLength':
      return `最少 ${params['limit']} 字`
    case 'maxLength':
      return `最多 ${params['limit']} 字`
    case 'minItems':
    case 'minProperties':
      return `最少 ${params['limit']} 个`
    case 'maxItems':
    case 'maxProperties':
      return `最多 ${params['limit']} 个`
    case 'minimum':
      return `不能小于 ${params['limit']}`
    case 'maximum':
      return `不能大于 ${params['limit']}`
    default:
      return '的格式不对'
  }
}
