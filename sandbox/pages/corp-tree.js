import { ask } from './api.js'
import { say } from './corp-edits.js'
import { h } from './dom.js'

const tree = document.querySelector('#tree')
const tagList = document.querySelector('#tags')
const open = new Set([1])
let current = 'department 1'
let go

const grouped = new Intl.NumberFormat('zh-CN')

/**
 * Fills the left side: the tree, whose branches are read when they are opened, and the tags. `choose(kind,
 * id)` is called when one is selected.
 */
export function startTree(choose) {
  go = (kind, id) => {
    mark(`${kind} ${id}`)
    choose(kind, id)
  }
}

export function mark(key) {
  current = key
  for (const button of document.querySelectorAll('.side [data-key]'))
    button.setAttribute('aria-current', String(button.dataset.key === key))
}

/** Reads all open branches again. */
export async function drawTree() {
  const [branch, { tags }] = await Promise.all([branchOf(0), ask('corp/tags')])
  keepingFocus(() => {
    tree.replaceChildren(...branch)
    tagList.replaceChildren(
      ...tags.map(({ tagid, tagname, users, parties }) =>
        item('tag', tagid, tagname, users + parties, h('span', { class: 'twist' })),
      ),
    )
    if (tags.length === 0) tagList.replaceChildren(h('li', { class: 'hint' }, '还没有标签'))
  })
}

async function branchOf(parent) {
  const { departments, total } = await ask('corp/departments', { parent })
  const rows = await Promise.all(departments.map(drawDepartment))
  if (total > departments.length)
    rows.push(h('li', { class: 'hint' }, `还有 ${total - departments.length} 个，请搜索`))
  return rows
}

async function drawDepartment({ id, name, children, members }) {
  const isOpen = open.has(id) && children > 0
  const twist =
    children === 0
      ? h('span', { class: 'twist' })
      : h('button', {
          type: 'button',
          class: 'twist',
          'data-key': `twist ${id}`,
          'aria-expanded': String(isOpen),
          'aria-label': `${isOpen ? '收起' : '展开'} ${name}`,
          onclick: () => {
            if (isOpen) open.delete(id)
            else open.add(id)
            drawTree().catch(error => say(error.message))
          },
        })
  const row = item('department', id, name, members, twist)
  if (isOpen) row.append(h('ul', {}, ...(await branchOf(id))))
  return row
}

function item(kind, id, name, count, before) {
  const key = `${kind} ${id}`
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'branch' },
      before,
      h(
        'button',
        {
          type: 'button',
          class: 'node',
          'data-key': key,
          'aria-current': String(key === current),
          onclick: () => go(kind, id),
        },
        h('span', { class: 'cut grow' }, name),
        count > 0 && h('span', { class: 'quiet' }, grouped.format(count)),
      ),
    ),
  )
}

function keepingFocus(draw) {
  const key = document.activeElement?.dataset?.key
  draw()
  if (key) document.querySelector(`.side [data-key="${CSS.escape(key)}"]`)?.focus()
}
