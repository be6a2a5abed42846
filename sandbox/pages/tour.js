import { ask } from './api.js'
import { h } from './dom.js'

const root = document.querySelector('#tour')
const askEveryMs = 2000
let shown = ''

/** All steps share one tab, which only a page that is its opener can find again: without `noopener`. */
const away = (href, words, kind = '') => h('a', { class: `action ${kind}`, href, target: 'wisp-tour' }, words)

const secret = text =>
  h(
    'button',
    {
      type: 'button',
      class: 'secret',
      title: '点一下复制',
      onclick: async event => {
        const button = event.currentTarget
        try {
          await navigator.clipboard.writeText(text)
          button.classList.add('copied')
          setTimeout(() => button.classList.remove('copied'), 1200)
        } catch {
          getSelection().selectAllChildren(button)
        }
      },
    },
    text,
  )

/** The way through what everybody wants to see; the other steps are for those who want more. */
const mainSteps = ['admin', 'member', 'app', 'message', 'approve', 'pay', 'developer', 'edit']

/** The steps of the tour. The sandbox knows which of them are done. */
const stepsOf = ({ platform, members }) => {
  const [first = { name: '一名成员', userid: '' }, second = first] = members
  const all = [
    ...signInSteps(platform, first),
    ...appSteps(platform, first),
    ...ssoSteps(platform, first),
    ...todoSteps(platform, first),
    ...oaSteps(platform, first),
    ...serviceSteps(platform, first),
    ...sandboxSteps(second),
  ]
  const isMain = ({ id }) => mainSteps.includes(id)
  return { steps: all.filter(isMain), more: all.filter(step => !isMain(step)) }
}

function signInSteps({ platformUrl: wisp, admin }, first) {
  return [
    {
      id: 'admin',
      title: '以管理员登录控制台',
      words: admin.password
        ? ['账号 ', secret(admin.user), '，密码 ', secret(admin.password), '。初始密码第一次登录后要修改。']
        : ['账号 ', secret(admin.user), '。密码已经改过，请用您自己设的密码。'],
      links: [away(`${wisp}/console`, '打开控制台', 'main')],
    },
    {
      id: 'member',
      title: '以成员登录工作台',
      words: [
        `在企业微信的身份页上选${first.name}，就进入工作台。这个浏览器里的登录随之从管理员换成${first.name}。`,
      ],
      links: [
        away(`${wisp}/signin/wecom?to=/portal`, '以成员登录', 'main'),
        away(`${wisp}/signin/wecom?to=/mobile`, '手机版'),
      ],
    },
  ]
}

function appSteps({ platformUrl: wisp, appId }, first) {
  return [
    {
      id: 'app',
      title: '打开示例应用',
      words: [
        '它凭 jessionId 认出来的是谁，列出这个人能看的部门和成员，并显示为此调用了哪些接口。',
        '右上角的铃铛是嵌入的消息收件箱，只列出这个应用发给此人的消息。',
      ],
      links: [away(`${wisp}/portal/app/${appId}`, '打开示例应用', 'main')],
    },
    {
      id: 'popup',
      title: '弹出平台的窗口',
      words: ['在示例应用的“弹窗与选人”里点“打开弹窗”：应用只发一条 postMessage，窗口由平台打开和关闭。'],
      links: [],
    },
    {
      id: 'menu',
      title: '同步菜单',
      words: [
        `在控制台里示例应用的“菜单”页点“同步菜单”：平台向应用取菜单，旧菜单留作历史版本。${first.name}是超级管理员，也可以做。`,
      ],
      links: [away(`${wisp}/console/apps/${appId}/menu`, '打开应用的菜单', 'main')],
    },
    {
      id: 'message',
      title: '发一条消息，到手机上看',
      words: ['在示例应用里点“给自己发消息”，它就会出现在这部手机上。'],
      links: [away(`/phone#member=${encodeURIComponent(first.userid)}`, `打开${first.name}的手机`, 'main')],
    },
  ]
}

function ssoSteps({ platformUrl: wisp, signIn }, first) {
  if (!signIn) return []
  return [
    {
      id: 'sso',
      title: '登录一次，进两个别的系统',
      words: [
        `这两个应用不认识 wisp，只会 OpenID Connect 和 CAS，就像 GitLab 和图书馆系统。先后打开并点“登录”：${first.name}只在第一次时选身份，第二个直接进去。`,
      ],
      links: [
        away(signIn.oidcUrl, '打开 OpenID Connect 应用', 'main'),
        away(signIn.casUrl, '打开 CAS 应用', 'main'),
      ],
    },
    {
      id: 'sso-out',
      title: '退出一次，两个系统都退出',
      words: [
        '在其中一个应用里点“退出登录”，或者在工作台里退出：平台会通知另一个应用，再打开它就要重新登录了。',
      ],
      links: [away(signIn.casUrl, '打开 CAS 应用', 'main'), away(`${wisp}/portal`, '打开工作台')],
    },
  ]
}

function oaSteps({ platformUrl: wisp, oaUrl }, first) {
  if (!oaUrl) return []
  return [
    {
      id: 'oa-done',
      title: '办一条 OA 推来的待办',
      words: [
        `小 OA 不认识 wisp，像泛微那样推来一条待办。以${first.name}打开工作台的“待办”，点开它，在小 OA 里点“同意”：回到工作台，它已经到了已办里。`,
      ],
      links: [away(`${wisp}/portal`, '打开工作台', 'main'), away(oaUrl, '打开小 OA')],
    },
  ]
}

function todoSteps({ platformUrl: wisp }, first) {
  return [
    {
      id: 'approve',
      title: '在手机上批一张请假',
      words: [
        `${first.name}有一条待办：李四申请请假。手机上收到了同一件事的卡片，点“同意”：卡片随即变成已处理，工作台里的待办也没有了。`,
      ],
      links: [
        away(`/phone#member=${encodeURIComponent(first.userid)}`, '打开手机批假', 'main'),
        away(`${wisp}/portal`, '打开工作台'),
      ],
    },
  ]
}

function serviceSteps({ platformUrl: wisp }, first) {
  return [
    {
      id: 'pay',
      title: '缴一笔费',
      words: [
        `${first.name}有几张账单待付款。选一张，点“去支付”会出现二维码，再打开${first.name}的手机扫它付款；付完平台立刻就知道。`,
      ],
      links: [
        away(`${wisp}/pay`, '打开统一支付', 'main'),
        away(`/phone#member=${encodeURIComponent(first.userid)}`, `${first.name}的手机`),
      ],
    },
    {
      id: 'developer',
      title: '自己管自己的接口',
      words: [
        `${first.name}是“示例开发者”的负责人：用量、接口日志、权限和密钥都在“我的开发者”里，不用找管理员。打开“密钥”，点“添加密钥”：旧的照常有效。`,
      ],
      links: [away(`${wisp}/developer`, '打开我的开发者', 'main')],
    },
    {
      id: 'official',
      title: '看看公众号',
      words: [
        '平台已绑定沙箱的一个服务号和一个公众号。在手机的微信里关注、发消息：推送到了平台，粉丝、会话、回复、菜单和群发都在控制台的“公众号”里。',
      ],
      links: [
        away(`/phone#member=${encodeURIComponent(first.userid)}&tab=wechat`, '打开手机里的微信', 'main'),
        away(`${wisp}/console/official`, '打开公众号'),
      ],
    },
  ]
}

const sandboxSteps = second => [
  {
    id: 'edit',
    title: '改一个人，看平台跟着变',
    words: [`把${second.name}改个名字：回调立刻送到平台，控制台和示例应用里都是新名字。`],
    links: [away(`/corp#member=${encodeURIComponent(second.userid)}`, `打开${second.name}的资料`, 'main')],
  },
  {
    id: 'fault',
    title: '弄坏点什么',
    words: ['打开“丢弃一半回调”或“繁忙 10%”再改几次：平台会重试、校对，并说明出了什么事。'],
    links: [away('/faults', '打开故障开关', 'main')],
  },
]

function draw(state) {
  const { steps, more } = stepsOf(state)
  const ticked = remember(state)
  const count = steps.filter(({ id }) => ticked.has(id)).length
  const now = JSON.stringify([[...ticked], state])
  if (now === shown) return
  shown = now
  const isMoreOpen = root.querySelector('.more')?.open ?? false
  const drawn = (step, index) => drawStep(step, index + 1, ticked.has(step.id))
  const focused = document.activeElement?.getAttribute('href')
  root.replaceChildren(
    h('h1', {}, '一分钟走一遍'),
    h('p', { class: 'lead' }, '每一步都在旁边的同一个标签页里打开，做完回到这里，勾会自己打上。'),
    h(
      'div',
      {
        class: 'progress',
        role: 'progressbar',
        'aria-label': '进度',
        'aria-valuemin': 0,
        'aria-valuemax': steps.length,
        'aria-valuenow': count,
      },
      h('span', { class: `w${Math.round((count / steps.length) * 8)}` }),
    ),
    h('ol', { class: 'steps' }, ...steps.map(drawn)),
    h('p', { class: 'end' }, count === steps.length ? '全部走完了。' : `已完成 ${count} / ${steps.length}`),
    h(
      'details',
      { class: 'more', ...(isMoreOpen && { open: '' }) },
      h('summary', {}, `更多（${more.length}）`),
      h('ol', { class: 'steps' }, ...more.map(drawn)),
    ),
  )
  if (focused) root.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus()
}

const drawStep = ({ title, words, links }, number, isDone) =>
  h(
    'li',
    { class: isDone ? 'step done' : 'step' },
    h(
      'span',
      { class: 'mark', role: 'img', 'aria-label': isDone ? '已完成' : '未完成' },
      isDone ? '✓' : String(number),
    ),
    h(
      'div',
      {},
      h('h2', {}, title),
      h('p', {}, ...words),
      links.length > 0 && h('div', { class: 'row' }, ...links),
    ),
  )

/** The steps that were done on this platform at any time: the sandbox forgets when it is started again. */
function remember({ platform, done }) {
  const memory = `wisp tour ${platform.appId}`
  const ticked = new Set([...JSON.parse(localStorage.getItem(memory) ?? '[]'), ...done])
  localStorage.setItem(memory, JSON.stringify([...ticked]))
  return ticked
}

const nothing = () =>
  root.replaceChildren(
    h('h1', {}, '一分钟走一遍'),
    h('p', { class: 'lead' }, '沙箱是单独运行的，旁边没有平台。用 npm start 启动，这里就会列出每一步。'),
    h('a', { class: 'action', href: '/' }, '回到首页'),
  )

/** Never ends, and shows what goes wrong. */
async function watch() {
  for (;;) {
    try {
      const state = await ask('tour')
      if (state.platform) draw(state)
      else nothing()
    } catch (error) {
      root.replaceChildren(h('p', { class: 'hint' }, `读不到沙箱的数据：${error.message}`))
      shown = ''
    }
    await new Promise(resolve => setTimeout(resolve, askEveryMs))
  }
}

void watch()
