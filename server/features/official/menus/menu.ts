import { type Static, Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { hasControlCharacter, httpAddress } from '../../../platform/http/rules.ts'
import { wordsOfOthers } from '../../../platform/http/told.ts'
import type { WireButton, WireMenu, WireRule } from '../../../upstream/official/calls/menu.ts'

/**
 * What a button does (docs/upstream/official-menus.md#buttons). `site` stands for what only WeChat's own site can make: shown,
 * not published.
 */
export const buttonTypes = [
  'click',
  'view',
  'miniprogram',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'media_id',
  'view_limited',
  'article_id',
  'article_view_limited',
  'site',
] as const

const text = Type.String({ default: '' })
const leafSchema = Type.Object({
  name: Type.String(),
  type: Type.Enum(buttonTypes),
  key: Type.Optional(text),
  url: Type.Optional(text),
  appId: Type.Optional(text),
  pagePath: Type.Optional(text),
  mediaId: Type.Optional(text),
  articleId: Type.Optional(text),
})
/** A button acts, or opens up to five that do. */
const buttonSchema = Type.Object({
  ...leafSchema.properties,
  type: Type.Optional(Type.Enum(buttonTypes)),
  sub: Type.Optional(Type.Array(leafSchema)),
})
export const ruleSchema = Type.Object({
  tagId: Type.Optional(Type.Number()),
  platform: Type.Optional(Type.Enum(['ios', 'android', 'others'])),
})
export const menuSchema = Type.Object({
  buttons: Type.Array(buttonSchema),
  /** The first that fits a follower is shown. */
  personalised: Type.Array(Type.Object({ rule: ruleSchema, buttons: Type.Array(buttonSchema) })),
})
export type Leaf = Static<typeof leafSchema>
export type Button = Static<typeof buttonSchema>
export type MenuRule = Static<typeof ruleSchema>
export type Menu = Static<typeof menuSchema>

/** Bytes are of UTF-8: a Chinese character takes three. */
export const menuLimits = {
  buttons: 3,
  sub: 5,
  nameBytes: 16,
  subNameBytes: 60,
  keyBytes: 128,
  urlBytes: 1024,
  personalised: 50,
} as const

const needs: Record<Exclude<(typeof buttonTypes)[number], 'site'>, (keyof Leaf)[]> = {
  click: ['key'],
  view: ['url'],
  miniprogram: ['url', 'appId', 'pagePath'],
  scancode_push: ['key'],
  scancode_waitmsg: ['key'],
  pic_sysphoto: ['key'],
  pic_photo_or_album: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  media_id: ['mediaId'],
  view_limited: ['mediaId'],
  article_id: ['articleId'],
  article_view_limited: ['articleId'],
}

const limits: Partial<Record<keyof Leaf, number>> = {
  key: menuLimits.keyBytes,
  url: menuLimits.urlBytes,
  appId: menuLimits.keyBytes,
  pagePath: menuLimits.urlBytes,
  mediaId: menuLimits.keyBytes,
  articleId: menuLimits.keyBytes,
}

/** Throws 1000, saying which button is wrong. */
export function checkMenu({ buttons, personalised }: Menu): void {
  checkButtons(buttons, { zh: '', en: '' })
  if (personalised.length > menuLimits.personalised)
    throw bad(
      `个性化菜单最多 ${menuLimits.personalised} 个`,
      `at most ${menuLimits.personalised} personalised menus`,
    )
  for (const [index, one] of personalised.entries()) {
    const where = { zh: `个性化菜单 ${index + 1} 的`, en: `personalised menu ${index + 1}, ` }
    if (one.rule.tagId === undefined && one.rule.platform === undefined)
      throw bad(`${where.zh}条件为空`, `${where.en}no condition`)
    checkButtons(one.buttons, where)
  }
}

type Place = { zh: string; en: string }

function checkButtons(buttons: readonly Button[], where: Place): void {
  if (buttons.length < 1 || buttons.length > menuLimits.buttons)
    throw bad(`${where.zh}一级按钮应为 1 到 3 个`, `${where.en}1 to 3 buttons are needed`)
  for (const [index, button] of buttons.entries()) {
    const at = { zh: `${where.zh}按钮 ${index + 1}`, en: `${where.en}button ${index + 1}` }
    checkName(button.name, menuLimits.nameBytes, at)
    if (!button.sub?.length) checkLeaf(button, at)
    else {
      if (button.sub.length > menuLimits.sub)
        throw bad(`${at.zh} 的二级按钮最多 5 个`, `${at.en}: at most 5 sub-buttons`)
      for (const [n, leaf] of button.sub.entries()) {
        const below = { zh: `${at.zh}.${n + 1}`, en: `${at.en}.${n + 1}` }
        checkName(leaf.name, menuLimits.subNameBytes, below)
        checkLeaf(leaf, below)
      }
    }
  }
}

function checkName(name: string, bytesAtMost: number, at: Place): void {
  if (name.trim() === '') throw bad(`${at.zh} 没有名称`, `${at.en} has no name`)
  if (hasControlCharacter(name, false))
    throw bad(`${at.zh} 的名称含有控制字符`, `${at.en}: control character in the name`)
  const bytes = Buffer.byteLength(name)
  if (bytes > bytesAtMost)
    throw bad(
      `${at.zh} 的名称有 ${bytes} 字节，最多 ${bytesAtMost} 字节（一个汉字 3 字节）`,
      `${at.en}: the name has ${bytes} bytes, at most ${bytesAtMost}`,
    )
}

function checkLeaf(leaf: Partial<Leaf>, at: Place): void {
  const { type } = leaf
  if (type === undefined) throw bad(`${at.zh} 没有响应动作`, `${at.en} does nothing`)
  if (type === 'site')
    throw bad(
      `${at.zh} 是在微信网站上设置的类型，接口不能发布，请换成别的动作`,
      `${at.en} is of a kind that only WeChat's site can make: choose another`,
    )
  for (const field of needs[type]) {
    const entered = String(leaf[field] ?? '')
    const value = field === 'url' ? (httpAddress(entered) ?? '') : entered
    if (entered.trim() === '') throw bad(`${at.zh} 缺少 ${field}`, `${at.en} lacks ${field}`)
    if (field === 'url' && value === '')
      throw bad(`${at.zh} 的网址应以 http:// 或 https:// 开头`, `${at.en}: the URL should be http or https`)
    const bytesAtMost = limits[field] ?? menuLimits.keyBytes
    if (Buffer.byteLength(value) > bytesAtMost)
      throw bad(
        `${at.zh} 的 ${field} 最多 ${bytesAtMost} 字节${field === 'url' ? '（一个汉字编码后 9 字节）' : ''}`,
        `${at.en}: ${field} takes at most ${bytesAtMost} bytes${field === 'url' ? ' (9 for an encoded Chinese character)' : ''}`,
      )
  }
}

function bad(zh: string, en: string): ApiError {
  return new ApiError('badParameter', wordsOfOthers({ zh, en }))
}

const platforms = { ios: '1', android: '2', others: '3' } as const

/** Addresses as WeChat gets them, so that a menu that was published and is read back is still the same version. */
export function withEncodedUrls({ buttons, personalised }: Menu): Menu {
  const encoded = <B extends Partial<Leaf>>(leaf: B): B =>
    leaf.url ? { ...leaf, url: httpAddress(leaf.url) ?? leaf.url } : leaf
  const all = (list: readonly Button[]): Button[] =>
    list.map(button => encoded(button.sub ? { ...button, sub: button.sub.map(encoded) } : button))
  return {
    buttons: all(buttons),
    personalised: personalised.map(one => ({ ...one, buttons: all(one.buttons) })),
  }
}

export function toWireButtons(buttons: readonly Button[]): WireButton[] {
  return buttons.map(button =>
    button.sub?.length ? { name: button.name, sub_button: toWireButtons(button.sub) } : toWireLeaf(button),
  )
}

function toWireLeaf({ name, type, key, url, appId, pagePath, mediaId, articleId }: Button): WireButton {
  const all = { key, url, appid: appId, pagepath: pagePath, media_id: mediaId, article_id: articleId }
  const wanted: readonly string[] =
    type && type !== 'site' ? needs[type].map(field => wireNames[field] ?? field) : []
  const given = Object.entries(all).filter(([field, value]) => value && wanted.includes(field))
  return { name, ...(type ? { type } : {}), ...Object.fromEntries(given) }
}

const wireNames: Partial<Record<keyof Leaf, string>> = {
  appId: 'appid',
  pagePath: 'pagepath',
  mediaId: 'media_id',
  articleId: 'article_id',
}

export function toWireRule({ tagId, platform }: MenuRule): WireRule {
  return {
    ...(tagId === undefined ? {} : { tag_id: String(tagId) }),
    ...(platform ? { client_platform_type: platforms[platform] } : {}),
  }
}

/** The newest personalised menu that fits is shown, and ids grow: the newest stands first with us. */
export function fromWire({ buttons, personalised }: WireMenu): Menu {
  return {
    buttons: buttons.map(fromWireButton),
    personalised: personalised
      .toSorted((a, b) => Number(b.menuId) - Number(a.menuId))
      .map(one => ({
        rule: fromWireRule(one.rule),
        buttons: one.buttons.map(fromWireButton),
      })),
  }
}

function fromWireRule({ tag_id, client_platform_type }: WireRule): MenuRule {
  const platform = Object.entries(platforms).find(([, code]) => code === client_platform_type)?.[0]
  return {
    ...(tag_id ? { tagId: Number(tag_id) } : {}),
    ...(platform ? { platform: platform as keyof typeof platforms } : {}),
  }
}

export function fromWireButton({ name, sub_button: sub, ...one }: WireButton): Button {
  if (sub?.length) return { name, sub: sub.map(leaf => fromWireButton(leaf) as Leaf) }
  const type = buttonTypes.find(known => known === one.type) ?? 'site'
  // What the site made keeps its text or address where people can see it.
  if (type === 'site') return { name, type, key: one.value ?? one.url ?? '' }
  const fields = { key: one.key, url: one.url, appId: one.appid, pagePath: one.pagepath }
  const media = { mediaId: one.media_id, articleId: one.article_id }
  const given = Object.entries({ ...fields, ...media }).filter(([, value]) => value)
  return { name, type, ...Object.fromEntries(given) }
}
