import { button, el, section } from './el.js'
import { closePopup, openPopup, pickDepartments, pickMembers } from './sdk.js'

const own = '/popup/inner'

/** Opens the portal's dialog and pickers. */
export async function popup() {
  return [
    section(
      '弹窗',
      el(
        'p',
        { class: 'hint' },
        '应用说标题、地址和大小，窗口由平台打开；按 Esc、点关闭，或由窗口里的页面关闭。',
      ),
      el(
        'div',
        { class: 'row' },
        button('打开弹窗', () => openPopup({ title: '默认大小', url: own }), 'main'),
        button('480 × 320', () =>
          openPopup({ title: '480 × 320', url: own, width: '480px', height: '320px' }),
        ),
        button('很大', () => openPopup({ title: '屏幕的九成', url: own, width: '90%', height: '90%' })),
        button('别的网站', () => openPopup({ title: '百度', url: 'https://www.baidu.com' })),
        button('文档里的写法', byHand),
      ),
      el('pre', {}, "window.parent.postMessage({ title, url, width: '480px', height: '320px' }, '*')"),
    ),
    section('选人', el('p', { class: 'hint' }, '名单由平台给出，只有您能看到的人。'), picker()),
  ]
}

/** Uses postMessage as the platform's document shows it, without the SDK. */
function byHand() {
  const data = { title: '测试弹窗', url: new URL(own, location.href).href, width: '480px', height: '320px' }
  window.parent.postMessage(data, '*')
}

function picker() {
  const chosen = el('p', { role: 'status' })
  const show = async (pick, nameOf) => {
    try {
      const list = await pick()
      if (list) chosen.replaceChildren(list.length > 0 ? `选中 ${list.map(nameOf).join('、')}` : '没有选')
    } catch (error) {
      const words = { noPortal: '这个页面不在平台的工作台里，没有选人窗口', busy: '已经打开了一个选人窗口' }
      chosen.replaceChildren(words[error.code] ?? error.message)
    }
  }
  return el(
    'div',
    {},
    el(
      'div',
      { class: 'row' },
      button('选成员', () =>
        show(
          () => pickMembers({ title: '请选择成员' }),
          one => one.userName,
        ),
      ),
      button('只选一人', () =>
        show(
          () => pickMembers({ multiple: false }),
          one => one.userName,
        ),
      ),
      button('选部门', () =>
        show(
          () => pickDepartments({ title: '请选择部门' }),
          one => one.orgName,
        ),
      ),
    ),
    chosen,
  )
}

/** The page that is shown inside the dialog. */
export function inner(person) {
  document.title = '弹窗里的页面'
  return el(
    'main',
    { class: 'inner' },
    el('h1', {}, '这是应用的页面'),
    el('p', {}, `${person.userName}，它在平台的窗口里。大小是应用要求的，放不下时平台会缩小。`),
    el('p', { class: 'hint' }, location.origin),
    el(
      'div',
      { class: 'row' },
      button('关闭窗口', () => closePopup(), 'main'),
    ),
  )
}
