import { button, el, section } from './el.js'
import { openPopup } from './sdk.js'
import { post } from './server.js'

const requests = [
  ['差旅报销', '王五 · 财务部', '北京往返，2 天，1,860.00 元'],
  ['年假', '赵敏 · 研发中心', '10 月 8 日至 10 月 10 日，3 天'],
  ['采购申请', '李四 · 人力资源部', '办公椅 6 把，5,400.00 元'],
]

/** A second app in the app centre: requests are approved or rejected, and the result is sent as a message. */
export async function approval(_person, refreshLog) {
  return [
    section(
      '待我审批',
      el(
        'ul',
        { class: 'desk' },
        ...requests.map(([title, who, about]) => request(title, who, about, refreshLog)),
      ),
    ),
  ]
}

function request(title, who, about, refreshLog) {
  const acts = el('span', { class: 'row' })
  const decide = async word => {
    acts.replaceChildren(el('span', { class: 'hint' }, '正在通知……'))
    try {
      await post('message', { kind: 'text', content: `您${word}了${title}（${who}）。` })
      acts.replaceChildren(el('span', { class: 'chip' }, `已${word}`))
    } catch (error) {
      acts.replaceChildren(el('span', { class: 'failed' }, error.message))
    }
    refreshLog()
  }
  acts.append(
    button('同意', () => decide('同意'), 'main'),
    button('驳回', () => decide('驳回')),
  )
  return el(
    'li',
    {},
    el(
      'span',
      { class: 'grow' },
      el('b', {}, title),
      el('span', { class: 'hint' }, who),
      el('span', {}, about),
    ),
    acts,
  )
}

const notices = [
  ['关于国庆放假的通知', '10 月 1 日至 7 日放假，8 日上班。'],
  ['消防演练安排', '本周五 14:30，听到警报后走最近的楼梯。'],
  ['新版差旅制度', '单程超过 5 小时可以乘坐商务座。'],
]

/** A third app: announcements, which open in the portal's dialog. */
export async function notice() {
  const read = title => openPopup({ title, url: '/popup/inner', width: '560px', height: '420px' })
  return [
    section(
      '公告',
      el(
        'ul',
        { class: 'desk' },
        ...notices.map(([title, text]) =>
          el(
            'li',
            {},
            el('span', { class: 'grow' }, el('b', {}, title), el('span', { class: 'hint' }, text)),
            button('阅读', () => read(title)),
          ),
        ),
      ),
    ),
  ]
}
