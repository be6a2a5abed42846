import type { text } from '../../../../text/zh/cards.ts'
import type { Path } from './card-draft.ts'

type Key = keyof typeof text
/** The words of the area `cards`, as `useText` gives them. */
type T = (key: Key, values?: Record<string, string | number>) => string

/** What people call the fields: by the part that they are in, or else by their name. */
const labels: Readonly<Record<string, Key>> = {
  action_list: 'menu',
  action_menu: 'menu',
  'action_menu.desc': 'menuDesc',
  'action_list.text': 'menuText',
  appid: 'appid',
  aspect_ratio: 'ratio',
  button_list: 'buttons',
  'button_list.text': 'buttonText',
  'button_list.type': 'pressing',
  button_selection: 'selection',
  card_action: 'action',
  card_image: 'pictureUrl',
  card_type: 'cardKind',
  checkbox: 'vote',
  desc: 'titleDesc',
  desc_color: 'sourceColour',
  disable: 'disable',
  emphasis_content: 'emphasis',
  'emphasis_content.desc': 'emphasisDesc',
  'emphasis_content.title': 'emphasisTitle',
  horizontal_content_list: 'rows',
  icon_url: 'sourceIcon',
  id: 'optionId',
  image_text_area: 'pictureAndText',
  'image_text_area.desc': 'areaDesc',
  'image_text_area.title': 'areaTitle',
  image_url: 'pictureUrl',
  is_checked: 'ticked',
  jump_list: 'jumps',
  'jump_list.title': 'jumpTitle',
  key: 'key',
  keyname: 'rowKey',
  main_title: 'title',
  mode: 'mode',
  option_list: 'option',
  'option_list.text': 'optionText',
  pagepath: 'pagepath',
  question_key: 'questionKey',
  quote_area: 'quote',
  'quote_area.title': 'quoteTitle',
  quote_text: 'quoteText',
  replaceName: 'replaceName',
  replaceText: 'replaceText',
  select_list: 'selects',
  'select_list.title': 'selectTitle',
  'button_selection.title': 'selectTitle',
  selected_id: 'selected',
  source: 'source',
  'source.desc': 'sourceDesc',
  style: 'style',
  sub_title_text: 'subTitle',
  submit_button: 'submitButton',
  'submit_button.text': 'submitText',
  title: 'title',
  type: 'leadsTo',
  'horizontal_content_list.type': 'rowType',
  url: 'url',
  'card_image.url': 'pictureUrl',
  userid: 'rowMember',
  value: 'rowValue',
  vertical_content_list: 'verticals',
  'vertical_content_list.desc': 'verticalDesc',
  'vertical_content_list.title': 'verticalTitle',
}

/** How people call one line of a list. */
const lines: Readonly<Record<string, Key>> = {
  action_list: 'menuLine',
  button_list: 'button',
  horizontal_content_list: 'row',
  jump_list: 'jump',
  option_list: 'option',
  select_list: 'select',
  vertical_content_list: 'vertical',
}

/** Parts in which a field of any name is named after the part, so that 链接 says of what it is. */
const named = new Set(['card_action', 'quote_area', 'image_text_area'])

/**
 * A path inside a card, such as `button_list[1].text`, as the labels of its fields: 按钮 2 · 按钮文字. A field that no form has, which
 * came as JSON, keeps its path.
 */
export function fieldWords(t: T, path: Path): string {
  const steps = path.split('.')
  const parts = steps.flatMap((step, at) => {
    const [, name = step, n] = /^(\w+)\[(\d+)\]$/.exec(step) ?? []
    if (n !== undefined) return lines[name] ? [t('nth', { one: t(lines[name]), n: Number(n) + 1 })] : []
    const isLast = at === steps.length - 1
    if (!isLast) return named.has(name) && labels[name] ? [t(labels[name])] : []
    const parent = steps[at - 1]?.replace(/\[\d+\]$/, '') ?? ''
    const label = labels[`${parent}.${name}`] ?? labels[name]
    return label ? [t(label)] : [path]
  })
  return parts.join(' · ')
}

const anyPath = /\b(?:onPress|card)(?:\.\w+(?:\[\d+\])?)+/g
const root = /^(?:onPress\.card\.|onPress\.|card\.)/

/** The words of the server with labels in the place of paths. */
export function inLabels(t: T, words: string): string {
  return words.replace(anyPath, path => {
    const bare = path.replace(root, '')
    const field = fieldWords(t, bare)
    return field === bare ? path : `“${field}”`
  })
}

/** The same beside the field that they begin with, which need not be named there. */
export function besideField(t: T, words: string): string {
  const path = pathIn(words)
  if (path === undefined) return words
  return inLabels(t, words.replace(`${path} `, ''))
}

/** The first field that the words are about. */
export function pathIn(words: string): string | undefined {
  return words.match(anyPath)?.[0]
}
