import { isTimeZone } from '../time-zone.ts'
import { ApiError } from './errors.ts'
import { type MarkedText, own, type ToldWords, told } from './told.ts'

// The rules for what people enter, on whatever way it comes in.

/**
 * A text of at most `max` characters without control characters; with `lines`, line breaks and tabs are allowed. Throws
 * 1000, naming the field.
 */
export function checkText(text: string, name: string, max: number, lines = false): void {
  if (text.length > max)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 最长 ${own(max)} 个字符，现有 ${own(text.length)} 个`,
      en: told`${own(name)} takes at most ${own(max)} characters and has ${own(text.length)}`,
    })
  if (hasControlCharacter(text, lines)) throw new ApiError('badParameter', controlCharacter(name))
  if (!text.isWellFormed()) throw new ApiError('badParameter', loneSurrogate(name))
}

/** A text that cannot be blank. Throws 1001 and 1000. */
export function checkRequired(text: string, name: string, max: number): void {
  checkText(text, name, max)
  if (text.trim() === '') throw new ApiError('missingParameter', told`${own(name)}`)
}

/** What an upstream counts in bytes of UTF-8. Throws 1000. */
export function checkBytes(text: string, name: string, max: number): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > max)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 最长 ${own(max)} 字节，现有 ${own(bytes)} 字节（一个汉字 3 字节）`,
      en: told`${own(name)} takes at most ${own(max)} bytes and has ${own(bytes)} (a Chinese character has 3)`,
    })
}

const namesAtMost = 64

/** What somebody calls a corp, an app and so on, without the blanks around it. Throws 1001 and 1000. */
export function readName(text: string, name = 'name'): string {
  checkRequired(text, name, namesAtMost)
  return text.trim()
}

export const controlCharacter = (name: MarkedText | string): ToldWords => ({
  zh: told`${own(name)} 含有控制字符，请去掉`,
  en: told`${own(name)} contains a control character: remove it`,
})
export const loneSurrogate = (name: MarkedText | string): ToldWords => ({
  zh: told`${own(name)} 含有不成对的代理字符`,
  en: told`${own(name)} contains half a surrogate pair`,
})

export function hasControlCharacter(text: string, lines: boolean): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const isBreak = code === 9 || code === 10 || code === 13
    if (code === 127 || (code < 32 && !(lines && isBreak))) return true
  }
  return false
}

/** A list of at most `max` entries; repeated ones count once. Throws 1000. */
export function readSet<T>(list: readonly T[], name: string, max: number): T[] {
  const set = [...new Set(list)]
  if (set.length > max)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 最多 ${own(max)} 个，收到 ${own(set.length)} 个`,
      en: told`${own(name)} takes at most ${own(max)}, got ${own(set.length)}`,
    })
  return set
}

/**
 * An absolute http or https address in the form in which it is sent: percent-encoded, the host in ASCII. Undefined for anything
 * else.
 */
export function httpAddress(text: string): string | undefined {
  const url = URL.parse(text)
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined
}

const mailAddress = /^[^\s@<>",;:]+@[^\s@<>",;:]+\.[^\s@<>",;:]+$/

export function isMailAddress(text: string): boolean {
  return mailAddress.test(text)
}

/** Throws 1000 for a zone that does not exist; `name` is the input's. */
export function checkTimeZone(timeZone: string, name: string): void {
  if (isTimeZone(timeZone)) return
  throw new ApiError('badParameter', {
    zh: told`${own(name)}：没有时区 ${timeZone}，应如 Asia/Shanghai`,
    en: told`${own(name)}: there is no time zone ${timeZone}; it should be like Asia/Shanghai`,
  })
}
