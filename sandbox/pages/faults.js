import { ask, tell } from './api.js'
import { field, select, text } from './dialog.js'
import { h } from './dom.js'
import { describe, modes, presets } from './fault-words.js'

const list = document.querySelector('#list')
const problem = document.querySelector('#problem')
const clear = document.querySelector('#clear')
const settings = document.querySelector('#settings')
const calls = document.querySelector('#calls')
const form = document.querySelector('#form')
const askEveryMs = 1500
let shown = ''

/** Does the work, reads the state again and shows an error if there was one. Never rejects. */
async function attempt(work) {
  try {
    await work()
    problem.replaceChildren()
    await refresh()
  } catch (error) {
    problem.replaceChildren(error.message)
  }
}

const button = (words, act, props = {}) =>
  h('button', { type: 'button', class: 'action', onclick: () => attempt(act), ...props }, words)

async function refresh() {
  const [{ faults }, info, counts] = await Promise.all([ask('faults'), ask('info'), ask('calls')])
  const now = JSON.stringify([faults, info.regime, info.agents, info.trustedIps, counts])
  if (now === shown) return
  shown = now
  const focused = document.activeElement?.dataset?.key
  clear.disabled = faults.length === 0
  list.replaceChildren(...faults.map(row))
  if (faults.length === 0) list.replaceChildren(h('li', { class: 'none' }, '一切正常，没有打开的故障。'))
  settings.replaceChildren(...settingRows(info))
  calls.replaceChildren(...callRows(counts))
  if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus()
}

const row = fault =>
  h(
    'li',
    {},
    h('span', { class: 'grow' }, describe(fault)),
    h('span', { class: `word hits ${fault.hits > 0 ? 'bad' : ''}` }, `命中 ${fault.hits} 次`),
    button('关闭', () => tell(`faults?id=${fault.id}`, undefined, 'DELETE'), {
      class: 'action small',
      'data-key': `fault ${fault.id}`,
      'aria-label': `关闭 ${describe(fault)}`,
    }),
  )

function settingRows(info) {
  const isFull = info.regime === 'full'
  const regime = setting(
    '通讯录接口',
    isFull ? '2022 年之前的权限：通讯录 Secret 能读全部字段' : '2022 年之后的限制：只能读 id，回调没有姓名',
    button(
      isFull ? '改为受限' : '改为不限',
      () => tell('regime', { regime: isFull ? 'restricted' : 'full' }),
      {
        class: 'action small',
        'data-key': 'regime',
      },
    ),
  )
  const ips = Object.keys(info.trustedIps).length
  const trusted = setting(
    '企业可信 IP',
    ips > 0 ? '只允许 203.0.113.1 一类的地址调用，其余返回 60020' : '任何地址都可以调用',
    button(ips > 0 ? '不限制' : '限制', () => tell('trustedIps', { ips: ips > 0 ? null : ['203.0.113.1'] }), {
      class: 'action small',
      'data-key': 'ips',
    }),
  )
  const agents = info.agents.map(({ agentId, name, description, disabled }) =>
    setting(
      `${name}（${agentId}）`,
      disabled ? '已停用，调用返回 50003' : description,
      button(disabled ? '启用' : '停用', () => tell('agents', { agentId, disabled: !disabled }), {
        class: 'action small',
        'data-key': `agent ${agentId}`,
        'aria-label': `${disabled ? '启用' : '停用'} ${name}`,
      }),
    ),
  )
  return [regime, trusted, ...agents]
}

const setting = (name, words, act) =>
  h('div', { class: 'setting' }, h('span', { class: 'grow' }, name, h('small', {}, words)), act)

/** Call counts by path, the busiest path first. */
function callRows(counts) {
  const rows = Object.entries(counts).flatMap(([path, outcomes]) =>
    Object.entries(outcomes).map(([outcome, count]) => ({ path, outcome, count })),
  )
  if (rows.length === 0) return [h('tr', {}, h('td', { colspan: 3, class: 'quiet' }, '还没有调用'))]
  return rows
    .sort((a, b) => b.count - a.count)
    .slice(0, 60)
    .map(({ path, outcome, count }) =>
      h(
        'tr',
        {},
        h('td', {}, path),
        h(
          'td',
          {},
          h(
            'span',
            { class: `word ${outcome === '0' ? 'good' : 'bad'}` },
            outcome === '0' ? '成功' : outcome,
          ),
        ),
        h('td', { class: 'count' }, new Intl.NumberFormat('zh-CN').format(count)),
      ),
    )
}

function drawPresets() {
  document
    .querySelector('#presets')
    .replaceChildren(
      ...presets.flatMap(([title, faults]) => [
        h('h3', {}, title),
        h(
          'div',
          { class: 'row' },
          ...faults.map(([words, fault]) => button(words, () => tell('faults', fault))),
        ),
      ]),
    )
}

function drawForm() {
  const code = field('错误码', text('code', '', { placeholder: '例如 60020', inputmode: 'numeric' }))
  const whole = element => {
    element.classList.add('whole')
    return element
  }
  code.hidden = true
  form.replaceChildren(
    whole(
      field(
        '接口',
        text('match', '', { placeholder: '留空为全部' }),
        '路径的一部分，或 /正则表达式/；回调是 callback/update_user 这样',
      ),
    ),
    whole(field('怎么坏', select('mode', Object.entries(modes), 'busy'))),
    whole(code),
    field('概率（%）', text('probability', '100', { inputmode: 'decimal' })),
    field('次数', text('times', '', { inputmode: 'numeric', placeholder: '不限' })),
    whole(
      field(
        '延迟（毫秒）',
        text('delayMs', '', { inputmode: 'numeric', placeholder: '默认' }),
        '用于很慢和乱序',
      ),
    ),
    h('div', { class: 'whole' }, h('button', { type: 'submit', class: 'action main' }, '打开')),
  )
  form.elements.mode.addEventListener('change', () => {
    code.hidden = form.elements.mode.value !== 'code'
  })
  form.addEventListener('submit', event => {
    event.preventDefault()
    void attempt(() => tell('faults', readForm(Object.fromEntries(new FormData(form)))))
  })
}

function readForm({ match, mode, code, probability, times, delayMs }) {
  if (mode === 'code' && code.trim() === '') throw new Error('请填写错误码')
  return {
    match: match.trim(),
    mode: mode === 'code' ? `code:${code.trim()}` : mode,
    probability: Number(probability || 100) / 100,
    ...(times.trim() !== '' && { times: times.trim() }),
    ...(delayMs.trim() !== '' && { delayMs: delayMs.trim() }),
  }
}

clear.addEventListener('click', () => attempt(() => tell('faults', undefined, 'DELETE')))
document
  .querySelector('#forget')
  .addEventListener('click', () => attempt(() => tell('calls', undefined, 'DELETE')))
drawPresets()
drawForm()
void attempt(async () => {})
setInterval(() => refresh().catch(error => problem.replaceChildren(error.message)), askEveryMs)
