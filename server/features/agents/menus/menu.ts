import { type Static, Type } from 'typebox'
import type { WecomButton } from '../../../upstream/wecom/menu.ts'
import type { AppPage } from '../../apps/app-link.ts'
import { type ButtonRules, checkButtons, withEncodedUrls } from '../../chat-menus/buttons.ts'

/**
 * What a button does (docs/upstream/wecom-menus.md#buttons). `app` opens one of wisp's apps and is published as a view of wisp's own
 * link; `other` stands for types that wisp does not know: shown, not published.
 */
export const buttonTypes = [
  'click',
  'view',
  'view_miniprogram',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'app',
  'other',
] as const

const text = Type.String({ default: '' })
const leafSchema = Type.Object({
  name: Type.String(),
  type: Type.Enum(buttonTypes),
  key: Type.Optional(text),
  url: Type.Optional(text),
  /** Of a mini-program. */
  appId: Type.Optional(text),
  pagePath: Type.Optional(text),
  /** One of wisp's apps, and a page of it. */
  app: Type.Optional(text),
  path: Type.Optional(text),
})
/** A button acts, or opens up to five that do. */
const buttonSchema = Type.Object({
  ...leafSchema.properties,
  type: Type.Optional(Type.Enum(buttonTypes)),
  sub: Type.Optional(Type.Array(leafSchema)),
})
export const menuSchema = Type.Object({ buttons: Type.Array(buttonSchema) })
export type Leaf = Static<typeof leafSchema>
export type Button = Static<typeof buttonSchema>
export type Menu = Static<typeof menuSchema>

/** Bytes are of UTF-8: a Chinese character takes three. */
export const menuLimits = { nameBytes: 16, subNameBytes: 40, keyBytes: 128, urlBytes: 1024 } as const

const needs: Record<Exclude<(typeof buttonTypes)[number], 'other'>, (keyof Leaf)[]> = {
  click: ['key'],
  view: ['url'],
  view_miniprogram: ['appId', 'pagePath'],
  scancode_push: ['key'],
  scancode_waitmsg: ['key'],
  pic_sysphoto: ['key'],
  pic_photo_or_album: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  app: ['app'],
}

const { keyBytes, urlBytes } = menuLimits
const buttonRules: ButtonRules = {
  nameBytes: menuLimits.nameBytes,
  subNameBytes: menuLimits.subNameBytes,
  needs,
  fieldBytes: { key: keyBytes, url: urlBytes, appId: keyBytes, pagePath: urlBytes, app: 64 },
  unpublished: {
    other: {
      zh: '是 wisp 不认识的类型，不能发布，请换成别的动作',
      en: 'is of a type that wisp does not know: choose another',
    },
  },
}

/** Throws 1000, saying which button is wrong. */
export const checkMenu = ({ buttons }: Menu): void => checkButtons(buttons, buttonRules)

/** As WeCom writes it. */
export function asPublished({ buttons }: Menu): Menu {
  return { buttons: withEncodedUrls(buttons.map(one => ({ ...ownFields(one), ...subOf(one) }))) }
}

/** A button that opens others does nothing else. */
function subOf({ sub }: Button): { sub?: Leaf[] } {
  return sub?.length ? { sub: sub.map(leaf => ownFields(leaf) as Leaf) } : {}
}

/** What was typed for another type is left out, as WeCom would leave it. */
function ownFields(button: Button): Button {
  const { name, type, sub } = button
  if (sub?.length || type === undefined) return { name }
  const wanted = type === 'other' ? ['key'] : [...needs[type], ...(type === 'app' ? ['path'] : [])]
  const given = Object.entries(button).filter(([field, value]) => wanted.includes(field) && value)
  return { name, type, ...Object.fromEntries(given) }
}

/** All that act, with where they stand. */
export function leavesOf({ buttons }: Menu): { leaf: Button; at: string }[] {
  return buttons.flatMap((button, n) => {
    const below = (button.sub ?? []).map((leaf, index) => ({
      leaf: leaf as Button,
      at: `${n + 1}.${index + 1}`,
    }))
    return below.length > 0 ? below : [{ leaf: button, at: String(n + 1) }]
  })
}

/** `linkOf` is wisp's address of an app. */
export function toWire(buttons: readonly Button[], linkOf: (page: AppPage) => string): WecomButton[] {
  return buttons.map(({ name, sub, ...leaf }) => {
    if (sub?.length) return { name, sub_button: toWire(sub, linkOf) }
    const { type = 'view', key, url, appId, pagePath, app, path } = leaf
    if (type === 'app' && app) return { name, type: 'view', url: linkOf({ appId: app, path }) }
    const fields = { key, url, appid: appId, pagepath: pagePath }
    const given = Object.entries(fields).filter(([, value]) => value)
    return { name, type, ...Object.fromEntries(given) }
  })
}

/** `pageOf` is the app of this corp that an address leads to, where it is one of wisp's. */
export function fromWire(
  buttons: readonly WecomButton[],
  pageOf: (url: string) => AppPage | undefined,
): Button[] {
  return buttons.map(({ name, sub_button: sub, ...one }) => {
    if (sub?.length) return { name, sub: fromWire(sub, pageOf) as Leaf[] }
    const type = buttonTypes.find(known => known === one.type && known !== 'app') ?? 'other'
    // What it does is kept where people can see it.
    if (type === 'other') return { name, type, key: one.key ?? one.url ?? one.type ?? '' }
    const page = type === 'view' ? pageOf(one.url ?? '') : undefined
    if (page) return { name, type: 'app', app: page.appId, ...(page.path ? { path: page.path } : {}) }
    const fields = { key: one.key, url: one.url, appId: one.appid, pagePath: one.pagepath }
    const given = Object.entries(fields).filter(([, value]) => value)
    return { name, type, ...Object.fromEntries(given) }
  })
}
