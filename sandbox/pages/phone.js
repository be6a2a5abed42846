import { scanAndPay } from '/pages/pay/cashier.js'
import { followInClient } from './client-window.js'
import { h } from './dom.js'
import { Inbox } from './inbox.js'
import { findMembers, startMembers } from './members.js'
import { badge, conversations, lastWords, mailList, mailView, smsThread, wecomThread } from './screens.js'
import { clockTime } from './time.js'
import { followWorkbench, workbenchBlocks } from './workbench.js'

const phone = document.querySelector('#phone')
const live = document.querySelector('#live')
const raw = document.querySelector('#raw')
const rawHint = document.querySelector('#raw-hint')
const tabs = [
  ['wecom', '企业微信'],
  ['sms', '短信'],
  ['mail', '邮件'],
]

const agents = new Map()
/** The state of the phone: a tab and what is open in it. */
const view = { tab: 'wecom', open: null, asText: false, selected: null }
let member
let inbox
let workbench
const members = startMembers(choose)

function choose(next) {
  member = next
  inbox?.close()
  workbench?.close()
  Object.assign(view, { open: null, asText: false, selected: null })
  live.className = 'live waiting'
  live.textContent = '连接中'
  inbox = new Inbox(next.userid, draw, isOpen => {
    live.className = isOpen ? 'live on' : 'live waiting'
    live.textContent = isOpen ? '实时' : '连接中'
  })
  workbench = followWorkbench(next.userid, () => draw())
  members.select(next)
  document.title = `${next.name}的手机 · wisp 沙箱`
  draw()
}

function go(change) {
  const moved = 'tab' in change || 'open' in change
  Object.assign(view, { asText: false, ...(moved && { selected: null }) }, change)
  draw()
}

function select(message) {
  view.selected = message.n
  showRaw()
}

function showRaw() {
  const message = inbox?.messages.get(view.selected)
  rawHint.hidden = message !== undefined
  raw.textContent = message ? JSON.stringify(message, null, 2) : ''
  for (const node of phone.querySelectorAll('[data-n]'))
    node.classList.toggle('selected', Number(node.dataset.n) === view.selected)
}

/** Draws the phone again. A list keeps its scroll position, and a thread that was scrolled to its end stays there. */
function draw(arrived) {
  const query = { member: member.userid, tab: view.tab, ...(view.open !== null && { open: view.open }) }
  history.replaceState(null, '', `#${new URLSearchParams(query)}`)
  const before = phone.querySelector('.screen')
  const sameScreen = before?.dataset.screen === screenName()
  // Drawing the frame again would reload a mail that is being read.
  if (sameScreen && before.querySelector('.mail-view')) phone.querySelector('.tabs').replaceWith(tabBar())
  else {
    const place = before?.scrollTop ?? 0
    const atEnd = before ? before.scrollHeight - place - before.clientHeight < 60 : true
    const focused = phone.contains(document.activeElement) && document.activeElement.dataset.n
    phone.replaceChildren(statusBar(), navigation(), screen(), tabBar())
    const after = phone.querySelector('.screen')
    const toEnd = after.querySelector('.thread') && (!sameScreen || atEnd)
    if (focused) after.querySelector(`[data-n="${focused}"]`)?.focus({ preventScroll: true })
    after.scrollTop = toEnd ? after.scrollHeight : sameScreen ? place : 0
  }
  if (arrived && view.selected === null) view.selected = arrived.n
  showRaw()
}

const screenName = () => `${member.userid} ${view.tab} ${view.open ?? ''} ${view.asText}`

function statusBar() {
  const battery = h('span', { class: 'battery' })
  return h(
    'div',
    { class: 'status-bar' },
    h('span', { class: 'clock' }, clockTime()),
    h('span', { class: 'notch' }, '沙箱'),
    battery,
  )
}

function navigation() {
  const title = titleOf()
  return h(
    'div',
    { class: 'nav' },
    view.open !== null
      ? h('button', {
          type: 'button',
          class: 'back',
          'aria-label': '返回',
          onclick: () => go({ open: null }),
        })
      : view.tab === 'wecom' &&
          h('button', { type: 'button', class: 'scan-button', onclick: scanAndPayHere }, '扫一扫'),
    h('h1', {}, title),
    h('span', { class: 'owner' }, member.name),
  )
}

const scanAndPayHere = () => scanAndPay({ client: 'wecom', person: member.userid })

function titleOf() {
  if (view.open === null || view.tab === 'mail') return tabs.find(([id]) => id === view.tab)[1]
  return view.tab === 'wecom' ? agentOf(Number(view.open)).name : view.open
}

const agentOf = agentId => agents.get(agentId) ?? { agentId, name: `应用 ${agentId}` }

function screen() {
  const content = { wecom: wecomScreen, sms: smsScreen, mail: mailScreen }[view.tab]()
  return h('div', { class: `screen screen-${view.tab}`, 'data-screen': screenName(), tabindex: -1 }, content)
}

function wecomScreen() {
  const groups = Map.groupBy(inbox.of('wecom'), message => message.agentId)
  if (view.open !== null) {
    const agentId = Number(view.open)
    const messages = groups.get(agentId) ?? []
    inbox.read(messages)
    return wecomThread(messages, agentOf(agentId), select)
  }
  const list = [...groups].map(([agentId, messages]) => ({
    id: String(agentId),
    name: agentOf(agentId).name,
    colour: agentId,
    last: messages.at(-1),
    words: lastWords(messages.at(-1)),
    unread: inbox.unreadAmong(messages),
  }))
  return [
    workbenchBlocks(workbench.agents(), agentId => agentOf(agentId).name),
    conversations(list, { empty: waiting('还没有应用消息'), open: open => go({ open }) }),
  ]
}

const waiting = words => (inbox.ready ? words : '正在读取……')

function smsScreen() {
  const groups = Map.groupBy(inbox.of('sms'), message => message.signName)
  if (view.open !== null) {
    const messages = groups.get(view.open) ?? []
    inbox.read(messages)
    return smsThread(messages, select)
  }
  const list = [...groups].map(([name, messages]) => ({
    id: name,
    name,
    colour: 1,
    last: messages.at(-1),
    words: messages.at(-1).text,
    unread: inbox.unreadAmong(messages),
  }))
  const empty = member.mobile ? `${member.mobile} 还没有收到短信` : '这位成员没有手机号'
  return conversations(list, { empty: waiting(empty), open: open => go({ open }) })
}

function mailScreen() {
  const messages = inbox.of('mail')
  const mail = view.open !== null && inbox.messages.get(Number(view.open))
  if (mail) {
    inbox.read([mail])
    view.selected = mail.n
    return mailView(mail, { asText: view.asText, toggle: () => go({ asText: !view.asText }) })
  }
  return mailList(
    messages,
    item => inbox.unread.has(item.n),
    n => go({ open: String(n) }),
  )
}

function tabBar() {
  const buttons = tabs.map(([id, name]) =>
    h(
      'button',
      {
        type: 'button',
        class: `tab tab-${id}`,
        'aria-current': String(view.tab === id),
        onclick: () => go({ tab: id, open: null }),
      },
      h(
        'span',
        { class: 'face-box' },
        h('span', { class: 'tab-icon' }),
        badge(inbox.unreadAmong(inbox.of(id))),
      ),
      name,
    ),
  )
  return h('nav', { class: 'tabs', 'aria-label': '应用' }, ...buttons)
}

async function start() {
  const info = await (await fetch('/_sandbox/info')).json()
  for (const agent of info.agents) agents.set(agent.agentId, agent)
  await members.show()
  await show(location.href)
}

/** Shows the member, the tab and the open item that the address names. */
async function show(address) {
  const wanted = new URLSearchParams(new URL(address).hash.slice(1))
  const userid = wanted.get('member')
  const found = await findMembers(userid ?? '')
  const first =
    found.members.find(item => item.userid === userid) ??
    found.members[0] ??
    (await findMembers('')).members[0]
  if (!first) {
    phone.replaceChildren(h('div', { class: 'empty' }, '这个企业还没有成员'))
    return
  }
  choose(first)
  if (first.userid === userid && tabs.some(([id]) => id === wanted.get('tab')))
    go({ tab: wanted.get('tab'), open: wanted.get('open') })
}

function complain(error) {
  phone.replaceChildren(h('div', { class: 'empty' }, `读不到沙箱的数据：${error.message}`))
}

followInClient(phone, 'wecom', () => member.userid)
start().catch(complain)
// Handles another address that was typed into this tab. The page itself uses replaceState, which does not
// fire this event.
addEventListener('hashchange', event => show(event.newURL).catch(complain))
setInterval(() => {
  const clock = phone.querySelector('.clock')
  if (clock) clock.textContent = clockTime()
}, 10_000)
setInterval(() => members.show().catch(() => {}), 15_000)
