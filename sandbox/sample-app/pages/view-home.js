import { avatar, button, el, section } from './el.js'
import { get, post } from './server.js'

const levels = { 0: '普通成员', 1: '系统超级管理员', 2: '超级管理员', 3: '分级管理员' }

/** The visitor's profile and links to everything else. */
export async function home(person, refreshLog) {
  // The local administrator has no entry in the address book.
  const profile = person.roleLevel === 1 ? {} : await get('profile').catch(() => ({}))
  const said = el('p', { class: 'said', role: 'status' })
  const send = async () => {
    said.replaceChildren('正在发送……')
    try {
      const answer = await post('message', {
        kind: 'card',
        title: '来自示例应用',
        content: `${person.userName}，您好。这条消息是您在示例应用里点按钮发出的。`,
        url: location.origin,
      })
      said.replaceChildren(
        answer.status === 'sent' ? '已发送，请看手机' : `平台已接受（${answer.status}），稍后送达`,
      )
    } catch (error) {
      said.replaceChildren(error.message)
    }
    refreshLog()
  }
  return [
    el(
      'section',
      { class: 'card hello' },
      avatar({ ...person, avatarUrl: profile.avatarUrl }),
      el(
        'div',
        { class: 'grow' },
        el('h1', {}, `${person.userName}，您好`),
        el('p', {}, `${person.userId} · ${levels[person.roleLevel] ?? person.roleLevel}`),
        el(
          'p',
          { class: 'chips' },
          ...(person.orgList ?? []).map(one => el('span', { class: 'chip' }, one.orgName)),
        ),
      ),
    ),
    section(
      '试一试',
      el(
        'div',
        { class: 'tiles' },
        tile('/people', '通讯录', '按部门浏览，按姓名或拼音查找'),
        tile('/popup', '弹窗与选人', '请平台打开窗口、选成员和部门'),
        tile('/message', '消息', '发给自己，或发给选中的人'),
      ),
      el('div', { class: 'row' }, button('给自己发消息', send, 'main'), said),
    ),
    section(
      '应用怎样知道是您',
      el(
        'ol',
        { class: 'steps' },
        el('li', {}, '平台打开应用时，在地址里加上 jessionId。'),
        el('li', {}, '应用的服务器用它调用 /api/user/getInfo，得到账号、姓名、角色和部门。'),
        el('li', {}, '之后用应用自己的会话；每半分钟再问一次，您退出平台，这里也随即退出。'),
      ),
    ),
  ]
}

const tile = (href, name, about) => el('a', { class: 'tile', href }, el('b', {}, name), el('span', {}, about))
