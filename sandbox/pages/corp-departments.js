import { edit } from './corp-edits.js'
import { field, openForm, text } from './dialog.js'
import { h } from './dom.js'
import { departmentsField, memberFinder } from './pickers.js'

export const createDepartment = parent =>
  openForm({
    title: `在“${parent.name}”下新建部门`,
    action: '新建',
    body: [field('名称', text('name', '', { required: true }))],
    run: ({ name }) => edit('department/create', { name, parentid: parent.id }),
  })

export const renameDepartment = ({ id, name, order }) =>
  openForm({
    title: `修改“${name}”`,
    body: [
      field('名称', text('name', name, { required: true })),
      field('排序', text('order', order, { inputmode: 'numeric' }), '数字大的排在前面'),
    ],
    run: values => edit('department/update', { id, name: values.name, order: values.order }),
  })

export function moveDepartment({ id, name }) {
  const parent = departmentsField('移到哪个部门下面', [], { several: false })
  return openForm({
    title: `移动“${name}”`,
    action: '移动',
    body: [parent.element],
    run: () => {
      const [parentid] = parent.value()
      if (parentid === undefined) throw new Error('请选择上级部门')
      return edit('department/update', { id, parentid })
    },
  })
}

export const deleteDepartment = ({ id, name }) =>
  openForm({
    title: `删除部门“${name}”？`,
    action: '删除',
    danger: true,
    body: [h('p', {}, '只有没有成员和子部门的部门可以删除。')],
    run: () => edit('department/delete', { id }),
  })

export const createTag = () =>
  openForm({
    title: '新建标签',
    action: '新建',
    body: [field('名称', text('tagname', '', { required: true }))],
    run: ({ tagname }) => edit('tag/create', { tagname }),
  })

export const renameTag = ({ tagid, tagname }) =>
  openForm({
    title: `修改标签“${tagname}”`,
    body: [field('名称', text('tagname', tagname, { required: true }))],
    run: values => edit('tag/update', { tagid, tagname: values.tagname }),
  })

export const deleteTag = ({ tagid, tagname }) =>
  openForm({
    title: `删除标签“${tagname}”？`,
    action: '删除',
    danger: true,
    body: [h('p', {}, '成员不受影响，只是不再有这个标签。')],
    run: () => edit('tag/delete', { tagid }),
  })

/** Members and departments are chosen first and then added in one call. */
export function addToTag({ tagid, tagname }) {
  const users = new Map()
  const chosen = h('p', { class: 'hint', role: 'status' }, '还没有选成员')
  const people = memberFinder('成员', ({ key, words }) => {
    users.set(key, words)
    chosen.replaceChildren(`已选 ${[...users.values()].join('、')}`)
  })
  const departments = departmentsField('部门', [], { several: true })
  return openForm({
    title: `加入标签“${tagname}”`,
    action: '加入',
    body: [people, chosen, departments.element],
    run: () => {
      if (users.size === 0 && departments.value().length === 0) throw new Error('请选择成员或部门')
      return edit('tag/addtagusers', { tagid, userlist: [...users.keys()], partylist: departments.value() })
    },
  })
}
