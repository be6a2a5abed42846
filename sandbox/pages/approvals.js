import { ask, tell } from './api.js'
import { field, openForm, select, text } from './dialog.js'
import { h } from './dom.js'

const everyMs = 1500
/** The place of 审批 among the conversations. */
export const approvalsPlace = 'approvals'

const statusWords = { 1: '审批中', 2: '已通过', 3: '已驳回', 4: '已撤销', 6: '通过后撤销' }
const personWords = {
  1: '待审批',
  2: '已同意',
  3: '已驳回',
  4: '已转审',
  11: '已退回',
  12: '已加签',
  13: '已同意并加签',
  14: '已办理',
  15: '已转交',
}

/** The approvals of a member; `changed` is called when they are others than before. */
export function followApprovals(userid, changed) {
  let shown = { templates: [], approvals: [] }
  let timer
  let ended = false
  const look = async () => {
    try {
      const answer = await ask('approvals', { userid })
      if (!ended && JSON.stringify(answer) !== JSON.stringify(shown)) {
        shown = answer
        changed()
      }
    } catch {
      // The page says elsewhere that the sandbox is away.
    }
    if (!ended) timer = setTimeout(look, everyMs)
  }
  const now = () => {
    clearTimeout(timer)
    return look()
  }
  void look()
  return {
    userid,
    shown: () => shown,
    waiting: () => shown.approvals.filter(one => one.waitsFor.includes(userid)).length,
    submit: body => tell('approvals/submit', { userid, ...body }).then(now),
    act: ({ flow, no }, act, more) => tell('approvals/act', { act, flow, no, userid, ...more }).then(now),
    close() {
      ended = true
      clearTimeout(timer)
    },
  }
}

/** The screen of 审批: submitting, what waits for the member, and what they submitted. */
export function approvalsScreen(approvals) {
  const { userid } = approvals
  const { templates, approvals: all } = approvals.shown()
  const mine = all.filter(one => one.waitsFor.includes(userid))
  const others = all.filter(one => !one.waitsFor.includes(userid))
  const list = (title, some) =>
    some.length > 0 &&
    h('section', { 'aria-label': title }, h('h2', {}, title), ...some.map(one => row(approvals, one)))
  return h(
    'div',
    { class: 'approvals' },
    h(
      'div',
      { class: 'approval-start' },
      ...templates
        .filter(one => one.flow === 'wecom')
        .map(one =>
          h(
            'button',
            { type: 'button', class: 'action', onclick: () => submitForm(approvals, one) },
            `提交${one.name}`,
          ),
        ),
    ),
    list('待我审批', mine),
    list('我提交的和审批过的', others),
  )
}

function row(approvals, one) {
  const { userid } = approvals
  const isMine = one.applicant === userid
  const button = (name, act, ask) =>
    h('button', { type: 'button', class: 'action', onclick: () => ask(approvals, one, act, name) }, name)
  return h(
    'article',
    { class: 'approval', 'data-no': one.no },
    h('strong', {}, `${one.applicant} 的${one.name}`),
    h('span', { class: 'hint' }, statusWords[one.status] ?? ''),
    h(
      'ol',
      {},
      ...one.steps.map(step =>
        h(
          'li',
          {},
          step.people
            .map(who => `${who.userid} ${step.type === 2 ? '抄送' : personWords[who.status]}`)
            .join('、'),
        ),
      ),
    ),
    h(
      'div',
      { class: 'approval-acts' },
      ...(one.waitsFor.includes(userid) ? decisionsOf(one, button) : []),
      isMine && one.status === 1 && button('催办', 'urge', remark),
      isMine && one.status === 1 && button('撤销', 'withdraw', remark),
      isMine && one.status === 2 && button('撤销', 'revoke', remark),
      button('备注', 'comment', remark),
    ),
  )
}

/** What a member does who has it: what is to be handled is neither agreed nor returned, and an own flow knows no returns. */
function decisionsOf(one, button) {
  const step = one.steps.find(some => some.type !== 2 && some.status === 1)
  if (step?.type === 3) return [button('办理', 'agree', remark), button('转交', 'transfer', handOver)]
  const isOwn = one.flow === 'own'
  return [
    button('同意', 'agree', remark),
    button('驳回', 'reject', remark),
    button('转审', 'transfer', handOver),
    !isOwn && one.steps.indexOf(step) > 0 && button('退回', 'return', giveBack),
    !isOwn && button('加签', 'add', addApprover),
    !isOwn && button('同意并加签', 'agreeAndAdd', addApprover),
  ]
}

const remark = (approvals, one, act, title) =>
  openForm({
    title,
    action: title,
    body: [field('意见', text('text'))],
    run: values => approvals.act(one, act, values),
  })

const naming = label => (approvals, one, act, title) =>
  openForm({
    title,
    action: title,
    body: [field(label, text('to', '', { required: true }), '成员的账号'), field('意见', text('text'))],
    run: values => approvals.act(one, act, values),
  })
const handOver = naming('转给谁')
const giveBack = naming('退回给谁')
const addApprover = naming('加谁审批')

const nameOf = ({ property }) => property.title[0]?.text ?? property.id
const seconds = value => String(Math.floor(new Date(value).getTime() / 1000))

/** How a control is filled on the telephone, and what is submitted; those that are not here are left out. */
const inputs = {
  Text: { draw: name => text(name), read: value => ({ text: value }) },
  Textarea: { draw: name => h('textarea', { name, rows: 3 }), read: value => ({ text: value }) },
  PhoneNumber: { draw: name => text(name), read: value => ({ phone_number: value }) },
  Number: { draw: name => text(name, '', { inputmode: 'decimal' }), read: value => ({ new_number: value }) },
  Money: { draw: name => text(name, '', { inputmode: 'decimal' }), read: value => ({ new_money: value }) },
  Date: {
    draw: name => text(name, '', { type: 'date' }),
    read: (value, config) => ({ date: { type: config.date.type, s_timestamp: seconds(value) } }),
  },
  DateRange: {
    draw: name => text(name, '', { placeholder: '2026-12-03 09:00 2026-12-04 18:00' }),
    read(value, config) {
      const [begin, end] = [value.slice(0, 16), value.slice(16).trim()].map(seconds)
      const range = { type: config.date_range.type, new_begin: Number(begin), new_end: Number(end) }
      return { date_range: { ...range, new_duration: Number(end) - Number(begin) } }
    },
  },
  Selector: {
    draw: (name, config) =>
      select(
        name,
        config.selector.options.map(one => [one.key, one.value[0].text]),
        config.selector.options[0]?.key,
      ),
    read: (value, config) => ({ selector: { type: config.selector.type, options: [{ key: value }] } }),
  },
}

function submitForm(approvals, template) {
  const controls = template.controls.filter(one => inputs[one.property.control])
  return openForm({
    title: `提交${template.name}`,
    action: '提交',
    body: controls.map(one =>
      field(
        nameOf(one),
        inputs[one.property.control].draw(one.property.id, one.config),
        one.property.require ? '必填' : '',
      ),
    ),
    run: values =>
      approvals.submit({
        templateId: template.templateId,
        contents: controls
          .filter(one => values[one.property.id])
          .map(({ property: { control, id }, config }) => ({
            control,
            id,
            value: inputs[control].read(values[id], config),
          })),
      }),
  })
}
