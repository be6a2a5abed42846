import { face, h } from './dom.js'

const search = document.querySelector('#search')
const list = document.querySelector('#list')
const total = document.querySelector('#total')
const pick = document.querySelector('#pick')
const panel = document.querySelector('#members')

/** Fills the list on the left, which is a sheet on a small screen. `choose(member)` is called when one is selected. */
export function startMembers(choose) {
  let timer
  let current = ''
  let asked = 0
  const show = async () => {
    const turn = ++asked
    const found = await findMembers(search.value)
    if (turn !== asked) return
    total.textContent =
      found.members.length === 0
        ? '没有找到'
        : found.total > found.members.length
          ? `共 ${found.total} 人，输入可搜索更多`
          : ''
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.userid : undefined
    list.replaceChildren(...found.members.map(member => row(member, member.userid === current, choose)))
    if (focused !== undefined) list.querySelector(`[data-userid="${CSS.escape(focused)}"]`)?.focus()
  }
  search.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(show, 150)
  })
  pick.addEventListener('click', () => open(!panel.classList.contains('open')))
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') open(false)
  })
  return {
    show,
    select(member) {
      current = member.userid
      pick.textContent = `${member.name} ▾`
      open(false)
      for (const button of list.querySelectorAll('button'))
        button.setAttribute('aria-current', String(button.dataset.userid === current))
    },
  }
}

function open(isOpen) {
  panel.classList.toggle('open', isOpen)
  pick.setAttribute('aria-expanded', String(isOpen))
  if (isOpen) search.focus()
}

function row(member, isCurrent, choose) {
  const { userid, name, department, position, messages, avatar, status } = member
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        'data-userid': userid,
        'aria-current': String(isCurrent),
        onclick: () => choose(member),
      },
      face(
        name,
        [...userid].reduce((sum, char) => sum + char.codePointAt(0), 0),
        avatar,
      ),
      h(
        'span',
        { class: 'who' },
        h('span', { class: 'name' }, name, h('small', {}, userid)),
        h('span', { class: 'place' }, [department, position].filter(Boolean).join(' · ')),
      ),
      status === 2 && h('span', { class: 'mark' }, '已禁用'),
      status === 4 && h('span', { class: 'mark' }, '未激活'),
      messages > 0 && h('span', { class: 'count', title: '收到的消息' }, messages > 999 ? '999+' : messages),
    ),
  )
}

export async function findMembers(text) {
  const answer = await fetch(`/_sandbox/members?${new URLSearchParams({ search: text })}`)
  if (!answer.ok) throw new Error((await answer.json()).error)
  return answer.json()
}
