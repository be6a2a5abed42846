import { h } from './dom.js'

/**
 * The form of WeCom's console for a receive URL, which is verified as it is saved. `save` gets the three values; what it throws is
 * shown in `problem`.
 */
export function callbackForm(form, problem, { save, hint }) {
  const submit = h('button', { type: 'submit', class: 'action main' }, '保存')
  form.append(...Object.entries(fields).map(one => row(form, one)), submit)
  form.addEventListener('submit', async event => {
    event.preventDefault()
    problem.replaceChildren()
    const values = Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, text.trim()]))
    if (!check(form, values)) return
    submit.disabled = true
    try {
      await save(values)
    } catch (error) {
      problem.replaceChildren(
        h('b', {}, '没有保存：回调地址请求不通过。'),
        hint,
        h('br'),
        h('code', {}, error.message),
      )
    }
    submit.disabled = false
  })
}

const tokenLength = 32
const keyLength = 43
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

function row(form, [name, { label, help, make }]) {
  const control = h('input', {
    id: name,
    name,
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
    'aria-describedby': `${name}-help ${name}-wrong`,
    oninput: () => mark(form, name, ''),
  })
  const fill = () => {
    control.value = make()
    mark(form, name, '')
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

function mark(form, name, words) {
  form.elements[name].setAttribute('aria-invalid', words ? 'true' : 'false')
  form.querySelector(`#${name}-wrong`).textContent = words
}

/** Marks what is missing or wrong; true when nothing is. */
function check(form, values) {
  const wrong = Object.entries(fields).filter(([name, { label, help, isRight }]) => {
    const isFine = isRight(values[name])
    mark(form, name, isFine ? '' : values[name] ? `不对：应为${help}` : `请填写 ${label}`)
    return !isFine
  })
  if (wrong.length > 0) form.elements[wrong[0][0]].focus()
  return wrong.length === 0
}
