import { el } from './el.js'
import { get } from './server.js'

const clock = new Intl.DateTimeFormat('zh-CN', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})

/** The calls that the application's server made to wisp for this visitor. */
export function callLog() {
  const list = el('ol', { class: 'calls' })
  const isWide = matchMedia('(min-width: 1000px)').matches
  const element = el(
    'aside',
    { class: 'log' },
    el(
      'details',
      { open: isWide },
      el('summary', {}, '给开发者：调用了哪些接口'),
      el(
        'p',
        { class: 'hint' },
        '应用的服务器替您向平台发出的请求，最近的在上面。devToken 和 jessionId 不显示。',
      ),
      list,
    ),
  )
  const refresh = async () => {
    const { calls } = await get('calls')
    list.replaceChildren(...calls.map(row))
  }
  return { element, refresh: () => refresh().catch(() => {}) }
}

function row({ method, path, query, body, answer, retCode, retMessage, ms, at }) {
  const isGood = retCode === '0'
  return el(
    'li',
    {},
    el(
      'details',
      {},
      el(
        'summary',
        {},
        el('span', { class: `code ${isGood ? 'good' : 'bad'}` }, retCode || '—'),
        el('span', { class: 'path' }, `${method} ${path}`),
        el('span', { class: 'ms' }, `${ms} ms`),
      ),
      el('p', { class: 'hint' }, `${clock.format(new Date(at))} ${retMessage}`),
      query && el('pre', {}, `?${decodeURIComponent(query.replaceAll('+', ' '))}`),
      body && el('pre', {}, body),
      answer && el('pre', {}, answer),
    ),
  )
}
