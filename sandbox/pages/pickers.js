import { ask, latest, whenPaused } from './api.js'
import { field, text } from './dialog.js'
import { h } from './dom.js'

/**
 * A search box with the results below it. `find(text)` returns `[{key, words, more}]`; `take(item)` is called
 * with the chosen one.
 */
function finder(label, find, take) {
  const list = h('ul', { class: 'choices' })
  const input = text('', '', { type: 'search', placeholder: '输入名称搜索' })
  const search = latest(() => find(input.value))
  const show = async () => {
    const found = await search()
    if (!found) return
    list.replaceChildren(
      ...found.map(item =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', onclick: () => take(item) },
            item.words,
            item.more && h('small', {}, item.more),
          ),
        ),
      ),
    )
  }
  input.addEventListener('input', whenPaused(show))
  input.addEventListener('focus', show, { once: true })
  return h('div', {}, field(label, input), list)
}

async function findDepartments(search) {
  const query = search.trim() === '' ? { parent: 1 } : { search }
  const { departments } = await ask('corp/departments', query)
  const rows = departments.slice(0, 30).map(({ id, name, path }) => ({
    key: id,
    words: name,
    more: path ? path.slice(0, -1).join(' / ') : '',
  }))
  if (search.trim() !== '') return rows
  const root = (await ask('corp/departments', {})).departments[0]
  return [{ key: root.id, words: root.name, more: '整个企业' }, ...rows]
}

/** Shows the chosen departments as chips; `value()` returns their ids. */
export function departmentsField(label, chosen, { several }) {
  let list = [...chosen]
  const chips = h('div', { class: 'chips' })
  const draw = () =>
    chips.replaceChildren(
      ...list.map(item =>
        h(
          'span',
          { class: 'chip' },
          item.name,
          h(
            'button',
            {
              type: 'button',
              'aria-label': `去掉 ${item.name}`,
              onclick: () => {
                list = list.filter(one => one !== item)
                draw()
              },
            },
            '×',
          ),
        ),
      ),
    )
  draw()
  const search = finder(label, findDepartments, ({ key, words }) => {
    if (list.some(item => item.id === key)) return
    list = several ? [...list, { id: key, name: words }] : [{ id: key, name: words }]
    draw()
  })
  return { element: h('div', {}, search, chips), value: () => list.map(item => item.id) }
}

/** A search box for members; `take` is called with each one that is chosen. */
export const memberFinder = (label, take) =>
  finder(
    label,
    async search => {
      const { members } = await ask('corp/members', { search, limit: 20 })
      return members.map(({ userid, name, department }) => ({
        key: userid,
        words: `${name}（${userid}）`,
        more: department,
      }))
    },
    take,
  )
