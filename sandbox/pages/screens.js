import { numberOf } from './api.js'
import { card, snippet } from './cards.js'
import { face, h } from './dom.js'
import { richText } from './rich-text.js'
import { fullTime, longTime, shortTime } from './time.js'

const shown = 200
const pauseMs = 5 * 60_000

/** A list of conversations, newest first. */
export function conversations(groups, { empty, open }) {
  if (groups.length === 0) return h('div', { class: 'empty' }, empty)
  const rows = groups
    .toSorted((a, b) => (b.last?.n ?? 0) - (a.last?.n ?? 0))
    .map(group =>
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'conversation', onclick: () => open(group.id) },
          h('span', { class: 'face-box' }, face(group.name, group.colour), badge(group.unread)),
          h(
            'span',
            { class: 'conversation-text' },
            h(
              'span',
              { class: 'conversation-top' },
              h('b', {}, group.name),
              group.last && h('time', {}, shortTime(group.last.at)),
            ),
            h('span', { class: 'conversation-last' }, group.words),
          ),
        ),
      ),
    )
  return h('ul', { class: 'conversations' }, ...rows)
}

export function badge(count) {
  return count > 0 && h('span', { class: 'badge' }, count > 99 ? '99+' : count)
}

export const lastWords = message => (message.recalledAt ? '已撤回一条消息' : snippet(message))

/** One application's messages, oldest first, as WeCom displays them. */
export function wecomThread(messages, agent, select, cards) {
  return thread(messages, message => {
    if (message.recalledAt)
      return h('div', { class: 'notice' }, selectable(message, select, `${agent.name} 已撤回一条消息`))
    const { from } = message
    return h(
      'div',
      { class: from ? 'message mine' : 'message' },
      from ? face(from, numberOf(from)) : face(agent.name, agent.agentId),
      h('div', body(message, select), ...drawn(message, cards)),
    )
  })
}

/**
 * What was drawn of a card stays until it changes, so that a new message does not lose what somebody is choosing on it.
 */
function drawn(message, cards) {
  if (message.msgtype !== 'template_card') return [card(message)]
  const now = cards.of(message)
  const before = kept.get(message)
  if (before && before.now === now) return before.nodes
  const { isBad, words } = now?.told ?? {}
  const nodes = [
    card(message, now),
    ...(words ? [h('p', { class: `card-told ${isBad ? 'bad' : ''}`, role: 'status' }, words)] : []),
  ]
  kept.set(message, { now, nodes })
  return nodes
}

const kept = new WeakMap()

const selectable = (message, select, words) =>
  h('button', { type: 'button', class: 'plain', 'data-n': message.n, onclick: () => select(message) }, words)

/** Clicking a message, or focusing it with the keyboard, shows its raw data. */
function body(message, select) {
  const show = () => select(message)
  return { class: 'message-body', 'data-n': message.n, tabindex: 0, onclick: show, onfocusin: show }
}

const vendors = { tencent: '腾讯云', aliyun: '阿里云' }

/** The SMS with one sign name. */
export function smsThread(messages, select) {
  return thread(messages, message =>
    h(
      'div',
      { class: 'message sms' },
      h(
        'div',
        body(message, select),
        h('div', { class: 'bubble' }, ...richText(message.text)),
        h('div', { class: 'via' }, `${vendors[message.vendor] ?? message.vendor} · ${message.templateId}`),
      ),
    ),
  )
}

function thread(messages, draw) {
  const nodes = []
  let before = 0
  const visible = messages.slice(-shown)
  if (visible.length < messages.length) nodes.push(h('div', { class: 'notice' }, `只显示最近 ${shown} 条`))
  for (const message of visible) {
    const at = Date.parse(message.at)
    if (at - before > pauseMs)
      nodes.push(h('time', { class: 'notice', datetime: message.at }, longTime(message.at)))
    before = at
    nodes.push(draw(message))
  }
  return h('div', { class: 'thread' }, ...nodes)
}

export function mailList(messages, isUnread, open) {
  if (messages.length === 0) return h('div', { class: 'empty' }, '没有邮件')
  const rows = messages.toReversed().map(mail =>
    h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: `conversation mail ${isUnread(mail) ? 'unread' : ''}`,
          onclick: () => open(mail.n),
        },
        h(
          'span',
          { class: 'conversation-text' },
          h(
            'span',
            { class: 'conversation-top' },
            h('b', {}, senderOf(mail)),
            h('time', {}, shortTime(mail.at)),
          ),
          h('span', { class: 'mail-subject' }, mail.subject || '（无主题）'),
          h('span', { class: 'conversation-last' }, mail.text.replaceAll(/\s+/g, ' ').slice(0, 120)),
        ),
      ),
    ),
  )
  return h('ul', { class: 'conversations' }, ...rows)
}

/** The sender's name in the mail, or the address when there is none. */
export const senderOf = mail => mail.fromName || mail.from

/** An opened mail. Its HTML is shown in a frame with an origin of its own and without scripts. */
export function mailView(mail, { asText, toggle }) {
  const frame = () =>
    h('iframe', {
      class: 'mail-frame',
      title: '邮件正文',
      src: `/_sandbox/mail/${mail.n}`,
      sandbox: 'allow-popups allow-popups-to-escape-sandbox',
      referrerpolicy: 'no-referrer',
    })
  const hasHtml = mail.html !== ''
  return h(
    'article',
    { class: 'mail-view' },
    h('h2', {}, mail.subject || '（无主题）'),
    h(
      'div',
      { class: 'mail-head' },
      h(
        'div',
        {},
        h('b', {}, senderOf(mail)),
        mail.fromName && h('span', { class: 'mail-address' }, mail.from),
      ),
      h('div', { class: 'mail-meta' }, `发给 ${mail.to.join('、')} · ${fullTime(mail.at)}`),
    ),
    ...mail.attachments.map(file =>
      h('div', { class: 'mail-file' }, `附件：${file.filename ?? file.mimeType}（${file.size} 字节）`),
    ),
    hasHtml && !asText ? frame() : h('div', { class: 'mail-text' }, ...richText(mail.text)),
    hasHtml &&
      h('button', { type: 'button', class: 'mail-toggle', onclick: toggle }, asText ? '看原样' : '看纯文本'),
  )
}
