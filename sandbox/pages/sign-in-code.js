import { ask, tell } from './api.js'
import { h } from './dom.js'

const askEveryMs = 800

/** Shows the code for a phone. The page continues by itself when the phone has confirmed. */
export async function showCode(url) {
  const panel = h('section', { class: 'panel code' })
  await draw(panel, url)
  return panel
}

async function draw(panel, url) {
  const { id, link } = await tell('sign-in/qr', { url })
  const picture = h('img', {
    src: `/_sandbox/sign-in/qr/${id}/picture`,
    alt: '登录用的二维码',
    width: 232,
    height: 232,
  })
  const words = h('p', { role: 'status' }, '用手机扫描')
  panel.replaceChildren(
    h('h1', {}, '扫码登录'),
    picture,
    words,
    h('p', { class: 'hint' }, '没有能访问这台机器的手机时：'),
    h('a', { class: 'action', href: link, target: '_blank', rel: 'noopener' }, '打开“手机”上的确认页'),
  )
  // Goes on for as long as the page is open, and takes an answer that fails for none.
  void watch(id, state => {
    if (state === 'scanned') words.replaceChildren('已扫码，请在手机上确认')
    if (state !== 'expired') return
    picture.classList.add('old')
    const again = h(
      'button',
      { type: 'button', class: 'action', onclick: () => draw(panel, url) },
      '刷新二维码',
    )
    words.replaceChildren('二维码已失效 ', again)
  })
}

async function watch(id, changed) {
  for (let before = 'waiting'; ; ) {
    await new Promise(resolve => setTimeout(resolve, askEveryMs))
    const { state, location: target } = await ask(`sign-in/qr/${id}`).catch(() => ({ state: before }))
    if (target) return location.assign(target)
    if (state !== before) changed(state)
    if (state === 'expired') return
    before = state
  }
}
