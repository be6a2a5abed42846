import type { Schema } from '../../shared/call.ts'
import type { Language } from '../content.ts'
import { escapeHtml } from '../html.ts'
import { put, words } from '../words.ts'
import { choicesOf, fieldsIn, listOf, objectsIn, typeOf } from './calls.ts'

/** What values a field takes, in a few words. */
export function limitsOf(schema: Schema, language: Language): string {
  const w = words[language]
  const { minimum, maximum, maxLength } = schema
  const maxItems = listOf(schema)?.maxItems
  const choices = choicesOf(schema)
  const hasRange = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  const limits = [
    ...(choices.length > 0
      ? [`${w.oneOf} ${choices.map(one => `<code>${escapeHtml(one)}</code>`).join(' ')}`]
      : []),
    ...(hasRange ? [put(w.between, { a: minimum, b: maximum })] : []),
    ...(maxLength === undefined ? [] : [put(w.upTo, { n: maxLength })]),
    ...(maxItems === undefined ? [] : [put(w.upToItems, { n: maxItems })]),
    ...(schema.default === undefined ? [] : [put(w.byDefault, { v: String(schema.default) })]),
  ]
  return limits.length > 0
    ? `<span class="limits">${limits.join(language === 'zh' ? '，' : ', ')}</span>`
    : ''
}

/** The fields of whatever objects a value is made of, with those inside them; '' where there are none. */
export function fieldList(schema: Schema, language: Language): string {
  const w = words[language]
  const lists = objectsIn(schema).map(object => {
    const rows = fieldsIn(object).map(({ name, schema: inner, required }) => {
      const head = `<code>${escapeHtml(name)}</code> <span class="type">${escapeHtml(typeOf(inner))}</span>${required ? '' : ` <span class="quiet">${w.optional}</span>`} ${escapeHtml(inner.description ?? '')}${limitsOf(inner, language)}`
      const below = fieldList(inner, language)
      return below
        ? `<li><details open><summary>${head}</summary>${below}</details></li>`
        : `<li>${head}</li>`
    })
    return rows.length > 0 ? `<ul class="answer-fields">${rows.join('')}</ul>` : ''
  })
  return lists.filter(Boolean).join(`<p class="quiet">${w.or}</p>`)
}

/** The same as Markdown. Of an answer only what may be missing is marked, of inputs also what is required. */
export function fieldLines(
  schema: Schema,
  language: Language,
  { indent = '', isInput = false }: { indent?: string; isInput?: boolean } = {},
): string {
  const w = words[language]
  const lists = objectsIn(schema).map(object =>
    fieldsIn(object)
      .map(({ name, schema: inner, required }) => {
        const choices = choicesOf(inner)
        const values = choices.length > 0 ? `（${choices.join(' | ')}）` : ''
        const need = required ? (isInput ? `, ${w.required}` : '') : `, ${w.optional}`
        const head =
          `${indent}- \`${name}\` (${typeOf(inner)}${need})${values} ${inner.description ?? ''}`.trimEnd()
        const below = fieldLines(inner, language, { indent: `${indent}  `, isInput })
        return below ? `${head}\n${below}` : head
      })
      .join('\n'),
  )
  return lists.filter(Boolean).join(`\n\n${indent}${w.or}\n\n`)
}

/** Names and descriptions of all fields, for the search. */
export function fieldWords(schema: Schema | undefined): string {
  if (!schema) return ''
  const each = Object.entries(schema.properties ?? {}).map(
    ([name, inner]) =>
      `${name} ${inner.description ?? ''} ${choicesOf(inner).join(' ')} ${fieldWords(inner)}`,
  )
  const others = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])].map(fieldWords)
  return [...each, ...others].join(' ').replace(/\s+/g, ' ').trim()
}
