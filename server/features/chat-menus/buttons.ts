import { ApiError } from '../../platform/http/errors.ts'
import { hasControlCharacter, httpAddress } from '../../platform/http/rules.ts'
import { wordsOfOthers } from '../../platform/http/told.ts'

/** What acts: its name, its type, and what that type needs, by the names of its fields. */
export type Leaf = { name: string; type?: string | undefined }
/** A button acts, or opens others that do. */
export type Button = Leaf & { sub?: Leaf[] | undefined }

/** What a vendor allows. Bytes are of UTF-8: a Chinese character takes three. */
export type ButtonRules = {
  nameBytes: number
  subNameBytes: number
  /** Fields of a leaf that each type cannot do without. */
  needs: Readonly<Record<string, readonly string[]>>
  fieldBytes: Readonly<Record<string, number>>
  /** Why a type can be shown and not be published. */
  unpublished?: Readonly<Record<string, { zh: string; en: string }>>
}

export const buttonsAtMost = 3
export const subAtMost = 5

export type ButtonPlace = { zh: string; en: string }

/** `where` goes before the number of the button. Throws 1000, saying which button is wrong. */
export function checkButtons(
  buttons: readonly Button[],
  rules: ButtonRules,
  where: ButtonPlace = nowhere,
): void {
  if (buttons.length < 1 || buttons.length > buttonsAtMost)
    throw badMenu(`${where.zh}一级按钮应为 1 到 3 个`, `${where.en}1 to 3 buttons are needed`)
  for (const [index, button] of buttons.entries()) {
    const at = { zh: `${where.zh}按钮 ${index + 1}`, en: `${where.en}button ${index + 1}` }
    checkName(button.name, rules.nameBytes, at)
    if (!button.sub?.length) checkLeaf(button, rules, at)
    else {
      if (button.sub.length > subAtMost)
        throw badMenu(`${at.zh} 的二级按钮最多 5 个`, `${at.en}: at most 5 sub-buttons`)
      for (const [n, leaf] of button.sub.entries()) {
        const below = { zh: `${at.zh}.${n + 1}`, en: `${at.en}.${n + 1}` }
        checkName(leaf.name, rules.subNameBytes, below)
        checkLeaf(leaf, rules, below)
      }
    }
  }
}

const nowhere: ButtonPlace = { zh: '', en: '' }

function checkName(name: string, bytesAtMost: number, at: ButtonPlace): void {
  if (name.trim() === '') throw badMenu(`${at.zh} 没有名称`, `${at.en} has no name`)
  if (hasControlCharacter(name, false))
    throw badMenu(`${at.zh} 的名称含有控制字符`, `${at.en}: control character in the name`)
  const bytes = Buffer.byteLength(name)
  if (bytes > bytesAtMost)
    throw badMenu(
      `${at.zh} 的名称有 ${bytes} 字节，最多 ${bytesAtMost} 字节（一个汉字 3 字节）`,
      `${at.en}: the name has ${bytes} bytes, at most ${bytesAtMost}`,
    )
}

function checkLeaf(leaf: Leaf, { needs, fieldBytes, unpublished }: ButtonRules, at: ButtonPlace): void {
  const { type } = leaf
  if (type === undefined) throw badMenu(`${at.zh} 没有响应动作`, `${at.en} does nothing`)
  const why = unpublished?.[type]
  if (why) throw badMenu(`${at.zh} ${why.zh}`, `${at.en} ${why.en}`)
  for (const field of needs[type] ?? []) {
    const entered = String((leaf as Readonly<Record<string, unknown>>)[field] ?? '')
    const value = field === 'url' ? (httpAddress(entered) ?? '') : entered
    if (entered.trim() === '') throw badMenu(`${at.zh} 缺少 ${field}`, `${at.en} lacks ${field}`)
    if (field === 'url' && value === '')
      throw badMenu(
        `${at.zh} 的网址应以 http:// 或 https:// 开头`,
        `${at.en}: the URL should be http or https`,
      )
    const bytesAtMost = fieldBytes[field] ?? Number.POSITIVE_INFINITY
    if (Buffer.byteLength(value) > bytesAtMost)
      throw badMenu(
        `${at.zh} 的 ${field} 最多 ${bytesAtMost} 字节${field === 'url' ? '（一个汉字编码后 9 字节）' : ''}`,
        `${at.en}: ${field} takes at most ${bytesAtMost} bytes${field === 'url' ? ' (9 for an encoded Chinese character)' : ''}`,
      )
  }
}

export function badMenu(zh: string, en: string): ApiError {
  return new ApiError('badParameter', wordsOfOthers({ zh, en }))
}

/** Addresses as vendors get them, so that a menu that was published and is read back is still the same version. */
export function withEncodedUrls<B extends Button>(buttons: readonly B[]): B[] {
  const encoded = <L extends Leaf>(leaf: L): L => {
    const { url } = leaf as { url?: unknown }
    return typeof url === 'string' && url !== '' ? { ...leaf, url: httpAddress(url) ?? url } : leaf
  }
  return buttons.map(button => encoded(button.sub ? { ...button, sub: button.sub.map(encoded) } : button))
}
