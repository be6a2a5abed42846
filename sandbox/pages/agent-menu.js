import { openInClient } from './client-window.js'
import { h } from './dom.js'

const menus = new Map()
const rows = new Set()

/** Menus by agent, as the sandbox has them now. */
export function keepMenus(agents) {
  for (const { agentId, menu = [] } of agents) menus.set(agentId, menu)
  for (const row of rows) row.draw()
}

/** The menu below a conversation, kept up to date; `act` tells the agent what was pressed. */
export function menuRow(userId, agentId, act) {
  const element = h('div', { class: 'agent-menu' })
  let shown = ''
  const draw = () => {
    const buttons = menus.get(agentId) ?? []
    const now = JSON.stringify(buttons)
    if (now === shown) return
    shown = now
    element.replaceChildren(...buttons.map(button => one(button, pressed => press(pressed, userId, act))))
  }
  rows.add({ draw })
  draw()
  return element
}

function one(button, onPress) {
  const subs = button.sub_button ?? []
  if (subs.length === 0)
    return h(
      'button',
      { type: 'button', class: 'agent-menu-button', onclick: () => onPress(button) },
      button.name,
    )
  const list = h(
    'details',
    { class: 'agent-menu-group' },
    h('summary', { class: 'agent-menu-button' }, `≡ ${button.name}`),
    h(
      'div',
      { class: 'agent-menu-subs' },
      ...subs.map(sub => {
        const onclick = () => {
          list.open = false
          onPress(sub)
        }
        return h('button', { type: 'button', class: 'agent-menu-button', onclick }, sub.name)
      }),
    ),
  )
  return list
}

/** What WeCom does when a button is pressed. */
function press({ type, key, url, pagepath }, userId, act) {
  if (type === 'view') openInClient(url, 'wecom', userId)
  void act(type, { key: type === 'view' ? url : type === 'view_miniprogram' ? pagepath : key })
}
