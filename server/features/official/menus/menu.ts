import { type Static, Type } from 'typebox'
import type { WireButton, WireMenu, WireRule } from '../../../upstream/official/calls/menu.ts'
import { type ButtonRules, badMenu, checkButtons, withEncodedUrls } from '../../chat-menus/buttons.ts'

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

const buttonRules: ButtonRules = {
  nameBytes: menuLimits.nameBytes,
  subNameBytes: menuLimits.subNameBytes,
  needs,
  fieldBytes: limits,
  unpublished: {
    site: {
      zh: '是在微信网站上设置的类型，接口不能发布，请换成别的动作',
      en: "is of a kind that only WeChat's site can make: choose another",
    },
  },
}

/** Throws 1000, saying which button is wrong. */
export function checkMenu({ buttons, personalised }: Menu): void {
  checkButtons(buttons, buttonRules)
  if (personalised.length > menuLimits.personalised)
    throw badMenu(
      `个性化菜单最多 ${menuLimits.personalised} 个`,
      `at most ${menuLimits.personalised} personalised menus`,
    )
  for (const [index, one] of personalised.entries()) {
    const where = { zh: `个性化菜单 ${index + 1} 的`, en: `personalised menu ${index + 1}, ` }
    if (one.rule.tagId === undefined && one.rule.platform === undefined)
      throw badMenu(`${where.zh}条件为空`, `${where.en}no condition`)
    checkButtons(one.buttons, buttonRules, where)
  }
}

const platforms = { ios: '1', android: '2', others: '3' } as const

/** As WeChat writes it. */
export function asPublished({ buttons, personalised }: Menu): Menu {
  return {
    buttons: withEncodedUrls(buttons),
    personalised: personalised.map(one => ({ ...one, buttons: withEncodedUrls(one.buttons) })),
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
