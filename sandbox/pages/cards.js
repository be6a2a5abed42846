import { h, link, picture } from './dom.js'
import { cardText, markdown, richText } from './rich-text.js'
import { objects, say, templateCard } from './template-card.js'

/**
 * The content of one WeCom message as the app displays it. `now` is what a template card has become for this person, and how it is
 * answered.
 */
export function card({ msgtype, content }, now) {
  if (msgtype === 'template_card') return templateCard(now?.card ?? content, now)
  return (kinds[msgtype] ?? other)(content, msgtype)
}

/** The preview of a message in the list of conversations. */
export function snippet({ msgtype, content }) {
  const words = {
    text: () => content.content.replaceAll(/<\/?a\b[^>]*>/gi, ''),
    markdown: () => content.content,
    textcard: () => content.title,
    news: () => content.articles[0]?.title,
    mpnews: () => content.articles[0]?.title,
    template_card: () => content.main_title?.title ?? content.sub_title_text,
    miniprogram_notice: () => content.title,
  }
  const text = words[msgtype]?.() ?? `[${names[msgtype] ?? msgtype}]`
  return say(text).replaceAll('\n', ' ')
}

const names = { image: '图片', voice: '语音', video: '视频', file: '文件', location: '位置', link: '链接' }

const kinds = {
  text: content => h('div', { class: 'bubble' }, ...richText(content.content)),
  markdown: content => h('div', { class: 'bubble markdown' }, ...markdown(content.content)),
  textcard: content =>
    link(
      content.url,
      { class: 'card textcard' },
      h('div', { class: 'card-title' }, content.title),
      h('div', { class: 'card-text' }, ...cardText(content.description)),
      h('div', { class: 'card-more' }, h('span', {}, content.btntxt), h('span', { class: 'chevron' })),
    ),
  news: content =>
    news(
      content.articles,
      article => article.url,
      article => article.picurl,
    ),
  mpnews: content =>
    news(
      content.articles,
      article => article.content_source_url,
      () => '',
    ),
  miniprogram_notice: content =>
    h(
      'div',
      { class: 'card' },
      h('div', { class: 'card-title' }, say(content.title)),
      content.description && h('div', { class: 'card-text' }, say(content.description)),
      rows(objects(content.content_item).map(item => [say(item.key), say(item.value)])),
      h('div', { class: 'card-more' }, h('span', {}, '小程序'), h('span', { class: 'chevron' })),
    ),
}

function news(articles, urlOf, pictureOf) {
  const [first, ...rest] = articles
  if (rest.length === 0) {
    return link(
      urlOf(first),
      { class: 'card news' },
      picture(pictureOf(first), 'news-picture'),
      h('div', { class: 'card-title' }, first.title),
      (first.description || first.digest) &&
        h('div', { class: 'card-text' }, first.description || first.digest),
    )
  }
  return h(
    'div',
    { class: 'card news several' },
    link(
      urlOf(first),
      { class: 'news-first' },
      picture(pictureOf(first), 'news-picture'),
      h('div', { class: 'news-over' }, first.title),
    ),
    ...rest.map(article =>
      link(
        urlOf(article),
        { class: 'news-row' },
        h('span', { class: 'news-title' }, article.title),
        picture(pictureOf(article), 'news-thumb'),
      ),
    ),
  )
}

function rows(pairs) {
  if (pairs.length === 0) return null
  return h(
    'dl',
    { class: 'card-rows' },
    ...pairs.flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, value)]),
  )
}

function other(content, msgtype) {
  const label = content.title || names[msgtype] || msgtype
  return h(
    'div',
    { class: 'bubble media' },
    h('b', {}, `[${names[msgtype] ?? msgtype}]`),
    ` ${label === names[msgtype] ? '' : label}`,
    h('span', { class: 'media-id' }, content.media_id ?? ''),
  )
}
