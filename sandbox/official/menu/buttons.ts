import type { Input } from '../call.ts'
import { type OfficialErrcode, OfficialError } from '../error.ts'
import { objects, text } from '../input.ts'
import type { Rules } from '../rules/rules.ts'
import type { Account } from '../state/account.ts'
import { publishedBy } from '../state/articles.ts'
import type { Button } from '../state/button.ts'
import { mediaOf } from '../state/media.ts'

/** The codes for a button, and for one below another. */
interface Codes {
  count: OfficialErrcode
  type: OfficialErrcode
  name: OfficialErrcode
  key: OfficialErrcode
  url: OfficialErrcode
  domain: OfficialErrcode
}

const top: Codes = { count: 40016, type: 40017, name: 40018, key: 40019, url: 40020, domain: 40055 }
const below: Codes = { count: 40023, type: 40024, name: 40025, key: 40026, url: 40027, domain: 40054 }

const withKey = [
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
]
const withMedia = ['media_id', 'view_limited']
const withArticle = ['article_id', 'article_view_limited']

/** Reads the buttons of a menu; throws WeChat's code for what is wrong (docs/upstream/official-menus.md). */
export function readButtons(account: Account, input: Input, rules: Rules): Button[] {
  const list = objects(input, 'button', 40016)
  if (list.length === 0 || list.length > rules.menuButtons) throw new OfficialError(40016)
  return list.map(button => readTop(account, button, rules))
}

function readTop(account: Account, input: Input, rules: Rules): Button {
  const name = nameOf(input, rules.menuNameBytes, top)
  const subs = input['sub_button']
  if (!Array.isArray(subs) || subs.length === 0) return { name, ...responseOf(account, input, rules, top) }
  if (subs.length > rules.subButtons) throw new OfficialError(40023)
  return {
    name,
    sub_button: objects(input, 'sub_button', 40023).map(one => {
      if (Array.isArray(one['sub_button']) && one['sub_button'].length > 0) throw new OfficialError(40022)
      return { name: nameOf(one, rules.subMenuNameBytes, below), ...responseOf(account, one, rules, below) }
    }),
  }
}

function nameOf(input: Input, most: number, codes: Codes): string {
  const name = text(input, 'name', codes.name) ?? ''
  if (name === '' || Buffer.byteLength(name) > most) throw new OfficialError(codes.name)
  return name
}

function responseOf(account: Account, input: Input, rules: Rules, codes: Codes): Input {
  const type = text(input, 'type', codes.type)
  if (!type) throw new OfficialError(65308)
  if (withKey.includes(type)) {
    const key = text(input, 'key', codes.key) ?? ''
    if (key === '' || Buffer.byteLength(key) > rules.menuKeyBytes) throw new OfficialError(codes.key)
    return { type, key }
  }
  if (type === 'view') return { type, url: urlOf(input, rules, codes) }
  if (type === 'miniprogram') {
    const [appid, pagepath] = [text(input, 'appid') ?? '', text(input, 'pagepath') ?? '']
    if (!/^wx[0-9a-f]{16}$/.test(appid)) throw new OfficialError(45064)
    return { type, url: urlOf(input, rules, codes), appid, pagepath }
  }
  if (withMedia.includes(type)) {
    const id = text(input, 'media_id', 40007) ?? ''
    if (!mediaOf(account).get(id)?.permanent) throw new OfficialError(40007)
    return { type, media_id: id }
  }
  if (withArticle.includes(type)) {
    const id = text(input, 'article_id', 53600) ?? ''
    if (!publishedBy(account, id)) throw new OfficialError(53600)
    return { type, article_id: id }
  }
  throw new OfficialError(codes.type)
}

function urlOf(input: Input, rules: Rules, codes: Codes): string {
  const url = text(input, 'url', codes.url) ?? ''
  if (url === '' || Buffer.byteLength(url) > rules.menuUrlBytes) throw new OfficialError(codes.url)
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new OfficialError(codes.domain)
  return url
}

/** All buttons that lead to something, also those below others. */
export const leaves = (buttons: readonly Button[]): Button[] =>
  buttons.flatMap(button => button.sub_button ?? [button])
