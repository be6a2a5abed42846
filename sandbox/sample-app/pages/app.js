import { button, el, failed } from './el.js'
import { callLog } from './log.js'
import { getTicket } from './sdk.js'
import { get, post, SignedOut } from './server.js'
import { approval, notice } from './view-desk.js'
import { home } from './view-home.js'
import { message } from './view-message.js'
import { people } from './view-people.js'
import { plain } from './view-plain.js'
import { inner, popup } from './view-popup.js'

const root = document.querySelector('#app')

/** The views by address: name, function that draws it, and whether it has a tab. */
const views = {
  '/': ['首页', home, true],
  '/people': ['通讯录', people, true],
  '/popup': ['弹窗与选人', popup, true],
  '/message': ['消息', message, true],
  '/approval': ['审批', approval],
  '/notice': ['公告', notice],
}

/** Finds the visitor by the application's own session, or else by a new ticket from the portal. */
async function whoIsHere() {
  try {
    return await get('me')
  } catch (error) {
    if (!(error instanceof SignedOut)) throw error
  }
  const jessionId = await getTicket({ fresh: true }).catch(() => undefined)
  if (!jessionId) throw new SignedOut()
  return post('sign-in', { jessionId })
}

async function draw(person) {
  const { pathname } = location
  if (pathname === '/popup/inner') {
    root.replaceChildren(inner(person))
    return
  }
  const [name, view, inTabs] = views[pathname] ?? ['', plain]
  document.title = name ? `${name} · 示例应用` : '示例应用'
  const main = el('main', { id: 'main' })
  const log = callLog()
  // The desk apps share the server but have no tabs.
  const isOwnApp = inTabs || view === plain
  root.replaceChildren(
    el(
      'div',
      { class: 'frame' },
      header(person, isOwnApp ? '示例应用' : name, isOwnApp),
      el('div', { class: 'columns' }, main, log.element),
    ),
  )
  try {
    const content = await view(person, log.refresh)
    main.replaceChildren(...content)
  } catch (error) {
    if (error instanceof SignedOut) return signedOut()
    main.replaceChildren(failed(error))
  }
  await log.refresh()
}

function header(person, name, withTabs) {
  return el(
    'header',
    { class: 'top' },
    // The home page has its own heading, so the brand is none there.
    el(location.pathname === '/' ? 'b' : 'h1', { class: 'brand' }, name),
    withTabs &&
      el(
        'nav',
        { class: 'tabs', 'aria-label': '页面' },
        ...Object.entries(views)
          .filter(([, [, , inTabs]]) => inTabs)
          .map(([href, [words]]) =>
            el('a', { href, 'aria-current': href === location.pathname ? 'page' : undefined }, words),
          ),
      ),
    // The local administrator has no messages.
    person.roleLevel !== 1 && document.querySelector('#inbox').content.cloneNode(true),
    el('span', { class: 'who' }, person.userName),
  )
}

function signedOut() {
  root.replaceChildren(
    el(
      'main',
      { class: 'out' },
      el('h1', {}, '请重新登录'),
      el(
        'p',
        {},
        '平台不认识这次登录的凭证（jessionId）。它可能已过期，或您已退出平台。请从工作台重新打开应用。',
      ),
      button('再试一次', () => location.reload(), 'main'),
    ),
  )
}

try {
  await draw(await whoIsHere())
} catch (error) {
  if (error instanceof SignedOut) signedOut()
  else root.replaceChildren(el('main', { class: 'out' }, el('h1', {}, '暂时打不开'), failed(error)))
}
