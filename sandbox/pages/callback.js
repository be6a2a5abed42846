import { ask, tell } from './api.js'
import { h } from './dom.js'

const problem = document.querySelector('#problem')
const form = document.querySelector('#form')
const now = document.querySelector('#now')
const askEveryMs = 1500
const tokenLength = 32
const keyLength = 43
let shown = ''

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const random = length =>
  [...crypto.getRandomValues(new Uint32Array(length))].map(n => letters[n % letters.length]).join('')

const fields = {
  url: {
    label: 'URL',
    help: '以 http:// 或 https:// 开头的完整地址',
    isRight: text => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
  },
  token: {
    label: 'Token',
    help: '1 到 32 位字母或数字',
    isRight: text => /^[A-Za-z0-9]{1,32}$/.test(text),
    make: () => random(tokenLength),
  },
  encodingAesKey: {
    label: 'EncodingAESKey',
    help: '43 位字母或数字',
    isRight: text => /^[A-Za-z0-9]{43}$/.test(text),
    make: () => random(keyLength),
  },
}

function row([name, { label, help, make }]) {
  const control = h('input', {
    id: name,
    name,
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
    'aria-describedby': `${name}-help ${name}-wrong`,
    oninput: () => mark(name, ''),
  })
  const fill = () => {
    control.value = make()
    mark(name, '')
  }
  return h(
    'div',
    { class: 'field' },
    h('label', { for: name }, label),
    h(
      'div',
      { class: 'with-button' },
      control,
      make &&
        h(
          'button',
          { type: 'button', class: 'action', 'aria-label': `随机获取 ${label}`, onclick: fill },
          '随机获取',
        ),
    ),
    h('small', { id: `${name}-help` }, help),
    h('small', { id: `${name}-wrong`, class: 'wrong' }),
  )
}

function mark(name, words) {
  form.elements[name].setAttribute('aria-invalid', words ? 'true' : 'false')
  form.querySelector(`#${name}-wrong`).textContent = words
}

/** Marks what is missing or wrong; true when nothing is. */
function check(values) {
  const wrong = Object.entries(fields).filter(([name, { label, help, isRight }]) => {
    const isFine = isRight(values[name])
    mark(name, isFine ? '' : values[name] ? `不对：应为${help}` : `请填写 ${label}`)
    return !isFine
  })
  if (wrong.length > 0) form.elements[wrong[0][0]].focus()
  return wrong.length === 0
}

async function save(event) {
  event.preventDefault()
  problem.replaceChildren()
  const values = Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, text.trim()]))
  if (!check(values)) return
  const submit = form.querySelector('[type=submit]')
  submit.disabled = true
  try {
    await tell('callback', values)
    await show()
  } catch (error) {
    problem.replaceChildren(
      h('b', {}, '没有保存：回调地址请求不通过。'),
      '平台要先接入本企业，三个值要与平台显示的完全一致，地址要从这台机器打得开。',
      h('br'),
      h('code', {}, error.message),
    )
  }
  submit.disabled = false
}

async function show() {
  const { callback, sent, failed, pending } = await ask('callback')
  const words = JSON.stringify([callback, sent, failed, pending])
  if (words === shown) return
  shown = words
  if (!callback) {
    now.replaceChildren(h('p', { class: 'hint' }, '没有设置。通讯录里的修改不会通知任何人。'))
    return
  }
  const stop = async () => {
    await tell('callback', undefined, 'DELETE')
    await show()
  }
  now.replaceChildren(
    h('p', { class: 'address' }, h('span', { class: 'word good' }, '已通过验证'), ` ${callback.url}`),
    h('p', { class: 'hint' }, `已送达 ${sent}，没有送达 ${failed}，等待 ${pending}`),
    h(
      'div',
      { class: 'row' },
      h('a', { class: 'action', href: '/corp' }, '改一个人试试'),
      h('button', { type: 'button', class: 'action danger', onclick: () => void report(stop) }, '停用'),
    ),
  )
}

/** Shows what goes wrong; never rejects. */
async function report(work) {
  try {
    await work()
  } catch (error) {
    problem.replaceChildren(error.message)
  }
}

form.append(...Object.entries(fields).map(row), h('button', { type: 'submit', class: 'action main' }, '保存'))
form.addEventListener('submit', save)
for (;;) {
  await report(show)
  await new Promise(resolve => setTimeout(resolve, askEveryMs))
}
