import { findFollowers } from '/pages/official/wechat.js'
import { ask, latest, numberOf, tell, whenPaused } from './api.js'
import { face, h } from './dom.js'

const find = id => document.querySelector(`#${id}`)
const [search, list, total, pick, panel] = ['search', 'list', 'total', 'pick', 'members'].map(find)
const [group, newcomer] = ['group', 'newcomer'].map(find)

/**
 * Fills the list of those whose phone can be shown, which is a sheet on a small screen: the corp's members, or the followers
 * of an account. `choose(holder)` is called with `{ member }` or `{ account, follower }`.
 */
export function startHolders(accounts, choose) {
  let current = ''
  group.replaceChildren(
    h('option', { value: '' }, '企业成员'),
    ...accounts.map(one => h('option', { value: one.originalId }, `${one.name}的粉丝`)),
  )
  const accountNow = () => accounts.find(one => one.originalId === group.value)
  const findNow = latest(() => findRows(accountNow(), search.value, choose))
  const show = async () => {
    const found = await findNow()
    if (!found) return
    const { all, rows } = found
    const words = all > rows.length ? `共 ${all} 人，输入可搜索更多` : ''
    total.textContent = all === 0 ? '没有找到' : words
    newcomer.hidden = !accountNow()
    search.placeholder = accountNow() ? '昵称、备注、openid' : '姓名、账号、手机号'
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : undefined
    list.replaceChildren(...rows.map(one => row(one, one.id === current)))
    if (focused !== undefined) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus()
  }
  const refresh = () => show().catch(() => {})
  search.addEventListener('input', whenPaused(refresh))
  group.addEventListener('change', () => {
    search.value = ''
    void refresh()
  })
  newcomer.addEventListener('click', async () => {
    const account = accountNow()
    const { openid } = await tell('official/act', { originalId: account.originalId, act: 'subscribe' })
    const { followers } = await findFollowers(account.originalId, openid)
    await show()
    choose({ account, follower: followers[0] })
  })
  pick.addEventListener('click', () => open(!panel.classList.contains('open')))
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') open(false)
  })
  return {
    show,
    /** Shows the list that the holder is in, with the holder marked. */
    async select({ member, account, follower }) {
      current = member?.userid ?? follower.openid
      pick.textContent = `${member?.name ?? follower.nickname} ▾`
      open(false)
      const wanted = account?.originalId ?? ''
      if (group.value === wanted)
        for (const button of list.querySelectorAll('button'))
          button.setAttribute('aria-current', String(button.dataset.id === current))
      else {
        group.value = wanted
        await show()
      }
    },
  }
}

function open(isOpen) {
  panel.classList.toggle('open', isOpen)
  pick.setAttribute('aria-expanded', String(isOpen))
  if (isOpen) search.focus()
}

async function findRows(account, text, choose) {
  if (!account) {
    const found = await findMembers(text)
    const rows = found.members.map(member => ({
      id: member.userid,
      content: memberRow(member),
      pick: () => choose({ member }),
    }))
    return { all: found.total, rows }
  }
  const found = await findFollowers(account.originalId, text)
  const rows = found.followers.map(follower => ({
    id: follower.openid,
    content: followerRow(follower),
    pick: () => choose({ account, follower }),
  }))
  return { all: found.total, rows }
}

const row = ({ id, content, pick: onclick }, isCurrent) =>
  h(
    'li',
    {},
    h('button', { type: 'button', 'data-id': id, 'aria-current': String(isCurrent), onclick }, content),
  )

export const findMembers = text => ask('members', { search: text })

const memberRow = ({ userid, name, department, position, messages, avatar, status }) => [
  face(name, numberOf(userid), avatar),
  who(name, userid, [department, position].filter(Boolean).join(' · ')),
  status === 2 && h('span', { class: 'mark' }, '已禁用'),
  status === 4 && h('span', { class: 'mark' }, '未激活'),
  messages > 0 && h('span', { class: 'count', title: '收到的消息' }, messages > 999 ? '999+' : messages),
]

const followerRow = ({ openid, nickname, remark, subscribed }) => [
  face(nickname, numberOf(openid)),
  who(nickname, remark, openid),
  !subscribed && h('span', { class: 'mark' }, '未关注'),
]

const who = (name, also, place) =>
  h(
    'span',
    { class: 'who' },
    h('span', { class: 'name' }, name, h('small', {}, also)),
    h('span', { class: 'place' }, place),
  )
