import { h, link, picture } from './dom.js'

/**
 * A WeCom card of any kind. `act`, where the person can answer it: `{ press(key, selected), menu(key) }`; without it the card only
 * shows itself. `replaceName` stands in place of its buttons.
 */
export function templateCard(content, { act, replaceName = content.replace_text } = {}) {
  const body = h(
    'div',
    { class: 'card template-card' },
    source(content, act),
    title(content.main_title),
    content.card_image && cardImage(object(content.card_image)),
    content.image_text_area && pictureAndText(object(content.image_text_area)),
    ...objects(content.vertical_content_list).map(item =>
      h('div', { class: 'card-paragraph' }, h('div', {}, say(item.title)), grey(item.desc)),
    ),
    emphasis(content.emphasis_content),
    quote(content.quote_area),
    content.sub_title_text && h('div', { class: 'card-sub' }, say(content.sub_title_text)),
    rows(objects(content.horizontal_content_list)),
    asked(content, act, replaceName),
    ...objects(content.jump_list).map(item => jump(item, say(item.title))),
    content.card_action && jump(object(content.card_action), '查看详情'),
  )
  return body
}

/** Converts a value that the sandbox has not validated to text. */
export const say = value =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

const object = value => (typeof value === 'object' && value ? value : {})

/** The objects in a list that the sandbox has not validated. */
export const objects = list =>
  Array.isArray(list) ? list.filter(item => typeof item === 'object' && item) : []

const grey = text => text && h('div', { class: 'card-grey' }, say(text))

const colours = ['grey', 'black', 'red', 'green']

function source(content, act) {
  const { icon_url, desc, desc_color } = object(content.source)
  const lines = objects(object(content.action_menu).action_list)
  if (!desc && !icon_url && lines.length === 0) return null
  return h(
    'div',
    { class: 'card-from' },
    icon_url && picture(icon_url, 'card-icon'),
    h('span', { class: `card-${colours[desc_color] ?? 'grey'}` }, say(desc)),
    lines.length > 0 && cornerMenu(say(content.action_menu.desc), lines, act),
  )
}

function cornerMenu(words, lines, act) {
  const menu = h(
    'details',
    { class: 'card-menu' },
    h('summary', { 'aria-label': words || '更多操作', title: words || '更多操作' }, '⋯'),
    h(
      'ul',
      {},
      ...lines.map(line =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              disabled: !act,
              onclick: () => {
                menu.open = false
                act.menu(say(line.key))
              },
            },
            say(line.text),
          ),
        ),
      ),
    ),
  )
  return menu
}

function title(value) {
  const { title: words, desc } = object(value)
  return [words && h('div', { class: 'card-title' }, say(words)), grey(desc)]
}

function cardImage({ url, aspect_ratio }) {
  const frame = h('div', { class: 'card-image' }, picture(url, 'card-image-inner'))
  frame.style.aspectRatio = String(Math.min(2.25, Math.max(1.3, Number(aspect_ratio) || 1.3)))
  return frame
}

function pictureAndText(area) {
  return link(
    area.url,
    { class: 'card-beside' },
    picture(area.image_url, 'card-thumb'),
    h('div', {}, h('div', {}, say(area.title)), grey(area.desc)),
  )
}

function emphasis(value) {
  const { title: words, desc } = object(value)
  if (!words && !desc) return null
  return h('div', { class: 'card-figure' }, words && h('strong', {}, say(words)), grey(desc))
}

function quote(value) {
  const { title: words, quote_text, url } = object(value)
  if (!words && !quote_text) return null
  return link(url, { class: 'card-quote' }, words && h('div', {}, say(words)), grey(quote_text))
}

function rows(list) {
  if (list.length === 0) return null
  return h(
    'dl',
    { class: 'card-lines' },
    ...list.flatMap(item => [
      h('dt', {}, say(item.keyname)),
      h(
        'dd',
        { class: item.type > 0 && 'card-leads' },
        link(item.url, {}, say(item.value) || say(item.userid)),
      ),
    ]),
  )
}

/** A mini-program opens nowhere here, and says so. */
function jump(target, words) {
  if (!target.url && !target.appid) return null
  return link(
    target.url,
    { class: 'card-more' },
    h('span', {}, words, target.appid && h('small', {}, `（小程序 ${say(target.appid)}）`)),
    h('span', { class: 'chevron' }),
  )
}

/** What the card asks for, and the buttons that answer it. Nothing that was chosen is kept when the card changes. */
function asked(content, act, replaceName) {
  const isOver = !act || Boolean(replaceName)
  const selections = [
    ...(content.button_selection ? [object(content.button_selection)] : []),
    ...objects(content.select_list),
  ]
  const fields = [
    ...selections.map(one => selection(one, isOver)),
    ...(content.checkbox ? [vote(object(content.checkbox), isOver)] : []),
  ]
  const isSubmitted = Boolean(content.checkbox ?? content.select_list ?? content.submit_button)
  const submit = object(content.submit_button)
  const buttons = [
    ...objects(content.button_list),
    ...(isSubmitted ? [{ text: say(submit.text) || '提交', style: 1, key: submit.key }] : []),
  ]
  const chosen = () => Object.fromEntries(fields.map(field => field.chosen()))
  return [
    ...fields.map(field => field.node),
    buttons.length > 0 &&
      h(
        'div',
        { class: `card-presses n${buttons.length}` },
        ...(replaceName
          ? [h('button', { type: 'button', class: 'replaced', disabled: true }, replaceName)]
          : buttons.map(button => press(button, act, chosen))),
      ),
  ]
}

function press(button, act, chosen) {
  const style = `style-${[1, 2, 3, 4].includes(button.style) ? button.style : 1}`
  if (button.type === 1) return link(button.url, { class: `press ${style}` }, say(button.text))
  return h(
    'button',
    {
      type: 'button',
      class: style,
      disabled: !act,
      onclick: () => act.press(say(button.key), chosen()),
    },
    say(button.text),
  )
}

function selection(one, isOver) {
  const options = objects(one.option_list)
  const control = h(
    'select',
    { 'aria-label': say(one.title) || '选择', disabled: isOver || one.disable === true },
    ...options.map(option =>
      h('option', { value: say(option.id), selected: option.id === one.selected_id }, say(option.text)),
    ),
  )
  return {
    node: h('label', { class: 'card-select' }, h('span', {}, say(one.title)), control),
    chosen: () => [say(one.question_key), control.value ? [control.value] : []],
  }
}

let votes = 0

function vote(box, isOver) {
  const type = Number(box.mode ?? 0) === 1 ? 'checkbox' : 'radio'
  const name = `vote-${++votes}`
  const boxes = objects(box.option_list).map(option => ({
    option,
    input: h('input', {
      type,
      name,
      value: say(option.id),
      checked: option.is_checked === true,
      disabled: isOver || box.disable === true,
    }),
  }))
  return {
    node: h(
      'fieldset',
      { class: 'card-vote', 'aria-label': '投票' },
      ...boxes.map(({ option, input }) => h('label', {}, input, h('span', {}, say(option.text)))),
    ),
    chosen: () => [
      say(box.question_key),
      boxes.filter(({ input }) => input.checked).map(({ input }) => input.value),
    ],
  }
}
