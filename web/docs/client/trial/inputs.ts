import type { Input } from '../../shared/call.ts'
import { byId } from '../dom.ts'
import { put, say } from '../words.ts'

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

function controlOf(name: string): Control | null {
  return byId(`input-${name}`) as Control | null
}

/** Writes back what was entered before the page was loaded again. */
export function restoreFields(inputs: readonly Input[], kept: Readonly<Record<string, string>>): void {
  for (const { name } of inputs) {
    const control = controlOf(name)
    const text = kept[name]
    if (!control || text === undefined) continue
    control.value = text
    control.dataset['touched'] = '1'
  }
}

/** Writes values into the fields that nobody has changed. */
export function fillFields(inputs: readonly Input[], values: Record<string, unknown>): void {
  for (const { name, kind } of inputs) {
    const control = controlOf(name)
    if (!control || control.dataset['touched']) continue
    control.value = textOf(values[name], kind)
  }
}

function textOf(value: unknown, kind: Input['kind']): string {
  if (value === undefined) return ''
  if (kind === 'list' && Array.isArray(value)) return value.join('|')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What the fields say, without empty ones. Throws an Error with words for JSON that is none. */
export function readFields(inputs: readonly Input[]): Record<string, unknown> {
  return Object.fromEntries(
    inputs.flatMap(({ name, kind }) => {
      const text = controlOf(name)?.value ?? ''
      if (text.trim() === '') return []
      return [[name, valueIn(name, kind, text)]]
    }),
  )
}

function valueIn(name: string, kind: Input['kind'], text: string): unknown {
  if (kind === 'number' && /^\s*-?\d+\s*$/.test(text)) return Number(text)
  if (kind === 'list')
    return text.trim().startsWith('[') ? parsed(name, text) : text.split('|').map(one => one.trim())
  if (kind === 'boolean') return text === 'true'
  return kind === 'json' ? parsed(name, text) : text
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(put(say().badJson, { name }))
  }
}
