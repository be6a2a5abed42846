import type { Words } from '../../server/platform/words.ts'

/** A schema as TypeBox writes it: the parts that the declarations of calls use. */
export type Schema = {
  type?: string
  about?: Words
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  required?: readonly string[]
  contentMediaType?: string
}

export type TypeTexts = {
  /** `isInput`: what may be left out may also be undefined. */
  of(schema: Schema, isInput: boolean, indent?: string): string
}

/** Writes schemas as TypeScript types. `names` gives schemas that have one by their JSON (`keyOf`). */
export function typeTexts(names: ReadonlyMap<string, string>): TypeTexts {
  function typeOf(schema: Schema, isInput: boolean, indent = ''): string {
    return names.get(keyOf(schema)) ?? plainTypeOf(schema, isInput, indent)
  }

  function plainTypeOf(schema: Schema, isInput: boolean, indent: string): string {
    if (schema.contentMediaType) return isInput ? 'Blob' : 'WispFile'
    if (schema.anyOf) return schema.anyOf.map(one => typeOf(one, isInput, indent)).join(' | ')
    if (schema.enum) return schema.enum.map(literal).join(' | ')
    if (schema.const !== undefined) return literal(schema.const)
    switch (schema.type) {
      case 'integer':
      case 'number':
        return 'number'
      case 'string':
      case 'boolean':
      case 'null':
        return schema.type
      case 'array':
        return arrayOf(typeOf(schema.items ?? {}, isInput, indent), isInput)
      case 'object':
        return objectOf(schema, isInput, indent)
      default:
        return 'unknown'
    }
  }

  function objectOf(
    { properties = {}, patternProperties, required = [] }: Schema,
    isInput: boolean,
    indent: string,
  ) {
    const [values] = Object.values(patternProperties ?? {})
    if (values) return `Record<string, ${typeOf(values, isInput, indent)}>`
    const inner = `${indent}  `
    const lines = Object.entries(properties).flatMap(([name, schema]) => {
      const isRequired = required.includes(name)
      const type = typeOf(schema, isInput, inner)
      const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`
      return [
        ...(schema.about ? [`${inner}/** ${commentText(inBoth(schema.about))} */`] : []),
        `${inner}${key}${isRequired ? '' : '?'}: ${type}${isInput && !isRequired ? ' | undefined' : ''}`,
      ]
    })
    return lines.length === 0 ? 'Record<string, never>' : `{\n${lines.join('\n')}\n${indent}}`
  }

  return { of: typeOf }
}

export function keyOf(schema: Schema): string {
  const { about, ...rest } = schema
  return JSON.stringify(rest)
}

/** Joins Chinese and English, as the comments of the SDK have both. */
export const inBoth = ({ zh, en }: Words): string => (zh === en ? zh : `${zh} · ${en}`)

export function commentText(text: string): string {
  return text.replaceAll('*/', '*\\/').replace(/\s+/g, ' ')
}

/** Callers may give lists that nothing may change. */
function arrayOf(type: string, isInput: boolean): string {
  const one = /[ |]/.test(type) && !type.startsWith('{') ? `(${type})` : type
  return isInput ? `readonly ${one}[]` : `${one}[]`
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value)
}
