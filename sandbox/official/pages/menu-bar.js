import { openInClient } from '/pages/client-window.js'
import { h } from '/pages/dom.js'
import { askScan, say } from './sheets.js'

/** The bar below a conversation: the account's menu, or a line to write in. */
export function menuBar(view, { act, draw, more }) {
  const { buttons } = view
  const toggle =
    buttons.length > 0 &&
    h(
      'button',
      {
        type: 'button',
        class: 'toggle',
        'aria-label': view.typing ? '显示菜单' : '输入文字',
        onclick: () => {
          view.typing = !view.typing
          draw()
        },
      },
      view.typing ? '☰' : '⌨',
    )
  return h('div', { class: 'menu-bar' }, toggle, ...(view.typing ? [line(view, act, more)] : menu(view, act)))
}

function line(view, act, more) {
  const input = h('input', {
    id: 'say',
    class: 'input',
    'aria-label': '写消息',
    placeholder: '写消息',
    autocomplete: 'off',
    value: view.words,
  })
  input.addEventListener('input', () => {
    view.words = input.value
  })
  const send = event => {
    event.preventDefault()
    const content = input.value
    if (content === '') return
    input.value = ''
    view.words = ''
    act('text', { content })
  }
  return h(
    'form',
    { class: 'line', onsubmit: send },
    input,
    h('button', { type: 'submit', class: 'action main' }, '发送'),
    h('button', { type: 'button', class: 'toggle', 'aria-label': '更多', onclick: more }, '＋'),
  )
}

function menu(view, act) {
  return view.buttons.map(button => {
    const subs = button.sub_button ?? []
    if (subs.length === 0)
      return h(
        'button',
        { type: 'button', class: 'menu-button', onclick: () => press(button, act, view) },
        button.name,
      )
    const list = h(
      'div',
      { class: 'sub-menu', hidden: true },
      ...subs.map(one =>
        h(
          'button',
          {
            type: 'button',
            onclick: () => {
              list.hidden = true
              press(one, act, view)
            },
          },
          one.name,
        ),
      ),
    )
    const open = h(
      'button',
      {
        type: 'button',
        class: 'menu-button',
        'aria-expanded': 'false',
        onclick: () => {
          list.hidden = !list.hidden
          open.setAttribute('aria-expanded', String(!list.hidden))
        },
      },
      `☰ ${button.name}`,
    )
    return h('div', { class: 'menu-place' }, open, list)
  })
}

/** What WeChat does when a button is pressed. */
function press(button, act, view) {
  const { type, key, url, name } = button
  switch (type) {
    case 'click':
      return act('click', { key })
    case 'view':
      openInClient(url, 'wechat', view.follower.openid)
      return act('view', { url })
    case 'miniprogram':
      return act('view_miniprogram', { pagepath: button.pagepath })
    case 'scancode_push':
    case 'scancode_waitmsg':
      return askScan(result => act(type, { key, result }))
    case 'pic_sysphoto':
    case 'pic_photo_or_album':
    case 'pic_weixin':
    case 'location_select':
      return act(type, { key })
    default:
      return say(
        name,
        `微信直接显示这个按钮的内容（${type}）：${button.value ?? button.media_id ?? button.article_id ?? ''}`,
      )
  }
}
