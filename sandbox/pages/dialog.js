import { h } from './dom.js'

/**
 * Opens a modal form. `run(values)` does the work; when it throws, the error is shown and the dialog stays
 * open. Resolves with the result of `run`, or with undefined when the dialog was closed.
 */
export function openForm({ title, body, action, danger = false, run, extra = [] }) {
  return new Promise(resolve => {
    const problem = h('p', { class: 'problem', role: 'alert' })
    const submit = h(
      'button',
      { type: 'submit', class: danger ? 'action danger' : 'action main' },
      action ?? '保存',
    )
    const form = h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'dialog-title' }, title),
      problem,
      ...body,
      h(
        'div',
        { class: 'foot' },
        ...extra,
        h(
          'button',
          { type: 'button', class: 'action', onclick: () => dialog.close() },
          run ? '取消' : '关闭',
        ),
        run && submit,
      ),
    )
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-title' }, form)
    let result
    form.addEventListener('submit', async event => {
      event.preventDefault()
      submit.disabled = true
      try {
        result = await run(Object.fromEntries(new FormData(form)))
        dialog.close()
      } catch (error) {
        problem.replaceChildren(error.message)
      }
      submit.disabled = false
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(result)
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

/** Closes the dialog that contains the element. */
export const closeAround = element => element.closest('dialog')?.close()

let lastId = 0

/** A labelled control with the help text below it. */
export function field(label, control, help) {
  control.id ||= `field-${++lastId}`
  return h(
    'div',
    { class: 'field' },
    h('label', { for: control.id }, label),
    control,
    help && h('small', {}, help),
  )
}

export const text = (name, value = '', props = {}) =>
  h('input', { name, value, autocomplete: 'off', ...props })

export function select(name, options, value) {
  return h(
    'select',
    { name },
    ...options.map(([key, words]) =>
      h('option', { value: key, selected: String(key) === String(value) }, words),
    ),
  )
}
