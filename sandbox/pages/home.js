import { h } from './dom.js'

const home = document.querySelector('#home')

const value = text =>
  h(
    'button',
    { type: 'button', class: 'copy', title: '点一下复制', onclick: event => copy(event.currentTarget) },
    String(text),
  )

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.textContent)
    button.classList.add('copied')
    setTimeout(() => button.classList.remove('copied'), 1200)
  } catch {
    getSelection().selectAllChildren(button)
  }
}

const table = (head, rows) =>
  h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map(name => h('th', {}, name)))),
      h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map(cell => h('td', {}, cell))))),
    ),
  )

const pairs = list =>
  h(
    'dl',
    { class: 'pairs' },
    ...list.flatMap(([name, text]) => [h('dt', {}, name), h('dd', {}, value(text))]),
  )

const number = new Intl.NumberFormat('zh-CN')

const section = (title, ...children) => h('section', {}, h('h2', {}, title), ...children)

/** The pages that can be opened from here. */
const doors = platform =>
  h(
    'ul',
    { class: 'doors' },
    ...[
      ['/tour', '一分钟导览', '从登录到弄坏，走一遍'],
      ['/phone', '手机', '企业微信、微信、短信和邮件：收、写、点卡片、点菜单'],
      ['/corp', '通讯录管理', '改部门、成员和标签'],
      ['/callback', '接收事件服务器', '填回调地址，把平台接上'],
      ['/agents', '应用接收消息', '填应用的接收地址，看推送，让应用停用'],
      ['/pay/desk', '微信支付商户平台', '订单、退款、通知，把时间快进'],
      ['/faults', '故障开关', '让企业微信、支付、短信、邮件出错'],
      ...(platform
        ? [
            [platform.sampleUrl, '示例应用', '第三方应用，从工作台打开'],
            [`${platform.platformUrl}/portal`, '登录工作台', '用企业微信的身份页登录平台'],
          ]
        : []),
    ].map(([href, name, about]) => h('li', {}, h('a', { href }, h('b', {}, name), h('span', {}, about)))),
  )

const hero = (info, platform) =>
  h(
    'section',
    { class: 'hero' },
    h('h1', {}, '离线的企业微信'),
    h(
      'p',
      {},
      '这里用真实的接口格式应答企业微信、公众号、微信支付、腾讯云短信、阿里云短信和邮件，什么都不会发到外面。下面的账号都是编造的。',
    ),
    h(
      'div',
      { class: 'figures' },
      ...[
        ['成员', info.members],
        ['部门', info.departments],
        ['标签', info.tags],
        ['消息', info.messages],
      ].map(([name, count]) => h('div', {}, h('b', {}, number.format(count)), h('span', {}, name))),
    ),
    doors(platform),
  )

const wecom = info =>
  section(
    '企业微信',
    pairs([
      ['接口地址', location.origin],
      ['网页授权（OAuth）', `${location.origin}/connect/oauth2/authorize`],
      ['扫码登录', `${location.origin}/wwlogin/sso/login`],
      ['企业 ID', info.corpId],
      ['通讯录 Secret', info.contactSecret],
    ]),
    table(
      ['应用', 'AgentId', 'Secret'],
      info.agents.map(agent => [
        h('span', {}, agent.name, h('small', {}, agent.description)),
        value(agent.agentId),
        value(agent.secret),
      ]),
    ),
  )

const kinds = { service: '服务号', subscription: '公众号（原订阅号）' }

const official = ({ official: { url, authorizeUrl, accounts } }) =>
  section(
    '公众号',
    pairs([
      ['接口地址', url],
      ['网页授权', authorizeUrl],
    ]),
    table(
      ['公众号', '原始 ID', 'AppID', 'AppSecret'],
      accounts.map(one => [
        h('span', {}, one.name, h('small', {}, `${kinds[one.kind]}，${one.verified ? '已认证' : '未认证'}`)),
        value(one.originalId),
        value(one.appId),
        value(one.secret),
      ]),
    ),
  )

const pay = ({ pay: { url, scriptUrl, merchants } }) =>
  section(
    '微信支付',
    pairs([
      ['接口地址', url],
      ['网页脚本（jweixin）', scriptUrl],
    ]),
    ...merchants.flatMap(one => [
      h('h3', {}, one.name),
      pairs([
        ['商户号', one.mchId],
        ['商户证书序列号', one.serialNo],
        ['APIv3 密钥', one.apiV3Key ?? '（没有设置，不会有通知）'],
        ['微信支付公钥 ID', one.publicKeyId],
        ...one.appIds.map(appId => ['绑定的 AppID', appId]),
      ]),
      h('details', {}, h('summary', {}, '商户私钥（PEM）'), h('pre', {}, one.privateKey)),
      h('details', {}, h('summary', {}, '微信支付公钥（PEM）'), h('pre', {}, one.publicKey)),
    ]),
  )

const sms = ({ sms: { endpoint, tencent, aliyun, huawei, gateway } }) =>
  section(
    '短信',
    pairs([
      ['接口地址（各家相同）', endpoint],
      ['签名', tencent.signName],
      ['腾讯云 SecretId', tencent.secretId],
      ['腾讯云 SecretKey', tencent.secretKey],
      ['腾讯云 SdkAppId', tencent.sdkAppId],
      ['阿里云 AccessKeyId', aliyun.accessKeyId],
      ['阿里云 AccessKeySecret', aliyun.accessKeySecret],
      ['华为云 APP_Key', huawei.appKey],
      ['华为云 APP_Secret', huawei.appSecret],
      ['华为云发送号码（from）', huawei.channelNumber],
      ['HTTP 网关', ['json', 'mas', 'xml'].map(name => `http://${endpoint}/sms-gateway/${name}`).join(' ')],
      ['HTTP 网关密钥', gateway.key],
    ]),
    table(
      ['腾讯云模板', '阿里云模板', '内容'],
      tencent.templates.map((item, index) => [
        value(item.id),
        value(aliyun.templates[index].code),
        aliyun.templates[index].text,
      ]),
    ),
  )

const mail = ({ smtp }) =>
  section(
    '邮件',
    pairs([
      ['SMTP 服务器', `${smtp.host}:${smtp.port}`],
      ['账号', smtp.user],
      ['密码', smtp.password],
    ]),
    h('details', {}, h('summary', {}, 'STARTTLS 用的证书（PEM）'), h('pre', {}, smtp.ca)),
  )

const scripts = () =>
  section(
    '给脚本用',
    h(
      'ul',
      { class: 'links' },
      ...[
        ['/_sandbox/info', '账号和设置'],
        ['/_sandbox/state', '全部部门、成员、标签'],
        ['/_sandbox/messages', '收到的全部消息'],
        ['/_sandbox/pay/ledger', '微信支付的订单和退款'],
        ['/_sandbox/pay/notifications', '微信支付的通知'],
        ['/_sandbox/calls', '接口调用次数'],
        ['/_sandbox/faults', '打开着的故障'],
        ['/_sandbox/callback/recent', '最近的回调'],
      ].map(([href, name]) => h('li', {}, h('a', { href }, href), h('span', {}, name))),
    ),
  )

try {
  const answer = await fetch('/_sandbox/info')
  const info = await answer.json()
  const tour = await (await fetch('/_sandbox/tour')).json()
  if (!answer.ok) throw new Error(info.error)
  home.replaceChildren(
    hero(info, tour.platform),
    wecom(info),
    official(info),
    pay(info),
    sms(info),
    mail(info),
    scripts(),
  )
} catch (error) {
  home.replaceChildren(h('p', { class: 'hint' }, `读不到沙箱的数据：${error.message}`))
}
