import { ask, latest, numberOf, tell, whenPaused } from '/pages/api.js'
import { followInClient } from '/pages/client-window.js'
import { face, h } from '/pages/dom.js'
import { clockTime } from '/pages/time.js'
import { menuBar } from './menu-bar.js'
import { more, scan } from './sheets.js'
import { thread } from './thread.js'

const find = id => document.querySelector(`#${id}`)
const [phone, live, raw, list, total] = ['phone', 'live', 'raw', 'list', 'total'].map(find)
const [accountSelect, search, pick, panel] = ['account', 'search', 'pick', 'members'].map(find)
/** `typing` shows the line for a text instead of the menu. */
const view = {
  accounts: [],
  account: null,
  follower: null,
  buttons: [],
  typing: false,
  selected: null,
  words: '',
}
let messages = new Map()
let events

const kinds = { service: '服务号', subscription: '公众号（原订阅号）' }
const query = () => ({ originalId: view.account.originalId, openid: view.follower.openid })

/** Does something as the follower; what is wrong is shown below the conversation. */
async function act(name, fields = {}) {
  view.problem = ''
  try {
    const done = await tell('official/act', { ...query(), act: name, ...fields })
    if (name === 'subscribe' || name === 'scan' || name === 'unsubscribe') {
      await showFollowers()
      await choose(done.openid)
    }
  } catch (error) {
    view.problem = error.message
    draw()
  }
}

async function chooseAccount(originalId, openid) {
  view.account = view.accounts.find(one => one.originalId === originalId) ?? view.accounts[0]
  accountSelect.value = view.account.originalId
  await showFollowers()
  const first = list.querySelector('button')?.dataset.openid
  const wanted = openid && (await findFollowers(openid)).followers.find(one => one.openid === openid)
  if (wanted || first) await choose(wanted ? openid : first)
  else phone.replaceChildren(h('div', { class: 'empty' }, '还没有粉丝，点“新的人”'))
}

const findFollowers = text =>
  ask('official/followers', { originalId: view.account.originalId, search: text, limit: 60 })

const showFollowers = async () => {
  const found = await latestFollowers(search.value)
  if (!found) return
  list.replaceChildren(...found.followers.map(row))
  total.textContent =
    found.total > found.followers.length
      ? `共 ${found.total} 人，输入可搜索更多`
      : found.total
        ? ''
        : '没有找到'
}
const latestFollowers = latest(findFollowers)

const row = follower =>
  h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        'data-openid': follower.openid,
        'aria-current': String(follower.openid === view.follower?.openid),
        onclick: () => choose(follower.openid),
      },
      face(follower.nickname, numberOf(follower.openid)),
      h(
        'span',
        { class: 'who' },
        h('span', { class: 'name' }, follower.nickname, h('small', {}, follower.remark)),
        h('span', { class: 'place' }, follower.openid),
      ),
      !follower.subscribed && h('span', { class: 'mark' }, '未关注'),
    ),
  )

async function choose(openid) {
  const { followers } = await findFollowers(openid)
  view.follower = followers.find(one => one.openid === openid)
  Object.assign(view, { selected: null, problem: '' })
  pick.textContent = `${view.follower.nickname} ▾`
  openPanel(false)
  for (const button of list.querySelectorAll('button'))
    button.setAttribute('aria-current', String(button.dataset.openid === openid))
  document.title = `${view.follower.nickname}的手机 · wisp 沙箱`
  history.replaceState(null, '', `#${new URLSearchParams(query())}`)
  await readMenu()
  listen()
}

async function readMenu() {
  const { button } = await ask('official/menu', query())
  view.buttons = button
  if (button.length === 0) view.typing = true
  else if (!view.words) view.typing = false
}

function listen() {
  events?.close()
  messages = new Map()
  let ready = false
  events = new EventSource(`/_sandbox/official/stream?${new URLSearchParams(query())}`)
  events.addEventListener('open', () => {
    messages.clear()
    ready = false
    live.className = 'live on'
    live.textContent = '实时'
  })
  events.addEventListener('error', () => {
    live.className = 'live waiting'
    live.textContent = '连接中'
  })
  events.addEventListener('message', event => {
    const message = JSON.parse(event.data)
    messages.set(message.n, message)
    if (ready) draw()
  })
  events.addEventListener('pushes', event => showPushes(JSON.parse(event.data)))
  events.addEventListener('ready', () => {
    ready = true
    draw()
  })
}

const states = { none: '没有服务器', waiting: '等待', answered: '成功', failed: '失败', dropped: '丢弃' }

function showPushes({ server, pushes }) {
  find('server').textContent = server
    ? `${server.url}（${server.mode}）`
    : '这个公众号还没有服务器配置，消息不会推送。'
  find('pushes').replaceChildren(
    ...pushes.map(push =>
      h(
        'li',
        { class: `push ${push.state}` },
        h('b', {}, push.name),
        h('span', {}, states[push.state], push.attempts.length > 1 ? ` · ${push.attempts.length} 次` : ''),
        h('small', {}, push.attempts.at(-1)?.error ?? ''),
      ),
    ),
  )
}

function draw() {
  const before = phone.querySelector('.screen')
  const atEnd = before ? before.scrollHeight - before.scrollTop - before.clientHeight < 80 : true
  const place = before?.scrollTop ?? 0
  const same = before?.dataset.openid === view.follower.openid
  const focused = document.activeElement?.id === 'say'
  const { subscribed } = view.follower
  phone.replaceChildren(
    h(
      'div',
      { class: 'status-bar' },
      h('span', { class: 'clock' }, clockTime()),
      h('span', { class: 'notch' }, '沙箱'),
      h('span', { class: 'battery' }),
    ),
    h(
      'div',
      { class: 'nav' },
      h('h1', {}, view.account.name),
      h('span', { class: 'owner' }, view.follower.nickname),
    ),
    h(
      'div',
      { class: 'screen', 'data-openid': view.follower.openid, tabindex: -1 },
      thread([...messages.values()], view.account, view.follower, select, act),
      !subscribed && profile(),
      view.problem && h('p', { class: 'problem', role: 'alert' }, view.problem),
    ),
    ...(subscribed ? [menuBar(view, { act, draw, more: () => more(view, act) })] : []),
  )
  const after = phone.querySelector('.screen')
  after.scrollTop = !same || atEnd || !subscribed ? after.scrollHeight : place
  if (focused) phone.querySelector('#say')?.focus()
  showRaw()
}

const profile = () =>
  h(
    'div',
    { class: 'profile' },
    face(view.account.name, numberOf(view.account.originalId)),
    h('b', {}, view.account.name),
    h('span', {}, `${kinds[view.account.kind]}，${view.account.verified ? '已认证' : '未认证'}`),
    h('button', { type: 'button', class: 'action main', onclick: () => act('subscribe') }, '关注公众号'),
    h('button', { type: 'button', class: 'action', onclick: () => scan(view, act) }, '扫描二维码'),
  )

function select(message) {
  view.selected = message.n
  showRaw()
}

function showRaw() {
  const message = messages.get(view.selected)
  find('raw-hint').hidden = message !== undefined
  raw.textContent = message ? JSON.stringify(message, null, 2) : ''
  for (const node of phone.querySelectorAll('[data-n]'))
    node.classList.toggle('selected', Number(node.dataset.n) === view.selected)
}

function openPanel(isOpen) {
  panel.classList.toggle('open', isOpen)
  pick.setAttribute('aria-expanded', String(isOpen))
}

async function newcomer() {
  const { openid } = await tell('official/act', { originalId: view.account.originalId, act: 'subscribe' })
  await showFollowers()
  await choose(openid)
}

async function start() {
  view.accounts = (await ask('official/state')).accounts
  accountSelect.replaceChildren(
    ...view.accounts.map(one =>
      h(
        'option',
        { value: one.originalId },
        `${one.name} · ${kinds[one.kind]}${one.verified ? '' : '（未认证）'}`,
      ),
    ),
  )
  const wanted = new URLSearchParams(location.hash.slice(1))
  await chooseAccount(wanted.get('originalId'), wanted.get('openid'))
}

const complain = error =>
  phone.replaceChildren(h('div', { class: 'empty' }, `读不到沙箱的数据：${error.message}`))
accountSelect.addEventListener('change', () => chooseAccount(accountSelect.value).catch(complain))
followInClient(phone, 'wechat', () => view.follower.openid)
search.addEventListener(
  'input',
  whenPaused(() => showFollowers().catch(complain)),
)
find('newcomer').addEventListener('click', () => newcomer().catch(complain))
pick.addEventListener('click', () => openPanel(!panel.classList.contains('open')))
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') openPanel(false)
})
// Another address that was typed into this tab; the page itself uses replaceState.
addEventListener('hashchange', () => start().catch(complain))
start().catch(complain)
