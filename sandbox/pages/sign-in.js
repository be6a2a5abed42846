import { ask, latest, numberOf, tell, whenPaused } from './api.js'
import { clientOfWindow } from './client-window.js'
import { face, h } from './dom.js'
import { showCode } from './sign-in-code.js'

const stage = document.querySelector('#stage')
const confirming = /^\/sign-in\/confirm\/(\w+)$/.exec(location.pathname)
/** The parameters that identify the sign-in of this page. */
const about = confirming ? { qr: confirming[1] } : { url: location.href.slice(location.origin.length) }

const choose = answer => tell('sign-in/choose', { ...about, ...answer })

/**
 * Goes back to the application. On the phone only this page says that it is done, because the page with the
 * code goes back.
 */
async function leave(answer, words) {
  const { location: target } = await choose(answer)
  if (target) location.assign(target)
  else stage.replaceChildren(verdict(words))
}

const verdict = words =>
  h(
    'section',
    { class: 'panel verdict' },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, '✓'),
    h('h1', {}, words),
    h('p', { class: 'hint' }, '请看电脑上的页面，这里可以关闭。'),
  )

function chooser(info) {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const list = h('ul', { class: 'people' })
  const total = h('p', { class: 'hint', role: 'status' })
  const search = h('input', {
    class: 'input',
    type: 'search',
    placeholder: '姓名、账号、部门',
    'aria-label': '搜索成员',
    autocomplete: 'off',
  })
  const attempt = work => work.catch(error => problem.replaceChildren(error.message))
  const pick = person =>
    attempt(
      person.asks ? consent(info, person) : leave({ userid: person.userid }, `已以${person.name}的身份确认`),
    )
  const show = found => {
    list.replaceChildren(...found.people.map(person => h('li', {}, row(person, pick))))
    const all = new Intl.NumberFormat('zh-CN').format(found.total)
    total.replaceChildren(found.people.length === 0 ? '没有找到' : `共 ${all} 名成员，输入可搜索更多`)
  }
  const find = latest(() => ask('sign-in/people', { ...about, search: search.value }))
  const refresh = async () => {
    const found = await find()
    if (found) show(found)
  }
  search.addEventListener(
    'input',
    whenPaused(() => attempt(refresh())),
  )
  search.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' || event.key === 'Enter') list.querySelector('button:enabled')?.focus()
  })
  list.addEventListener('keydown', moveFocus)
  show(info)
  return h(
    'section',
    { class: 'panel' },
    ...heading(info),
    problem,
    search,
    list,
    total,
    others(info, attempt),
  )
}

function heading(info) {
  const name = info.agent ? `“${info.agent.name}”` : '企业的应用'
  const late = info.kind === 'oauth' && location.hash !== '#wechat_redirect'
  return [
    h('h1', {}, confirming ? '这是谁的手机？' : '选择您的身份'),
    h(
      'p',
      { class: 'purpose' },
      confirming ? `选中即确认在电脑上登录${name}` : `登录${name}，之后回到 ${info.host}`,
    ),
    late && h('p', { class: 'notice' }, '地址末尾没有 #wechat_redirect，真的企业微信会拒绝它。'),
  ]
}

function others(info, attempt) {
  const refuse = h(
    'button',
    {
      type: 'button',
      class: 'action',
      onclick: () => attempt(leave({ refuse: true }, '已取消登录')),
    },
    confirming ? '取消登录' : '拒绝',
  )
  const stranger =
    info.kind === 'oauth' &&
    h(
      'button',
      {
        type: 'button',
        class: 'action',
        onclick: () => attempt(leave({ external: true }, '')),
      },
      '以外部人员身份',
    )
  return h('div', { class: 'others' }, stranger, refuse)
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  const buttons = [...event.currentTarget.querySelectorAll('button:enabled')]
  buttons[buttons.indexOf(document.activeElement) + step]?.focus()
}

function row(person, pick) {
  const { userid, name, department, position, avatar, recent, why } = person
  return h(
    'button',
    {
      type: 'button',
      class: 'person',
      'data-userid': userid,
      disabled: why !== '',
      onclick: () => pick(person),
    },
    face(name, numberOf(userid), avatar),
    h(
      'span',
      { class: 'grow' },
      h('span', { class: 'cut' }, h('b', {}, name), h('small', {}, userid)),
      h('span', { class: 'cut quiet' }, [department, position].filter(Boolean).join(' · ')),
    ),
    why ? h('span', { class: 'word warn' }, why) : recent && h('span', { class: 'word' }, '最近'),
  )
}

const fieldNames = {
  avatar: '头像',
  gender: '性别',
  mobile: '手机号',
  email: '个人邮箱',
  biz_mail: '企业邮箱',
  qr_code: '个人二维码',
  address: '地址',
}
const genders = { 0: '未填写', 1: '男', 2: '女' }

/** Lists the data that will be shared; each item can be deselected. */
async function consent(info, person) {
  const { fields } = await ask('sign-in/consent', { userid: person.userid })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const boxes = fields.map(({ field, value }) => ({
    field,
    box: h('input', { type: 'checkbox', checked: true }),
    value,
  }))
  const give = () =>
    leave(
      {
        userid: person.userid,
        fields: boxes.filter(({ box }) => box.checked).map(({ field }) => field),
      },
      `已以${person.name}的身份确认`,
    ).catch(error => problem.replaceChildren(error.message))
  const agree = h('button', { type: 'button', class: 'action main', onclick: give }, '同意')
  const back = h(
    'button',
    { type: 'button', class: 'action', onclick: () => stage.replaceChildren(chooser(info)) },
    '返回',
  )
  stage.replaceChildren(
    h(
      'section',
      { class: 'panel' },
      h('h1', {}, `“${info.agent.name}”申请获取您的信息`),
      h('p', { class: 'purpose' }, `${person.name}（${person.userid}），勾选的会提供给 ${info.host}`),
      problem,
      h(
        'ul',
        { class: 'consent' },
        ...boxes.map(({ field, box, value }) => h('li', {}, h('label', {}, box, ...shown(field, value)))),
      ),
      h('div', { class: 'row' }, agree, back),
    ),
  )
  agree.focus()
}

function shown(field, value) {
  const name = h('span', { class: 'grow' }, fieldNames[field])
  if (field === 'avatar' && value) return [name, h('img', { src: value, alt: '' })]
  const words = field === 'gender' ? genders[value] : field === 'qr_code' ? '有' : value
  return [name, h('span', { class: 'value' }, words || '未填写')]
}

/** The member whose phone this is; in the client nobody is asked who they are. */
async function holderOf({ kind }) {
  const { client, person } = clientOfWindow() ?? {}
  if (kind !== 'oauth' || client !== 'wecom') return undefined
  const { people } = await ask('sign-in/people', { ...about, search: person })
  return people.find(one => one.userid === person && one.why === '')
}

async function start() {
  if (confirming) await tell(`sign-in/qr/${confirming[1]}/scan`, {})
  const info = await ask('sign-in/people', about)
  if (confirming) document.title = '确认登录 · wisp 沙箱'
  const holder = await holderOf(info)
  if (holder) return holder.asks ? consent(info, holder) : leave({ userid: holder.userid }, '')
  const panel = chooser(info)
  if (info.kind === 'qr' && !confirming) {
    stage.classList.add('with-code')
    stage.replaceChildren(await showCode(about.url), panel)
  } else stage.replaceChildren(panel)
}

start().catch(error => {
  stage.replaceChildren(
    h(
      'section',
      { class: 'panel verdict' },
      h('span', { class: 'sign bad', 'aria-hidden': 'true' }, '!'),
      h('h1', {}, '登录没有继续'),
      h('p', { class: 'verdict-text' }, error.message),
    ),
  )
})
