import { accountList, conversationBar, conversationScreen, pushList } from '/pages/official/conversation.js'
import { findFollowers, WeChat } from '/pages/official/wechat.js'
import { scanAndPay } from '/pages/pay/cashier.js'
import { ask } from './api.js'
import { approvalsPlace, approvalsScreen, followApprovals } from './approvals.js'
import { CardStates } from './card-states.js'
import { followInClient } from './client-window.js'
import { h } from './dom.js'
import { findMembers, startHolders } from './holders.js'
import { Inbox } from './inbox.js'
import { enter, heard, hears, place as placeToWrite, readHearing } from './say.js'
import { badge, conversations, lastWords, mailList, mailView, smsThread, wecomThread } from './screens.js'
import { clockTime } from './time.js'
import { followWorkbench, workbenchBlocks } from './workbench.js'

const phone = document.querySelector('#phone')
const live = document.querySelector('#live')
const raw = document.querySelector('#raw')
const rawHint = document.querySelector('#raw-hint')
const pushes = document.querySelector('#pushes')
const tabs = [
  ['wecom', '企业微信'],
  ['wechat', '微信'],
  ['sms', '短信'],
  ['mail', '邮件'],
]

const agents = new Map()
let accounts = []
/** The state of the phone: a tab and what is open in it. */
const view = { tab: 'wecom', open: null, asText: false, selected: null }
/** Who holds the phone: a member of the corp, or a follower of an account, who has WeChat alone. */
let holder
let member
let inbox
let cards
let workbench
let approvals
let wechat
let holders

async function choose(next) {
  holder = next
  member = next.member
  inbox?.close()
  workbench?.close()
  approvals?.close()
  wechat?.close()
  ;[inbox, cards, workbench, approvals] = []
  const tab = member && view.tab in screens ? view.tab : member ? 'wecom' : 'wechat'
  Object.assign(view, { tab, open: next.account?.originalId ?? null, asText: false, selected: null })
  const connected = isOpen => {
    live.className = isOpen ? 'live on' : 'live waiting'
    live.textContent = isOpen ? '实时' : '连接中'
  }
  connected(false)
  document.title = `${nameOf(next)}的手机 · wisp 沙箱`
  wechat = new WeChat(nameOf(next), () => draw(), member ? () => {} : connected)
  if (member) {
    cards = new CardStates(member.userid, () => draw())
    inbox = new Inbox(member.userid, draw, connected, message => void cards.read(message.msgId))
    workbench = followWorkbench(member.userid, () => draw())
    approvals = followApprovals(member.userid, () => draw())
  }
  const mine = wechat
  draw()
  const whose = member
    ? await followersCalled(member.name)
    : new Map([[next.account.originalId, next.follower]])
  await Promise.all([mine.start(member ? accounts : [next.account], whose), holders.select(next)])
  if (mine === wechat) draw()
}

const nameOf = ({ member: one, follower }) => one?.name ?? follower.nickname

/** Whom a member is in WeChat: in each account the first follower of that name. */
async function followersCalled(name) {
  const found = await Promise.all(
    accounts.map(async ({ originalId }) => {
      const { followers } = await findFollowers(originalId, name)
      return [originalId, followers.find(one => one.nickname === name)]
    }),
  )
  return new Map(found.filter(([, follower]) => follower))
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

const messageShown = () =>
  view.tab === 'wechat' ? conversation()?.messages.get(view.selected) : inbox?.messages.get(view.selected)

function showRaw() {
  const message = messageShown()
  rawHint.hidden = message !== undefined
  raw.textContent = message ? JSON.stringify(message, null, 2) : ''
  const one = conversation()
  pushes.replaceChildren(...(one ? pushList(one) : []))
  for (const node of phone.querySelectorAll('[data-n]'))
    node.classList.toggle('selected', Number(node.dataset.n) === view.selected)
}

/** What is open in WeChat. */
const conversation = () => (view.tab === 'wechat' ? wechat.conversations.get(view.open) : undefined)

/** Draws the phone again. A list keeps its scroll position, and a thread that was scrolled to its end stays there. */
function draw(arrived) {
  const { account, follower } = holder
  const who = member ? { member: member.userid } : { originalId: account.originalId, openid: follower.openid }
  const query = { ...who, tab: view.tab, ...(view.open !== null && { open: view.open }) }
  history.replaceState(null, '', `#${new URLSearchParams(query)}`)
  const before = phone.querySelector('.screen')
  const sameScreen = before?.dataset.screen === screenName()
  // Drawing the frame again would reload a mail that is being read.
  if (sameScreen && before.querySelector('.mail-view')) phone.querySelector('.tabs').replaceWith(tabBar())
  else {
    const place = before?.scrollTop ?? 0
    const atEnd = before ? before.scrollHeight - place - before.clientHeight < 60 : true
    const active = phone.contains(document.activeElement) && document.activeElement
    const focused =
      active && (active.id ? `#${active.id}` : active.dataset.n && `[data-n="${active.dataset.n}"]`)
    phone.replaceChildren(statusBar(), navigation(), screen(), ...writing(), tabBar())
    const after = phone.querySelector('.screen')
    const toEnd = after.querySelector('.thread') && (!sameScreen || atEnd)
    if (active && phone.contains(active)) active.focus({ preventScroll: true })
    else if (focused) phone.querySelector(focused)?.focus({ preventScroll: true })
    after.scrollTop = toEnd ? after.scrollHeight : sameScreen ? place : 0
  }
  if (arrived && view.selected === null && view.tab !== 'wechat') view.selected = arrived.n
  showRaw()
}

const screenName = () =>
  `${member?.userid ?? holder.follower.openid} ${view.tab} ${view.open ?? ''} ${view.asText}`

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
    view.open !== null && (member || view.tab !== 'wechat')
      ? h('button', {
          type: 'button',
          class: 'back',
          'aria-label': '返回',
          onclick: () => go({ open: null }),
        })
      : view.tab === 'wecom' &&
          h('button', { type: 'button', class: 'scan-button', onclick: scanAndPayHere }, '扫一扫'),
    h('h1', {}, title),
    h('span', { class: 'owner' }, nameOf(holder)),
  )
}

const scanAndPayHere = () => scanAndPay({ client: 'wecom', person: member.userid })

function titleOf() {
  if (view.open === null || view.tab === 'mail') return tabs.find(([id]) => id === view.tab)[1]
  if (view.tab === 'wechat') return accounts.find(one => one.originalId === view.open)?.name ?? '微信'
  return view.tab === 'wecom' ? placeOf(view.open).name : view.open
}

const agentOf = agentId => agents.get(agentId) ?? { agentId, name: `应用 ${agentId}` }

/** Where a message stands: in the conversation with its application, or in a group chat. */
const placeIdOf = ({ chat, agentId }) => (chat ? `chat:${chat.chatId}` : String(agentId))
function placeOf(id) {
  if (id === approvalsPlace) return { id, agentId: 0, name: '审批' }
  const last = inbox?.of('wecom').findLast(message => placeIdOf(message) === id)
  if (!id.startsWith('chat:')) return { ...agentOf(Number(id)), id }
  return { id, agentId: last?.agentId ?? 0, name: last?.chat.name ?? '群聊' }
}

function screen() {
  const content = screens[view.tab]()
  return h('div', { class: `screen screen-${view.tab}`, 'data-screen': screenName(), tabindex: -1 }, content)
}

const screens = { wecom: wecomScreen, wechat: wechatScreen, sms: smsScreen, mail: mailScreen }

function wechatScreen() {
  const one = conversation()
  if (!one)
    return accountList(wechat, open => {
      go({ open })
      wechat.opened(open).catch(complain)
    })
  return conversationScreen(one, actIn(one), message => select(message))
}

const actIn = one => (name, fields) => wechat.act(one, name, fields).then(() => !member && holders.show())

function wecomScreen() {
  if (view.open === approvalsPlace) return approvalsScreen(approvals)
  const groups = Map.groupBy(inbox.of('wecom'), placeIdOf)
  if (view.open !== null) {
    const messages = groups.get(view.open) ?? []
    inbox.read(messages)
    // In a group chat the application writes under its own name.
    const { agentId } = placeOf(view.open)
    return wecomThread(messages, agentOf(agentId), select, cards)
  }
  for (const agentId of heard()) if (!groups.has(String(agentId))) groups.set(String(agentId), [])
  const list = [...groups].map(([id, messages]) => ({
    id,
    name: placeOf(id).name,
    colour: placeOf(id).agentId,
    last: messages.at(-1),
    words: messages.length > 0 ? lastWords(messages.at(-1)) : '还没有消息',
    unread: inbox.unreadAmong(messages),
  }))
  const open = id => {
    go({ open: id })
    enter(member.userid, Number(id))
  }
  return [
    workbenchBlocks(workbench.agents(), agentId => agentOf(agentId).name),
    h(
      'button',
      { type: 'button', class: 'action approvals-entry', onclick: () => go({ open: approvalsPlace }) },
      '审批',
      badge(approvals.waiting()),
    ),
    conversations(list, { empty: waiting('还没有应用消息'), open }),
  ]
}

/** Where one writes to the application that is open, if it hears it, or to the account, with its menu. */
function writing() {
  const one = conversation()
  if (one) return conversationBar(one, actIn(one), () => draw())
  const agentId = Number(view.open)
  return view.tab === 'wecom' && view.open !== null && hears(agentId)
    ? [placeToWrite(member.userid, agentId)]
    : []
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
  const unread = id => (id === 'wechat' ? wechat.unread() : inbox.unreadAmong(inbox.of(id)))
  const buttons = tabs
    .filter(([id]) => member || id === 'wechat')
    .map(([id, name]) =>
      h(
        'button',
        {
          type: 'button',
          class: `tab tab-${id}`,
          'aria-current': String(view.tab === id),
          onclick: () => member && go({ tab: id, open: null }),
        },
        h('span', { class: 'face-box' }, h('span', { class: 'tab-icon' }), badge(unread(id))),
        name,
      ),
    )
  return h('nav', { class: 'tabs', 'aria-label': '应用' }, ...buttons)
}

async function start() {
  const info = await ask('info')
  for (const agent of info.agents) agents.set(agent.agentId, agent)
  accounts = (await ask('official/state')).accounts
  holders = startHolders(accounts, next => choose(next).catch(complain))
  await Promise.all([holders.show(), readHearing()])
  await show(location.href)
}

/** Shows the holder, the tab and the open item that the address names. */
async function show(address) {
  const wanted = new URLSearchParams(new URL(address).hash.slice(1))
  const account = accounts.find(one => one.originalId === wanted.get('originalId'))
  if (account) return showFollower(account, wanted.get('openid') ?? '')
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
  const tab = first.userid === userid && tabs.some(([id]) => id === wanted.get('tab')) && wanted.get('tab')
  await choose({ member: first })
  if (tab) go({ tab, open: wanted.get('open') })
}

async function showFollower(account, openid) {
  const { followers } = await findFollowers(account.originalId, openid)
  const follower = followers.find(one => one.openid === openid) ?? followers[0]
  if (follower) await choose({ account, follower })
  else phone.replaceChildren(h('div', { class: 'empty' }, '还没有粉丝，点“新的人”'))
}

function complain(error) {
  phone.replaceChildren(h('div', { class: 'empty' }, `读不到沙箱的数据：${error.message}`))
}

followInClient(phone, () =>
  view.tab === 'wechat'
    ? { client: 'wechat', person: conversation()?.follower?.openid }
    : { client: 'wecom', person: member.userid },
)
start().catch(complain)
// Handles another address that was typed into this tab. The page itself uses replaceState, which does not
// fire this event.
addEventListener('hashchange', event => show(event.newURL).catch(complain))
setInterval(() => {
  const clock = phone.querySelector('.clock')
  if (clock) clock.textContent = clockTime()
}, 10_000)
setInterval(() => holders?.show().catch(() => {}), 15_000)
setInterval(() => readHearing().catch(() => {}), 15_000)
