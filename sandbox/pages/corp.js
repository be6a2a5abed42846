import { ask, latest, whenPaused } from './api.js'
import * as departments from './corp-departments.js'
import { edit, say } from './corp-edits.js'
import { button, createMember, memberRow, openMember } from './corp-members.js'
import { watchPushes } from './corp-pushes.js'
import { drawTree, mark, startTree } from './corp-tree.js'
import { h } from './dom.js'

const content = document.querySelector('#content')
const search = document.querySelector('#search')
const pageSize = 50
const grouped = new Intl.NumberFormat('zh-CN')
/** What the middle column shows: a department, a tag or search results. */
const view = { kind: 'department', id: 1, offset: 0 }

const read = latest(() => {
  const page = { offset: view.offset, limit: pageSize }
  if (search.value.trim() !== '') return ask('corp/members', { search: search.value, limit: pageSize })
  if (view.kind === 'tag') return ask('corp/tag', { tagid: view.id, ...page })
  return ask('corp/members', { department: view.id, ...page })
})

/** What goes wrong is shown in the place of the members; never rejects. */
async function draw() {
  try {
    const found = await read()
    if (!found) return
    const head = found.tag
      ? tagHead(found)
      : found.department
        ? departmentHead(found.department)
        : searchHead(found)
    content.replaceChildren(...head, ...memberList(found), pages(found))
  } catch (error) {
    content.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message))
  }
}

async function refresh() {
  await Promise.all([draw(), drawTree()])
}

/** Makes an edit and then reads everything again. */
const then = work => async () => {
  if (await work()) await refresh()
}

function go(kind, id) {
  Object.assign(view, { kind, id, offset: 0 })
  search.value = ''
  history.replaceState(null, '', `#${kind}=${id}`)
  void draw()
  // On a phone the members are below the tree, out of view.
  if (matchMedia('(max-width: 759px)').matches) content.closest('section').scrollIntoView()
}

const gone = () => {
  mark('department 1')
  go('department', 1)
}

function departmentHead(department) {
  const isRoot = department.id === 1
  const leave = async () => {
    if (!(await departments.deleteDepartment(department))) return
    gone()
    await drawTree()
  }
  return [
    h('p', { class: 'quiet path' }, department.path.slice(0, -1).join(' / ')),
    h('h2', { class: 'head' }, department.name, h('small', {}, `部门 ${department.id}`)),
    h(
      'div',
      { class: 'row' },
      button(
        '新建成员',
        then(() => createMember(department)),
        'main',
      ),
      button(
        '新建子部门',
        then(() => departments.createDepartment(department)),
      ),
      button(
        '修改',
        then(() => departments.renameDepartment(department)),
      ),
      !isRoot &&
        button(
          '移动',
          then(() => departments.moveDepartment(department)),
        ),
      !isRoot && button('删除', leave, 'danger'),
    ),
  ]
}

function tagHead({ tag, departments: parties }) {
  const leave = async () => {
    if (!(await departments.deleteTag(tag))) return
    gone()
    await drawTree()
  }
  return [
    h('h2', { class: 'head' }, tag.tagname, h('small', {}, `标签 ${tag.tagid}`)),
    h(
      'div',
      { class: 'row' },
      button(
        '加入成员或部门',
        then(() => departments.addToTag(tag)),
        'main',
      ),
      button(
        '改名',
        then(() => departments.renameTag(tag)),
      ),
      button('删除', leave, 'danger'),
    ),
    h(
      'ul',
      { class: 'list' },
      ...parties.map(one =>
        h(
          'li',
          { class: 'member party' },
          h('span', { class: 'grow' }, h('b', {}, one.name), h('small', {}, `部门 ${one.id}`)),
          takeOut(tag, { partylist: [one.id] }, one.name),
        ),
      ),
    ),
  ]
}

const searchHead = ({ members, more }) => [
  h(
    'p',
    { class: 'hint', role: 'status' },
    more ? `先显示 ${members.length} 人，请说得更具体` : `找到 ${members.length} 人`,
  ),
]

const takeOut = (tag, lists, name) =>
  h(
    'button',
    {
      type: 'button',
      class: 'action small',
      'aria-label': `把 ${name} 移出标签`,
      onclick: then(() => edit('tag/deltagusers', { tagid: tag.tagid, ...lists })),
    },
    '移出',
  )

function memberList({ members, tag, departments: parties, total }) {
  if (members.length === 0)
    return parties?.length > 0 ? [] : [h('p', { class: 'empty' }, tag ? '标签里还没有人' : '这里没有成员')]
  const open = userid => openMember(userid, refresh)
  return [
    total !== undefined && h('p', { class: 'hint' }, `${grouped.format(total)} 名成员`),
    h(
      'ul',
      { class: 'list' },
      ...members.map(member =>
        memberRow(member, open, tag && takeOut(tag, { userlist: [member.userid] }, member.name)),
      ),
    ),
  ].filter(Boolean)
}

function pages({ total, more }) {
  if (total === undefined || total <= pageSize) return ''
  const turn = step => () => {
    view.offset += step
    void draw()
  }
  const last = Math.min(total, view.offset + pageSize)
  return h(
    'div',
    { class: 'row pages' },
    h(
      'button',
      { type: 'button', class: 'action small', disabled: view.offset === 0, onclick: turn(-pageSize) },
      '上一页',
    ),
    h('span', { class: 'quiet' }, `${grouped.format(view.offset + 1)}–${grouped.format(last)}`),
    h(
      'button',
      { type: 'button', class: 'action small', disabled: !more, onclick: turn(pageSize) },
      '下一页',
    ),
  )
}

search.addEventListener('input', whenPaused(draw))
document.querySelector('#new-tag').addEventListener('click', then(departments.createTag))
startTree(go)
const [, kind, id] = /^#(department|tag)=(\d+)$/.exec(location.hash) ?? []
if (kind) Object.assign(view, { kind, id: Number(id) })
mark(`${view.kind} ${view.id}`)
refresh().catch(error => say(error.message))
void watchPushes()
// Handles an address with another department that was typed into this tab. The page itself uses replaceState,
// which does not fire this event.
addEventListener('hashchange', () => location.reload())
const asked = new URLSearchParams(location.hash.slice(1)).get('member')
if (asked) openMember(asked, refresh).catch(() => {})
