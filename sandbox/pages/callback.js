import { ask, tell } from './api.js'
import { callbackForm } from './callback-form.js'
import { h } from './dom.js'

const problem = document.querySelector('#problem')
const form = document.querySelector('#form')
const now = document.querySelector('#now')
const askEveryMs = 1500
let shown = ''

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

callbackForm(form, problem, {
  hint: '平台要先接入本企业，三个值要与平台显示的完全一致，地址要从这台机器打得开。',
  async save(values) {
    await tell('callback', values)
    await show()
  },
})
for (;;) {
  await report(show)
  await new Promise(resolve => setTimeout(resolve, askEveryMs))
}
