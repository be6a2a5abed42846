import { ask } from './api.js'
import { h } from './dom.js'
import { clockTime } from './time.js'

const receiver = document.querySelector('#receiver')
const list = document.querySelector('#pushes')
const askEveryMs = 1500
let shown = ''

const types = {
  create_user: '新增成员',
  update_user: '修改成员',
  delete_user: '删除成员',
  create_party: '新增部门',
  update_party: '修改部门',
  delete_party: '删除部门',
  update_tag: '标签成员变更',
}
const states = {
  waiting: ['发送中', 'warn'],
  sent: ['已送达', 'good'],
  failed: ['没有送达', 'bad'],
  dropped: ['已丢弃', 'bad'],
}

/** Shows the latest callbacks and whether they were delivered. Never ends, and shows its own errors. */
export async function watchPushes() {
  for (;;) {
    await show().catch(error => receiver.replaceChildren(`读不到沙箱的数据：${error.message}`))
    await new Promise(resolve => setTimeout(resolve, askEveryMs))
  }
}

async function show() {
  const [{ callback, sent, failed, pending }, { pushes }] = await Promise.all([
    ask('callback'),
    ask('callback/recent'),
  ])
  const now = JSON.stringify([callback, sent, failed, pending, pushes])
  if (now === shown) return
  shown = now
  receiver.replaceChildren(
    ...(callback
      ? [
          h('span', { class: 'address' }, `接收地址 ${callback.url}`),
          h('br'),
          `已送达 ${sent}，没有送达 ${failed}，等待 ${pending}`,
        ]
      : ['没有设置接收地址，修改不会通知任何人。']),
    ' ',
    h('a', { href: '/callback' }, callback ? '修改' : '去设置'),
  )
  const opened = new Set([...list.querySelectorAll('details[open]')].map(one => one.dataset.id))
  list.replaceChildren(...pushes.map(push => row(push, opened.has(String(push.id)))))
  if (pushes.length === 0) list.replaceChildren(h('li', { class: 'hint' }, '还没有回调。改一个人试试。'))
}

function row({ id, type, at, xml, state, attempts, note }, open) {
  const [word, kind] = states[state]
  return h(
    'li',
    {},
    h(
      'details',
      { 'data-id': id, open },
      h(
        'summary',
        {},
        h('span', { class: 'quiet' }, clockTime(at)),
        h('b', { class: 'grow cut' }, types[type] ?? type),
        h('span', { class: `word ${kind}` }, word),
      ),
      (note || attempts > 1) &&
        h('p', { class: 'hint' }, [attempts > 1 && `试了 ${attempts} 次`, note].filter(Boolean).join('；')),
      h('pre', {}, xml.replaceAll('><', '>\n<')),
    ),
  )
}
