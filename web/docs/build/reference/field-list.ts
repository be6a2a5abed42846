import type { Schema } from '../../shared/call.ts'
import type { Language } from '../content.ts'
import { escapeHtml } from '../html.ts'
import { put, words } from '../words.ts'
import { choicesOf, listOf, typeOf } from './calls.ts'

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

/** The fields of an object, or of the objects of a list, with those inside them; '' where there are none. */
export function fieldList(schema: Schema, language: Language): string {
  const { properties, required = [] } = schema.items ?? schema
  const entries = Object.entries(properties ?? {})
  if (entries.length === 0) return ''
  const rows = entries.map(([name, inner]) => {
    const head = `<code>${escapeHtml(name)}</code> <span class="type">${escapeHtml(typeOf(inner))}</span>${required.includes(name) ? '' : ` <span class="quiet">${words[language].optional}</span>`} ${escapeHtml(inner.description ?? '')}${limitsOf(inner, language)}`
    const below = fieldList(inner, language)
    return below ? `<li><details open><summary>${head}</summary>${below}</details></li>` : `<li>${head}</li>`
  })
  return `<ul class="answer-fields">${rows.join('')}</ul>`
}

/** The same as Markdown. `needed` says which of the given fields are always there. */
export function fieldLines(schema: Schema, language: Language, indent = ''): string {
  const { properties = {}, required = [] } = schema.items ?? schema
  return Object.entries(properties)
    .map(([name, inner]) => {
      const choices = choicesOf(inner)
      const values = choices.length > 0 ? `（${choices.join(' | ')}）` : ''
      const need = required.includes(name) ? '' : `, ${words[language].optional}`
      const head =
        `${indent}- \`${name}\` (${typeOf(inner)}${need})${values} ${inner.description ?? ''}`.trimEnd()
      const below = fieldLines(inner, language, `${indent}  `)
      return below ? `${head}\n${below}` : head
    })
    .join('\n')
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
