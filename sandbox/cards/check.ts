import type { Input } from '../http/input.ts'
import type { Card } from '../messages/card.ts'
import { WecomError } from '../rules/errcodes.ts'

type Check = (value: unknown, path: string, use: Use) => void
type Use = { isUpdate: boolean }
type Shape = Record<string, { check: Check; required?: true }>

/** Mistakes are answered 40058 with the field in errmsg (docs/upstream/wecom-cards.md#fields); the words are not WeCom's. */
const wrong = (path: string) => new WecomError(40058, path)

const text =
  (bytes = 4096): Check =>
  (value, path) => {
    if (typeof value !== 'string' || Buffer.byteLength(value) > bytes) throw wrong(path)
  }
const address: Check = (value, path) => {
  if (typeof value !== 'string' || !/^https?:\/\/[^/\s]/i.test(value) || Buffer.byteLength(value) > 2048)
    throw wrong(path)
}
const among =
  (...values: number[]): Check =>
  (value, path) => {
    if (!values.includes(value as number)) throw wrong(path)
  }
const truth: Check = (value, path) => {
  if (typeof value !== 'boolean') throw wrong(path)
}
const onUpdate: Check = (value, path, use) => {
  truth(value, path, use)
  if (!use.isUpdate) throw wrong(path)
}
const ratio: Check = (value, path) => {
  if (typeof value !== 'number' || value < 1.3 || value >= 2.25) throw wrong(path)
}

/** Client libraries send null for what they do not use, which WeCom takes as absent. */
const isEmpty = (value: unknown) => value === undefined || value === null || value === ''

const must = (check: Check) => ({ check, required: true as const })
const may = (check: Check) => ({ check })

/** Further fields are ignored, as WeCom does of what it does not know. */
const object =
  (shape: Shape, further: (value: Card, path: string) => void = () => undefined): Check =>
  (value, path, use) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path)
    const own = value as Card
    for (const [name, { check, required }] of Object.entries(shape)) {
      const at = path === '' ? name : `${path}.${name}`
      if (!isEmpty(own[name])) check(own[name], at, use)
      else if (required) throw wrong(at)
    }
    further(own, path)
  }

const list =
  (
    max: number,
    item: Check,
    { unique, onUpdateMax = max }: { unique?: string; onUpdateMax?: number } = {},
  ): Check =>
  (value, path, use) => {
    const most = use.isUpdate ? onUpdateMax : max
    if (!Array.isArray(value) || value.length === 0 || value.length > most) throw wrong(path)
    value.forEach((one, index) => {
      item(one, `${path}[${index}]`, use)
    })
    if (unique === undefined) return
    const keys = value.map(one => (one as Card)[unique]).filter(key => key !== undefined)
    if (new Set(keys).size < keys.length) throw wrong(`${path}.${unique}`)
  }

/** 1 needs an address, 2 a mini-program. */
const linked = (value: Card, path: string): void => {
  if (value['type'] === 1 && !value['url']) throw wrong(`${path}.url`)
  if (value['type'] === 2 && !value['appid']) throw wrong(`${path}.appid`)
}
const link: Shape = {
  type: may(among(0, 1, 2)),
  url: may(address),
  appid: may(text()),
  pagepath: may(text()),
}
const option: Shape = { id: must(text(128)), text: must(text()) }
const key = text(1024)

const parts = {
  source: object({ icon_url: may(address), desc: may(text()), desc_color: may(among(0, 1, 2, 3)) }),
  action_menu: object({
    desc: may(text()),
    action_list: must(
      list(3, object({ text: must(text()), key: must(key) }), { unique: 'key', onUpdateMax: 10 }),
    ),
  }),
  main_title: object({ title: may(text()), desc: may(text()) }),
  quote_area: object({ ...link, title: may(text()), quote_text: may(text()) }, linked),
  sub_title_text: text(),
  emphasis_content: object({ title: may(text()), desc: may(text()) }),
  horizontal_content_list: list(
    6,
    object(
      {
        ...link,
        type: may(among(0, 1, 2, 3)),
        keyname: must(text()),
        value: may(text()),
        media_id: may(text()),
        userid: may(text()),
      },
      (value, path) => {
        const needed = { 1: 'url', 2: 'media_id', 3: 'userid' }[Number(value['type'] ?? 0)]
        if (needed !== undefined && !value[needed]) throw wrong(`${path}.${needed}`)
      },
    ),
  ),
  jump_list: list(3, object({ ...link, title: must(text()) }, linked)),
  card_action: object(link, linked),
  card_image: object({ url: must(address), aspect_ratio: may(ratio) }),
  image_text_area: object(
    { ...link, title: may(text()), desc: may(text()), image_url: must(address) },
    linked,
  ),
  vertical_content_list: list(4, object({ title: must(text()), desc: may(text()) })),
  button_selection: object({
    question_key: must(key),
    title: may(text()),
    option_list: must(list(10, object(option), { unique: 'id' })),
    selected_id: may(text(128)),
    disable: may(onUpdate),
  }),
  button_list: list(
    6,
    object(
      {
        type: may(among(0, 1)),
        text: must(text()),
        style: may(among(1, 2, 3, 4)),
        key: may(key),
        url: may(address),
      },
      (value, path) => {
        const needed = value['type'] === 1 ? 'url' : 'key'
        if (!value[needed]) throw wrong(`${path}.${needed}`)
      },
    ),
    { unique: 'key' },
  ),
  checkbox: object({
    question_key: must(key),
    option_list: must(list(20, object({ ...option, is_checked: may(truth) }), { unique: 'id' })),
    mode: may(among(0, 1)),
    disable: may(onUpdate),
  }),
  select_list: list(
    3,
    object({
      question_key: must(key),
      title: may(text()),
      selected_id: may(text(128)),
      option_list: must(list(10, object(option), { unique: 'id' })),
      disable: may(onUpdate),
    }),
    { unique: 'question_key' },
  ),
  submit_button: object({ text: may(text()), key: must(key) }),
} as const

const needed: Readonly<Record<string, readonly (keyof typeof parts)[]>> = {
  text_notice: ['card_action'],
  news_notice: ['main_title', 'card_action'],
  button_interaction: ['main_title', 'button_list'],
  vote_interaction: ['main_title', 'checkbox', 'submit_button'],
  multiple_interaction: ['main_title', 'select_list', 'submit_button'],
}

/** Checks a template_card as WeCom does. Throws 40058 with the field. */
export function checkCard(content: Input, use: Use = { isUpdate: false }): Card {
  const card = content as Card
  const type = String(card['card_type'] ?? '')
  const required = Object.hasOwn(needed, type) ? needed[type] : undefined
  if (!required) throw wrong('card_type')
  for (const [name, check] of Object.entries(parts)) {
    const isRequired = required.includes(name as keyof typeof parts)
    if (!isEmpty(card[name])) check(card[name], name, use)
    else if (isRequired) throw wrong(name)
  }
  checkKind(card, type)
  if (use.isUpdate) return card
  const taskId = card['task_id']
  if (taskId === undefined && canBeUpdated(card)) throw wrong('task_id')
  if (taskId !== undefined && (typeof taskId !== 'string' || !/^[\w@-]{1,128}$/.test(taskId)))
    throw wrong('task_id')
  return card
}

function checkKind(card: Card, type: string): void {
  const title = (card['main_title'] as Card | undefined)?.['title']
  if (type === 'text_notice' ? !title && !card['sub_title_text'] : !title) throw wrong('main_title.title')
  const action = (card['card_action'] as Card | undefined)?.['type']
  if (type.endsWith('_notice') && action !== 1 && action !== 2) throw wrong('card_action.type')
  if (type === 'news_notice' && !card['card_image'] && !card['image_text_area']) throw wrong('card_image')
}

export const isInteractive = (card: Card): boolean => String(card['card_type']).endsWith('_interaction')

/** WeCom returns a response_code for cards that can be updated later: interactive ones, and notices with a menu. */
export const canBeUpdated = (card: Card): boolean =>
  isInteractive(card) || typeof card['action_menu'] === 'object'
