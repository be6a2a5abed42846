import { ask, numberOf } from './api.js'
import { edit, isSilent, say } from './corp-edits.js'
import { closeAround, field, openForm, select, text } from './dialog.js'
import { face, h } from './dom.js'
import { departmentsField } from './pickers.js'

export const statuses = {
  1: ['已激活', 'good'],
  2: ['已禁用', 'bad'],
  4: ['未激活', 'warn'],
  5: ['已退出', ''],
}
const genders = { 0: '未填写', 1: '男', 2: '女' }

export const button = (words, onclick, kind = '') =>
  h('button', { type: 'button', class: `action ${kind}`, onclick }, words)

/** One member in a list; `beside` is placed at the end of the row. */
export function memberRow(member, open, beside) {
  const { userid, name, position, department, avatar, status } = member
  const [word, kind] = statuses[status]
  return h(
    'li',
    { class: 'member' },
    h(
      'button',
      { type: 'button', class: 'member-open', 'data-userid': userid, onclick: () => open(userid) },
      face(name, numberOf(userid), avatar),
      h(
        'span',
        { class: 'grow' },
        h('span', { class: 'cut' }, h('b', {}, name), h('small', {}, userid)),
        h('span', { class: 'cut quiet' }, [department, position].filter(Boolean).join(' · ')),
      ),
      status !== 1 && h('span', { class: `word ${kind}` }, word),
    ),
    beside,
  )
}

/**
 * Opens a dialog with everything about a member and the edits that are possible. `changed()` is called after
 * an edit.
 */
export async function openMember(userid, changed) {
  const member = await ask('corp/member', { userid })
  const then = async work => {
    if (await work) changed()
  }
  const act = (words, work, kind) =>
    button(
      words,
      event => {
        closeAround(event.currentTarget)
        then(work()).catch(error => say(error.message))
      },
      kind,
    )
  const isDisabled = member.status === 2
  // What is done from here is done by its buttons: nobody waits until it is closed.
  void openForm({
    title: `${member.name}（${member.userid}）`,
    body: [facts(member)],
    extra: [
      act('编辑', () => editMember(member)),
      !isSilent() && act('改账号', () => renameMember(member)),
      act(isDisabled ? '启用' : '禁用', () => edit('user/update', { userid, enable: isDisabled ? 1 : 0 })),
      act('删除', () => deleteMember(member), 'danger'),
      h('a', { class: 'action', href: `/phone#member=${encodeURIComponent(userid)}` }, '看手机'),
    ],
  })
}

function facts(member) {
  const rows = [
    ['状态', statuses[member.status][0]],
    ['部门', member.departments.map(one => one.name).join('、')],
    ['职务', member.position],
    ['手机号', member.mobile],
    ['个人邮箱', member.email],
    ['企业邮箱', member.biz_mail],
    ['性别', genders[member.gender]],
    ['别名', member.alias],
    ['直接上级', member.direct_leader.join('、')],
    ['标签', member.tags.map(one => one.tagname).join('、')],
  ].filter(([, value]) => value)
  return h(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  )
}

function memberFields(member) {
  const departments = departmentsField('所在部门', member.departments ?? [], { several: true })
  const body = [
    field('姓名', text('name', member.name, { required: true })),
    field('手机号', text('mobile', member.mobile, { inputmode: 'tel' })),
    field('个人邮箱', text('email', member.email, { inputmode: 'email' })),
    field('职务', text('position', member.position)),
    field('性别', select('gender', Object.entries(genders), member.gender ?? 0)),
    departments.element,
  ]
  return { body, departments }
}

const given = (values, departments) => ({
  name: values.name,
  mobile: values.mobile.trim(),
  email: values.email.trim(),
  position: values.position,
  gender: values.gender,
  department: departments.value(),
})

function editMember(member) {
  const { body, departments } = memberFields(member)
  const status = Object.entries(statuses).map(([key, [words]]) => [key, words])
  if (!isSilent()) body.push(field('状态', select('status', status, member.status)))
  return openForm({
    title: `编辑 ${member.name}`,
    body,
    run: values =>
      edit('user/update', {
        userid: member.userid,
        ...given(values, departments),
        ...(values.status && { status: Number(values.status) }),
      }),
  })
}

export function createMember(department) {
  const { body, departments } = memberFields({ departments: [department] })
  return openForm({
    title: '新建成员',
    action: '新建',
    body: [field('账号', text('userid', '', { required: true }), '创建后只能在管理后台修改'), ...body],
    run: values =>
      edit('user/create', {
        userid: values.userid.trim(),
        ...given(values, departments),
        ...(!isSilent() && { status: 1 }),
      }),
  })
}

function renameMember({ userid, name }) {
  return openForm({
    title: `修改 ${name} 的账号`,
    body: [
      field('新账号', text('new_userid', userid, { required: true }), '人还是同一个人，旧账号可以给别人用'),
    ],
    run: ({ new_userid }) => edit('user/rename', { userid, new_userid: new_userid.trim() }),
  })
}

function deleteMember({ userid, name }) {
  return openForm({
    title: `删除 ${name}？`,
    action: '删除',
    danger: true,
    body: [h('p', {}, `${name}（${userid}）会离开企业和所有标签，不能恢复。`)],
    run: () => edit('user/delete', { userid }),
  })
}
