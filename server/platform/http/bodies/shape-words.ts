import type { TSchema } from 'typebox'
import type { TLocalizedValidationError } from 'typebox/error'
import { Value } from 'typebox/value'
import type { Words } from '../../words.ts'
import { nearestName } from '../mistakes/unknown-names.ts'
import { own, type ToldWords, told } from '../told.ts'

/**
 * Returns the first fault of a value of this shape, in words; undefined if it fits. `name` is that of the input and wisp's own,
 * what follows it the place inside, as in `settings.smtp.port`.
 */
export function shapeFault(name: string, schema: TSchema, value: unknown): ToldWords | undefined {
  const strange = strangeNameIn(schema, value)
  if (strange) {
    const words = strangeNameWords(strange)
    return {
      zh: told`${own(name)}${strange.place} ${own(words.zh)}`,
      en: told`${own(name)}${strange.place} ${own(words.en)}`,
    }
  }
  const errors = Value.Errors(schema, value)
  const [error] = errors
  if (!error) return undefined
  const place = error.instancePath.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')
  const choices = errors.flatMap(one =>
    one.keyword === 'const' && one.instancePath === error.instancePath ? [one.params.allowedValue] : [],
  )
  const words = choices.length > 1 ? oneOf(choices) : faultWords(error)
  return {
    zh: told`${own(name)}${place} ${own(words.zh)}`,
    en: told`${own(name)}${place} ${own(words.en)}`,
  }
}

/** A name that an object with a closed list of names does not have; `place` ends with it. */
export type StrangeName = { place: string; name: string; known: readonly string[] }

type Shape = {
  properties?: Record<string, Shape>
  additionalProperties?: unknown
  items?: Shape
  anyOf?: readonly Shape[]
}

/** The first unknown name in the value. It is looked for before anything else, because what is wrong with it is said best by the name. */
export function strangeNameIn(shape: Shape, value: unknown, place = ''): StrangeName | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const inner = shape.anyOf?.find(one => (Array.isArray(value) ? one.items : one.properties)) ?? shape
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) {
      const found = strangeNameIn(inner.items ?? {}, one, `${place}[${at}]`)
      if (found) return found
    }
    return undefined
  }
  const { properties, additionalProperties } = inner
  if (!properties) return undefined
  for (const [name, one] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!known && additionalProperties === false)
      return { place: `${place}.${name}`, name, known: Object.keys(properties) }
    const found = known && strangeNameIn(known, one, `${place}.${name}`)
    if (found) return found
  }
  return undefined
}

/** With the name that was probably meant. */
export function strangeNameWords({ name, known }: StrangeName): Words {
  const nearest = nearestName(name, known)
  return nearest === undefined
    ? { zh: '是不认识的名称', en: 'is an unknown name' }
    : { zh: `是不认识的名称，应为 ${nearest}`, en: `is an unknown name: ${nearest}?` }
}

const types: Record<string, Words> = {
  object: { zh: 'JSON 对象', en: 'a JSON object' },
  array: { zh: '数组', en: 'an array' },
  string: { zh: '字符串', en: 'a string' },
  number: { zh: '数字', en: 'a number' },
  integer: { zh: '整数', en: 'an integer' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  null: { zh: 'null', en: 'null' },
}

function faultWords({ keyword, params: given }: TLocalizedValidationError): Words {
  const params = given as Record<string, unknown>
  const limit = String(params['limit'])
  switch (keyword) {
    case 'type': {
      const wanted = [params['type']]
        .flat()
        .map(one => types[String(one)] ?? { zh: String(one), en: String(one) })
      return {
        zh: `应为 ${wanted.map(one => one.zh).join('或')}`,
        en: `should be ${wanted.map(one => one.en).join(' or ')}`,
      }
    }
    case 'required': {
      const missing = [params['requiredProperties']].flat()
      return { zh: `缺少 ${missing.join('、')}`, en: `lacks ${missing.join(', ')}` }
    }
    case 'additionalProperties':
    case 'unevaluatedProperties':
    case 'boolean':
      return { zh: '有不认识的字段', en: 'has an unknown field' }
    case 'enum':
      return oneOf([params['allowedValues']].flat())
    case 'const':
      return oneOf([params['allowedValue']])
    case 'minLength':
      return { zh: `最少 ${limit} 字`, en: `should have at least ${limit} characters` }
    case 'maxLength':
      return { zh: `最多 ${limit} 字`, en: `should have at most ${limit} characters` }
    case 'minItems':
    case 'minProperties':
      return { zh: `最少 ${limit} 个`, en: `should have at least ${limit}` }
    case 'maxItems':
    case 'maxProperties':
      return { zh: `最多 ${limit} 个`, en: `should have at most ${limit}` }
    case 'minimum':
      return { zh: `不能小于 ${limit}`, en: `should be at least ${limit}` }
    case 'maximum':
      return { zh: `不能大于 ${limit}`, en: `should be at most ${limit}` }
    case 'uniqueItems':
      return { zh: '有重复的项', en: 'has the same item twice' }
    default:
      return { zh: '的格式不对', en: 'has the wrong format' }
  }
}

function oneOf(values: readonly unknown[]): Words {
  const [zh, en] = [values.join('、'), values.join(', ')]
  return values.length > 1
    ? { zh: `应为 ${zh} 之一`, en: `should be one of ${en}` }
    : { zh: `应为 ${zh}`, en: `should be ${en}` }
}
