import { ask, tell } from '/pages/api.js'
import { clientOfWindow } from '/pages/client-window.js'
import { h } from '/pages/dom.js'
import { people } from './people.js'

const stage = document.querySelector('#stage')
const url = location.href.slice(location.origin.length)

/** Goes back to the page that asked, with a code or without. */
async function leave(answer) {
  const { location: target } = await tell('official/authorize', { url, ...answer })
  location.assign(target)
}

function chooser(info) {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const attempt = work => work.catch(error => problem.replaceChildren(error.message))
  const snapshot = h('input', { type: 'checkbox' })
  const pick = person => {
    const chosen = { openid: person.openid, snapshot: snapshot.checked }
    if (info.scope === 'snsapi_userinfo' && !snapshot.checked) stage.replaceChildren(consent(info, person))
    else attempt(leave(chosen))
  }
  return h(
    'section',
    { class: 'panel' },
    h('h1', {}, '选择您的微信身份'),
    h('p', { class: 'purpose' }, `在“${info.name}”中打开网页，之后回到 ${info.host}`),
    location.hash !== '#wechat_redirect' &&
      h('p', { class: 'notice' }, '地址末尾没有 #wechat_redirect，真的微信可能打不开它。'),
    problem,
    ...people(info.originalId, pick, attempt),
    h('p', {}, h('label', {}, snapshot, ' 以快照页打开（给出的 openid 不属于任何人）')),
    h(
      'div',
      { class: 'others' },
      h(
        'button',
        { type: 'button', class: 'action', onclick: () => attempt(leave({ refuse: true })) },
        '拒绝',
      ),
    ),
  )
}

/** snsapi_userinfo: the person agrees to show name and picture, or stays 微信用户. */
function consent(info, person) {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const button = (words, className, answer) =>
    h(
      'button',
      {
        type: 'button',
        class: className,
        onclick: () =>
          leave({ openid: person.openid, ...answer }).catch(error => problem.replaceChildren(error.message)),
      },
      words,
    )
  return h(
    'section',
    { class: 'panel' },
    h('h1', {}, `“${info.name}”申请获取您的昵称、头像`),
    h('p', { class: 'purpose' }, `${person.nickname}，提供给 ${info.host}`),
    problem,
    h(
      'div',
      { class: 'others' },
      button('允许', 'action main', { consent: true }),
      button('不使用真实信息（微信用户）', 'action', { consent: false }),
      button('拒绝', 'action', { refuse: true }),
    ),
  )
}

/** The follower whose phone this is, if it is one of this account. */
async function holderOf({ originalId }) {
  const { client, person } = clientOfWindow() ?? {}
  if (client === undefined || client === 'wecom') return undefined
  const { followers } = await ask('official/followers', { originalId, search: person, limit: 1 })
  return followers.find(one => one.openid === person)
}

async function start() {
  const info = await ask('official/authorize', { url })
  const holder = await holderOf(info)
  if (holder && info.scope === 'snsapi_base') return leave({ openid: holder.openid })
  stage.replaceChildren(holder ? consent(info, holder) : chooser(info))
}

start().catch(error =>
  stage.replaceChildren(h('section', { class: 'panel verdict' }, h('h1', {}, error.message))),
)
