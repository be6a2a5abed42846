import { ask, tell } from './api.js'
import { callbackForm } from './callback-form.js'
import { h } from './dom.js'
import { clockTime } from './time.js'

const problem = document.querySelector('#problem')
const choices = document.querySelector('#agents')
const now = document.querySelector('#now')
const events = document.querySelector('#events')
const list = document.querySelector('#pushes')
const askEveryMs = 1500
const dayMs = 86_400_000
let shown = ''

let agentId = Number(new URLSearchParams(location.search).get('agentId'))

const states = {
  none: ['没有设置地址', 'warn'],
  waiting: ['发送中', 'warn'],
  answered: ['已送达', 'good'],
  failed: ['没有送达', 'bad'],
  dropped: ['已丢弃', 'bad'],
}

/** What happens to an application that nobody uses, and what WeCom tells of other things. */
const happenings = [
  [
    'inactive_alert',
    '长期未使用，将停用',
    () => ({ EffectTime: Math.floor((Date.now() + 7 * dayMs) / 1000) }),
  ],
  ['close_inactive_agent', '已停用'],
  ['reopen_inactive_agent', '重新启用'],
  [
    'low_active_alert',
    '活跃度低，将受限',
    () => ({ EffectTime: Math.floor((Date.now() + 7 * dayMs) / 1000) }),
  ],
  ['low_active', '已受限'],
  ['active_restored', '恢复正常'],
  ['switch_workbench_mode', '切换工作台模式', () => ({ Mode: 1 })],
]

/** Shows what goes wrong; never rejects. */
async function report(work) {
  try {
    await work()
  } catch (error) {
    problem.replaceChildren(error.message)
  }
}

async function happen(event, fields) {
  await tell('agents/push', { agentId, fields: { Event: event, ...fields?.() } })
  await show()
}

events.append(
  ...happenings.map(([event, words, fields]) =>
    h(
      'button',
      {
        type: 'button',
        class: 'action',
        title: event,
        onclick: () => void report(() => happen(event, fields)),
      },
      words,
    ),
  ),
)

function choose(id) {
  agentId = id
  history.replaceState(null, '', `?agentId=${id}`)
  problem.replaceChildren()
  void report(show)
}

async function show() {
  const { agents } = await ask('agents')
  if (!agents.some(one => one.agentId === agentId)) agentId = agents[0].agentId
  const { pushes } = await ask('agents/pushes', { agentId })
  const words = JSON.stringify([agentId, agents, pushes])
  if (words === shown) return
  shown = words
  choices.replaceChildren(...agents.map(choice))
  now.replaceChildren(...state(agents.find(one => one.agentId === agentId)))
  const opened = new Set([...list.querySelectorAll('details[open]')].map(one => one.dataset.id))
  list.replaceChildren(...pushes.map(push => row(push, opened.has(String(push.id)))))
  if (pushes.length === 0) list.replaceChildren(h('li', { class: 'hint' }, '还没有推送。'))
}

const choice = ({ agentId: id, name }) =>
  h(
    'button',
    { type: 'button', class: 'action', 'aria-pressed': String(id === agentId), onclick: () => choose(id) },
    `${name} ${id}`,
  )

function state({ callback, answered, failed, waiting }) {
  if (!callback) return [h('p', { class: 'hint' }, '没有设置。成员写给应用的没有人收到。')]
  const stop = async () => {
    await tell('agents/callback', { agentId, url: null })
    await show()
  }
  return [
    h('p', { class: 'address' }, h('span', { class: 'word good' }, '已通过验证'), ` ${callback.url}`),
    h(
      'div',
      { class: 'row' },
      h('span', { class: 'hint' }, `最近：已送达 ${answered}，没有送达 ${failed}，等待 ${waiting}`),
      h('button', { type: 'button', class: 'action small danger', onclick: () => void report(stop) }, '停用'),
    ),
  ]
}

function row({ id, name, userId, at, xml, state, attempts, note, reply }, open) {
  const [word, kind] = states[state]
  const lines = [attempts.length > 1 && `试了 ${attempts.length} 次`, note, attempts.at(-1)?.error]
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
        h('b', { class: 'grow cut' }, userId ? `${name} · ${userId}` : name),
        reply && h('span', { class: 'word' }, '有应答'),
        h('span', { class: `word ${kind}` }, word),
      ),
      lines.some(Boolean) && h('p', { class: 'hint' }, lines.filter(Boolean).join('；')),
      h('pre', {}, xml.replaceAll('><', '>\n<')),
      reply && h('pre', {}, JSON.stringify(reply, null, 2)),
    ),
  )
}

callbackForm(document.querySelector('#form'), problem, {
  hint: '平台要先为这个应用开启接收消息，三个值要与平台显示的完全一致，地址要从这台机器打得开。',
  async save(values) {
    await tell('agents/callback', { agentId, ...values })
    await show()
  },
})
for (;;) {
  await report(show)
  await new Promise(resolve => setTimeout(resolve, askEveryMs))
}
