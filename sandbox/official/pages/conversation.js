import { numberOf } from '/pages/api.js'
import { face, h } from '/pages/dom.js'
import { conversations } from '/pages/screens.js'
import { menuBar } from './menu-bar.js'
import { more, scan } from './sheets.js'
import { lastWords, thread } from './thread.js'

export const kinds = { service: '服务号', subscription: '公众号（原订阅号）' }

/** The accounts, those that were written to or by last first. */
export function accountList(wechat, open) {
  const rows = [...wechat.conversations.values()].map(one => {
    const last = [...one.messages.values()].at(-1)
    return {
      id: one.account.originalId,
      name: one.account.name,
      colour: numberOf(one.account.originalId),
      last: last && { n: Date.parse(last.at), at: last.at },
      words: one.follower?.subscribed ? (last ? lastWords(last) : '还没有消息') : '还没有关注',
      unread: one.unread.size,
    }
  })
  return conversations(rows, { empty: '没有公众号', open })
}

/** What was said with one account, and its profile for whoever does not follow it. */
export function conversationScreen(one, act, select) {
  one.unread.clear()
  const follows = one.follower?.subscribed
  return [
    one.follower && thread([...one.messages.values()], one.account, one.follower, select, act),
    !follows && profile(one, act),
    one.problem && h('p', { class: 'problem', role: 'alert' }, one.problem),
  ]
}

/** The account's menu, or the line for a text; nothing for whoever does not follow. */
export const conversationBar = (one, act, draw) =>
  one.follower?.subscribed ? [menuBar(one, { act, draw, more: () => more(one, act) })] : []

const profile = (one, act) =>
  h(
    'div',
    { class: 'profile' },
    face(one.account.name, numberOf(one.account.originalId)),
    h('b', {}, one.account.name),
    h('span', {}, `${kinds[one.account.kind]}，${one.account.verified ? '已认证' : '未认证'}`),
    h('button', { type: 'button', class: 'action main', onclick: () => act('subscribe') }, '关注公众号'),
    h('button', { type: 'button', class: 'action', onclick: () => scan(one, act) }, '扫描二维码'),
  )

const states = { none: '没有服务器', waiting: '等待', answered: '成功', failed: '失败', dropped: '丢弃' }

/** What the account's server was told of this follower, for the column beside the phone. */
export const pushList = ({ server, pushes }) => [
  h('h2', {}, '推送到服务器'),
  h(
    'p',
    { class: 'hint' },
    server ? `${server.url}（${server.mode}）` : '这个公众号还没有服务器配置，消息不会推送。',
  ),
  h(
    'ul',
    { class: 'pushes' },
    ...pushes.map(push =>
      h(
        'li',
        { class: `push ${push.state}` },
        h('b', {}, push.name),
        h('span', {}, states[push.state], push.attempts.length > 1 ? ` · ${push.attempts.length} 次` : ''),
        h('small', {}, push.attempts.at(-1)?.error ?? ''),
      ),
    ),
  ),
]
