import { button, el, section } from './el.js'
import { pickMembers } from './sdk.js'
import { post } from './server.js'

/** Sends a message of any kind to the visitor or to chosen people. */
export async function message(person, refreshLog) {
  let to = [{ userId: person.userId, userName: person.userName }]
  const receivers = el('span', { class: 'grow' })
  const name = () => receivers.replaceChildren(to.map(one => one.userName).join('、'))
  const said = el('p', { class: 'said', role: 'status' })
  const pick = async () => {
    try {
      const list = await pickMembers({ title: '发给谁', selected: to })
      if (list?.length > 0) to = list
      name()
    } catch {
      said.replaceChildren('不在工作台里，只能发给自己')
    }
  }
  name()
  const form = el(
    'form',
    { class: 'form' },
    el('div', { class: 'row' }, el('span', { class: 'hint' }, '发给'), receivers, button('选人', pick)),
    field('类型', kinds()),
    field('标题', el('input', { name: 'title', class: 'input', value: '会议通知', autocomplete: 'off' })),
    field(
      '内容',
      el('textarea', { name: 'content', class: 'input', rows: 4 }, '今天 15:00 在三楼会议室开会。'),
    ),
    el('div', { class: 'row' }, el('button', { class: 'button main' }, '发送'), said),
  )
  form.addEventListener('submit', async event => {
    event.preventDefault()
    said.replaceChildren('正在发送……')
    const values = Object.fromEntries(new FormData(form))
    try {
      const answer = await post('message', {
        ...values,
        to: to.map(one => one.userId).join('|'),
        url: location.origin,
      })
      said.replaceChildren(words(answer))
    } catch (error) {
      said.replaceChildren(error.message)
    }
    refreshLog()
  })
  return [section('发消息', form)]
}

function words({ status, invaliduser, msgId }) {
  const missed = invaliduser ? `，${invaliduser} 收不到` : ''
  return status === 'sent' ? `已发送${missed}` : `平台已接受（${status}，编号 ${msgId}）${missed}`
}

const field = (label, control) => el('label', { class: 'field' }, el('span', {}, label), control)

const kinds = () =>
  el(
    'select',
    { name: 'kind', class: 'input' },
    el('option', { value: 'card' }, '卡片'),
    el('option', { value: 'text' }, '文字'),
  )
