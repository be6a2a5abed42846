import { ask, tell } from '/pages/api.js'
import { h } from '/pages/dom.js'
import { people } from './people.js'

const stage = document.querySelector('#stage')
const query = new URLSearchParams(location.search)
const originalId = query.get('originalId') ?? ''
const wanted = (query.get('templates') ?? '').split(',')

/** Tells the page with the tag, which takes this window away. */
const answer = data => parent.postMessage(data, '*')

const problem = h('p', { class: 'problem', role: 'alert' })
const attempt = work => work.catch(error => problem.replaceChildren(error.message))

const chooser = account =>
  h(
    'section',
    { class: 'panel' },
    h('h1', {}, '选择您的微信身份'),
    h('p', { class: 'purpose' }, `在网页中订阅“${account.name}”的通知`),
    problem,
    ...people(originalId, person => stage.replaceChildren(choices(account, person)), attempt),
  )

/** The window of WeChat: each notice can be left out, and all of them be refused. */
function choices(account, person) {
  const boxes = account.subscribeTemplates.map(({ id, title }) => {
    const box = h('input', { type: 'checkbox', value: id })
    box.checked = true
    return { box, line: h('p', {}, h('label', {}, box, ` ${title}`)) }
  })
  const choose = async isAllowed => {
    const details = {}
    for (const { box } of boxes) {
      const status = isAllowed && box.checked ? 'accept' : 'reject'
      const { openid } = person
      await tell('official/act', {
        originalId,
        openid,
        act: 'subscribe_msg',
        templateId: box.value,
        choice: status,
      })
      details[box.value] = JSON.stringify({ status })
    }
    answer({ type: 'success', errMsg: 'subscribe:ok', subscribeDetails: JSON.stringify(details) })
  }
  const button = (words, className, isAllowed) =>
    h('button', { type: 'button', class: className, onclick: () => attempt(choose(isAllowed)) }, words)
  return h(
    'section',
    { class: 'panel' },
    h('h1', {}, `“${account.name}”想给您发订阅通知`),
    h('p', { class: 'purpose' }, person.nickname),
    problem,
    ...boxes.map(({ line }) => line),
    h('div', { class: 'others' }, button('允许', 'action main', true), button('拒绝', 'action', false)),
  )
}

ask('official/state', { originalId })
  .then(({ name, subscribeTemplates = [] }) => {
    const known = subscribeTemplates.filter(one => wanted.includes(one.id))
    // The code of WeChat's tag for templates that the account does not have.
    if (known.length === 0) answer({ type: 'error', errMsg: 'No template data return', errCode: 20001 })
    else stage.replaceChildren(chooser({ name, subscribeTemplates: known }))
  })
  .catch(error => answer({ type: 'error', errMsg: error.message, errCode: 10002 }))
