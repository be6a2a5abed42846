import { numberOf } from '/pages/api.js'
import { face, h, link, picture } from '/pages/dom.js'
import { longTime } from '/pages/time.js'

const pauseMs = 5 * 60_000
const ways = {
  passive: '被动回复',
  custom: '客服消息',
  mass: '群发',
  preview: '群发预览',
  template: '模板消息',
  subscribe: '订阅通知',
  kf: '人工客服',
}
const events = {
  subscribe: '您关注了公众号',
  unsubscribe: '您取消了关注',
  SCAN: '您扫描了二维码',
  CLICK: '您点击了菜单',
  VIEW: '您打开了菜单里的网页',
  subscribe_msg_popup_event: '您选择了订阅通知',
  subscribe_msg_change_event: '您在设置里改了订阅通知',
}

const absolute = url => URL.parse(url, location.origin)?.href
const mediaUrl = (account, id) => absolute(`/official/mmbiz/${account.originalId}/${id}`)

/** A conversation, oldest first: the follower's messages on the right, the account's on the left. */
export function thread(messages, account, follower, select, act) {
  if (messages.length === 0) return h('div', { class: 'thread' }, h('div', { class: 'notice' }, '还没有消息'))
  let last = 0
  const parts = messages
    .toSorted((a, b) => a.n - b.n)
    .flatMap(message => {
      const at = Date.parse(message.at)
      const time = at - last > pauseMs && h('div', { class: 'notice' }, longTime(message.at))
      last = at
      return [time, entry(message, account, follower, select, act)]
    })
  return h('div', { class: 'thread', role: 'log' }, ...parts)
}

function entry(message, account, follower, select, act) {
  const pick = { 'data-n': message.n, onclick: () => select(message) }
  if (message.from === 'wechat' || message.how === 'act')
    return h(
      'div',
      { class: 'notice' },
      h('button', { type: 'button', class: 'plain', ...pick }, noticeOf(message)),
    )
  const mine = message.from === 'follower'
  const name = mine ? follower.nickname : account.name
  return h(
    'div',
    { class: `message ${mine ? 'mine' : ''}` },
    face(name, numberOf(mine ? follower.openid : account.originalId)),
    h(
      'div',
      { class: 'message-body', tabindex: 0, ...pick },
      bodyOf(message, account, act),
      !mine && h('span', { class: 'via' }, ways[message.how]),
    ),
  )
}

function noticeOf({ from, content }) {
  if (from === 'wechat') return content.content
  const words = events[content.event] ?? content.event
  const about = content.EventKey || content.scene || content.title
  return about ? `${words}：${about}` : words
}

function bodyOf({ type, content }, account, act) {
  if (content.deleted) return h('div', { class: 'bubble' }, '该内容已被发布者删除')
  switch (type) {
    case 'text':
      return h('div', { class: 'bubble' }, ...words(content.content))
    case 'image':
      return h(
        'div',
        { class: 'shots' },
        ...(content.mediaIds ?? [content.mediaId]).map(id => picture(mediaUrl(account, id), 'shot')),
      )
    case 'news':
    case 'mpnews':
    case 'mpnewsarticle':
      return articles(content.articles, account)
    case 'template':
      return templateCard(content)
    case 'msgmenu':
      return choices(content, act)
    case 'voice':
      return h('div', { class: 'bubble' }, '🔊 语音', content.recognition ? `：${content.recognition}` : '')
    case 'location':
      return h('div', { class: 'bubble' }, `📍 ${content.Label}`)
    case 'link':
      return h('div', { class: 'bubble' }, link(content.url, {}, content.title))
    case 'miniprogrampage':
      return h('div', { class: 'bubble' }, `小程序：${content.title}`)
    default:
      return h('div', { class: 'bubble' }, `【${names[type] ?? type}】`, content.title ?? '')
  }
}

/** One line of a message, for the list of conversations. */
export function lastWords({ from, how, type, content }) {
  if (from === 'wechat' || how === 'act') return noticeOf({ from, content })
  if (content.deleted) return '该内容已被发布者删除'
  return (
    content.content ??
    content.title ??
    content.articles?.[0]?.title ??
    content.head ??
    `【${names[type] ?? type}】`
  )
}

const names = {
  image: '图片',
  voice: '语音',
  location: '位置',
  video: '视频',
  shortvideo: '小视频',
  mpvideo: '视频',
  music: '音乐',
  wxcard: '卡券',
}

/** A text with its links. WeChat shows `<a href>` in texts as links and nothing else of HTML. */
function words(text) {
  const parts = []
  let end = 0
  for (const match of text.matchAll(
    /<a\s[^>]*?href="([^"]*)"[^>]*>([^<]*)<\/a>|https?:\/\/[^\s<>"\u3000-\u9fff]+/g,
  )) {
    parts.push(text.slice(end, match.index), link(match[1] ?? match[0], {}, match[2] ?? match[0]))
    end = match.index + match[0].length
  }
  return [...parts, text.slice(end)]
}

function articles(list, account) {
  const cover = article => article.picUrl || (article.mediaId && mediaUrl(account, article.mediaId))
  const title = article => (article.deleted ? '该内容已被发布者删除' : article.title)
  const [first, ...others] = list
  return h(
    'div',
    { class: `card news ${others.length > 0 ? 'several' : ''}` },
    link(
      first.deleted ? '' : absolute(first.url),
      { class: 'article' },
      picture(cover(first), 'news-picture'),
      h('b', { class: 'article-title' }, title(first)),
      others.length === 0 && first.description && h('span', { class: 'article-text' }, first.description),
    ),
    ...others.map(article =>
      link(
        article.deleted ? '' : absolute(article.url),
        { class: 'article small' },
        h('span', {}, title(article)),
        picture(cover(article), 'news-thumb'),
      ),
    ),
  )
}

const templateCard = ({ title, rows, url, miniprogram }) =>
  h(
    'div',
    { class: 'card template' },
    h('b', { class: 'article-title' }, title),
    h(
      'dl',
      { class: 'template-rows' },
      ...rows.flatMap(({ label, value }) => [label && h('dt', {}, label), h('dd', {}, value)]),
    ),
    url && link(absolute(url), { class: 'template-more' }, '详情'),
    miniprogram && h('span', { class: 'template-more' }, '进入小程序查看'),
  )

const choices = ({ head, list, tail }, act) =>
  h(
    'div',
    { class: 'bubble' },
    h('p', {}, head),
    ...list.map(({ id, content }) =>
      h(
        'button',
        { type: 'button', class: 'choice', onclick: () => act('msgmenu', { id, content }) },
        content,
      ),
    ),
    h('p', {}, tail),
  )
