import { storable } from '../../../platform/storage/foreign-text.ts'
import { NotUnderstood } from '../reason.ts'

/** What a push says of one to-do, by the vendor's names. */
export type Item = Readonly<Record<string, unknown>>

/** A field as text, whatever JSON has it as; '' for none. Throws for an object. */
export function textIn(item: Item, name: string, atMost = 4000): string {
  const value = item[name]
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new NotUnderstood('badField', name)
  const text = storable(String(value)).trim()
  if (text.length > atMost) throw new NotUnderstood('tooLong', name)
  return text
}

/** What identifies something: short enough for an index, and there. */
export function nameIn(item: Item, name: string, orElse?: NotUnderstood): string {
  const text = textIn(item, name, 300)
  if (text === '') throw orElse ?? new NotUnderstood('missing', name)
  return text
}

export function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One line of at most so many characters. Vendors have longer titles than a list has room for. */
export function line(text: string, atMost: number): string {
  const flat = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return flat.length <= atMost ? flat : `${flat.slice(0, atMost - 1).toWellFormed()}…`
}

/** One line of what a to-do is about; longer ones are cut. */
export function titleIn(item: Item, name: string): string {
  const title = line(textIn(item, name), 200)
  if (title === '') throw new NotUnderstood('missing', name)
  return title
}

const localTime = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/

/**
 * A time of a vendor: local time of China to the day, minute or second, or milliseconds. Undefined for none; throws for anything
 * else.
 */
export function timeIn(item: Item, name: string): Date | undefined {
  const text = textIn(item, name)
  if (text === '') return undefined
  if (/^\d{11,14}$/.test(text)) return new Date(Number(text))
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = localTime.exec(text) ?? []
  const two = (part: string) => part.padStart(2, '0')
  const at = new Date(
    `${year}-${two(month ?? '')}-${two(day ?? '')}T${two(hour)}:${two(minute)}:${two(second)}+08:00`,
  )
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  if (Number.isNaN(at.getTime()) || !isDay)
    throw new NotUnderstood('badField', `${name} ${text.slice(0, 40)}`)
  return at
}

/** Milliseconds of the sender; null without any. */
export function versionIn(item: Item, name: string): number | null {
  const text = textIn(item, name)
  if (text === '') return null
  if (!/^\d{1,15}$/.test(text)) throw new NotUnderstood('badField', `${name} ${text.slice(0, 40)}`)
  return Number(text)
}
