import { avatar, el, failed } from './el.js'
import { get } from './server.js'

const states = { 2: '已禁用', 4: '未激活' }
const pageSize = 30

/** The departments that the visitor may see, their members, and a search. */
export async function people(_person, refreshLog) {
  const { list } = await get('tree')
  const title = el('h2', {}, '')
  const members = el('div', {})
  const run = async work => {
    try {
      await work()
    } catch (error) {
      members.replaceChildren(failed(error))
    }
    refreshLog()
  }
  const choose = (department, pageNo = 1) =>
    run(async () => {
      title.replaceChildren(department.orgName)
      const found = await get('members', { orgId: department.orgId, pageNo })
      members.replaceChildren(
        ...memberList(found.list),
        pages(found.total, pageNo, to => choose(department, to)),
      )
    })
  const tree = drawTree(list, choose)
  const search = searchBox(name =>
    run(async () => {
      tree.clear()
      title.replaceChildren(`查找“${name}”`)
      const found = await get('search', { name })
      members.replaceChildren(...memberList(found.list))
    }),
  )
  if (list.length > 0) tree.select(list[0])
  return [
    el(
      'div',
      { class: 'book' },
      el('nav', { class: 'card tree', 'aria-label': '部门' }, search, tree.element),
      el('section', { class: 'card' }, title, members),
    ),
  ]
}

function searchBox(find) {
  let timer
  return el('input', {
    type: 'search',
    class: 'input',
    placeholder: '姓名、拼音、首字母',
    'aria-label': '查找成员',
    autocomplete: 'off',
    oninput: event => {
      clearTimeout(timer)
      const name = event.currentTarget.value.trim()
      if (name) timer = setTimeout(() => find(name), 250)
    },
  })
}

/** The API returns a flat list. A department whose parent is not in it becomes a root. */
function drawTree(list, choose) {
  const children = Map.groupBy(list, row => row.parentId)
  const known = new Set(list.map(row => row.orgId))
  const roots = list.filter(row => !known.has(row.parentId))
  const buttons = new Map()
  const mark = orgId => {
    for (const [id, button] of buttons) button.setAttribute('aria-current', String(id === orgId))
  }
  const select = department => {
    mark(department.orgId)
    choose(department)
  }
  const branch = (row, depth) => {
    const name = el('button', { type: 'button', class: 'node', onclick: () => select(row) }, row.orgName)
    buttons.set(row.orgId, name)
    const below = children.get(row.orgId) ?? []
    if (below.length === 0)
      return el('li', {}, el('div', { class: 'branch' }, el('span', { class: 'twist' }), name))
    const list = el('ul', { hidden: depth > 0 })
    let filled = false
    const fill = () => {
      if (!filled) list.append(...below.map(one => branch(one, depth + 1)))
      filled = true
    }
    if (depth === 0) fill()
    const twist = el('button', {
      type: 'button',
      class: 'twist',
      'aria-label': `展开 ${row.orgName}`,
      'aria-expanded': String(depth === 0),
      onclick: () => {
        fill()
        list.hidden = !list.hidden
        twist.setAttribute('aria-expanded', String(!list.hidden))
      },
    })
    return el('li', {}, el('div', { class: 'branch' }, twist, name), list)
  }
  return { element: el('ul', {}, ...roots.map(row => branch(row, 0))), select, clear: () => mark('') }
}

function memberList(list) {
  if (list.length === 0) return [el('p', { class: 'hint' }, '没有成员')]
  return [
    el(
      'ul',
      { class: 'members' },
      ...list.map(member =>
        el(
          'li',
          {},
          avatar(member),
          el(
            'span',
            { class: 'grow' },
            el('span', { class: 'cut' }, el('b', {}, member.userName), el('small', {}, member.userId)),
            el(
              'span',
              { class: 'cut hint' },
              [member.mobile, member.email].filter(Boolean).join(' · ') || '没有联系方式',
            ),
          ),
          states[member.status] && el('span', { class: 'chip' }, states[member.status]),
        ),
      ),
    ),
  ]
}

function pages(total, pageNo, go) {
  const last = Math.max(1, Math.ceil(total / pageSize))
  const turn = (words, to, disabled) =>
    el('button', { type: 'button', class: 'button', disabled, onclick: () => go(to) }, words)
  return el(
    'div',
    { class: 'row pages' },
    el('span', { class: 'hint' }, `共 ${total} 人`),
    last > 1 && turn('上一页', pageNo - 1, pageNo === 1),
    last > 1 && el('span', { class: 'hint' }, `${pageNo} / ${last}`),
    last > 1 && turn('下一页', pageNo + 1, pageNo === last),
  )
}
