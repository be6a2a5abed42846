import { ask, latest, numberOf, whenPaused } from '/pages/api.js'
import { face, h } from '/pages/dom.js'

/** An account's followers to choose from, with a search. `attempt` shows what goes wrong. */
export function people(originalId, pick, attempt) {
  const list = h('ul', { class: 'people' })
  const total = h('p', { class: 'hint', role: 'status' })
  const search = h('input', {
    class: 'input',
    type: 'search',
    placeholder: '昵称、备注、openid',
    'aria-label': '搜索粉丝',
    autocomplete: 'off',
  })
  const find = latest(() => ask('official/followers', { originalId, search: search.value, limit: 60 }))
  const refresh = async () => {
    const found = await find()
    if (!found) return
    list.replaceChildren(...found.followers.map(person => h('li', {}, row(person, pick))))
    total.replaceChildren(found.total === 0 ? '没有找到' : `共 ${found.total} 人，输入可搜索更多`)
  }
  search.addEventListener(
    'input',
    whenPaused(() => attempt(refresh())),
  )
  attempt(refresh())
  return [search, list, total]
}

const row = (person, pick) =>
  h(
    'button',
    { type: 'button', class: 'person', 'data-openid': person.openid, onclick: () => pick(person) },
    face(person.nickname, numberOf(person.openid)),
    h(
      'span',
      { class: 'grow' },
      h('span', { class: 'cut' }, h('b', {}, person.nickname), h('small', {}, person.remark)),
      h('span', { class: 'cut quiet' }, person.openid),
    ),
    !person.subscribed && h('span', { class: 'word warn' }, '未关注'),
  )
