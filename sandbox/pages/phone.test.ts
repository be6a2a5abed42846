import nodemailer from 'nodemailer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { sampleCards } from '../../server/upstream/wecom/cards/card-samples.ts'
import { launchChromium } from '../../test/browser/chromium.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, type Caller, callerOf, dump } from '../test-caller.ts'
import { callbackKeys, startReceiver } from '../test-receiver.ts'

let sandbox: Sandbox
let agent: Caller
let browser: Browser
let page: Page
let complaints: string[]
beforeAll(async () => {
  sandbox = await startSandbox({ members: 80 })
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await sandbox.close()
})
beforeEach(async () => {
  await sandbox.reset({ members: 80 })
  complaints = []
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  page.on('pageerror', error => complaints.push(error.message))
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`)
    dialog.dismiss().catch(() => {})
  })
})
afterEach(async () => {
  await page.close()
  expect(complaints).toEqual([])
})

const send = (msgtype: string, content: object) =>
  agent.post('message/send', {
    touser: 'lisi',
    agentid: sandbox.agents[0]!.agentId,
    msgtype,
    [msgtype]: content,
  })
const open = async (path: string) => {
  await page.goto(`${sandbox.url}${path}`)
  await page.waitForSelector('.live.on')
}

test('the index names the corp and its accounts and leads to the phone', async () => {
  await page.goto(sandbox.url)
  await page.getByText(sandbox.corpId).first().waitFor()
  await page.getByText(sandbox.pay.merchants[0]!.mchId, { exact: true }).waitFor()
  await page.getByText(sandbox.sms.tencent.secretId).waitFor()
  await page.getByRole('link', { name: /^手机/ }).click()
  await page.waitForURL('**/phone#**')
})

test('messages appear by themselves, count as unread, are read, and a recall shows', async () => {
  await send('text', { content: '早先的' })
  await open('/phone#member=lisi')
  await page.locator('.conversation').waitFor()
  expect(await page.locator('.tabs .badge').count()).toBe(0)
  const { msgid } = await send('text', { content: '新来的' })
  await page.locator('.conversation .badge', { hasText: '1' }).waitFor()
  await page.locator('.conversation').click()
  expect(await page.locator('.bubble').allTextContents()).toEqual(['早先的', '新来的'])
  expect(await page.locator('.badge').count()).toBe(0)
  await page.locator('.bubble').first().click()
  expect(JSON.parse((await page.locator('#raw').textContent())!)).toMatchObject({ n: 1, channel: 'wecom' })
  await agent.post('message/recall', { msgid })
  await page.getByText('工作台 已撤回一条消息').waitFor()
  expect(await page.locator('.bubble').allTextContents()).toEqual(['早先的'])
})

test('nothing in a message becomes markup, and only http links can be followed', async () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
  await send('text', {
    content: `${evil}<a href="javascript:alert(3)">点我</a> <a href="https://ok.example/?a=1&b=2">好的</a>`,
  })
  await send('textcard', {
    title: evil,
    description: `${evil}<div class="gray">灰</div>`,
    url: 'javascript://x/%0aalert(4)',
  })
  await send('news', {
    articles: [{ title: evil, description: evil, url: 'data://x/', picurl: 'javascript:alert(5)' }],
  })
  await send('markdown', { content: `${evil} [x](javascript:alert(6)) **${evil}**` })
  await send('template_card', {
    card_type: 'text_notice',
    main_title: { title: evil, desc: evil },
    emphasis_content: { title: evil, desc: evil },
    quote_area: { title: evil, quote_text: evil },
    sub_title_text: evil,
    horizontal_content_list: [{ keyname: evil, value: evil }],
    jump_list: [{ title: evil }],
    // WeCom takes no other address than http.
    card_action: { type: 2, appid: evil, pagepath: evil },
  })
  await open(`/phone#member=lisi&tab=wecom&open=${sandbox.agents[0]!.agentId}`)
  await page.locator('.message').nth(4).waitFor()
  const thread = page.locator('.thread')
  expect(await thread.locator('img, script').count()).toBe(0)
  const links = await thread.locator('a').all()
  expect(await Promise.all(links.map(link => link.getAttribute('href')))).toEqual([
    'https://ok.example/?a=1&b=2',
  ])
  expect(await thread.locator('a').getAttribute('target')).toBe('_blank')
  expect(await thread.locator('.bubble').first().textContent()).toContain(evil)
  expect(await thread.locator('.card .gray').textContent()).toBe('灰')
})

test('cards of all kinds are drawn, chosen on, pressed, and change', async () => {
  const { agentId } = sandbox.agents[0]!
  const receiver = await startReceiver()
  const set = await fetch(`${sandbox.url}/_sandbox/agents/callback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agentId, url: receiver.url, ...callbackKeys }),
  })
  expect(set.status).toBe(200)
  for (const [kind, one] of Object.entries(sampleCards)) {
    const sent = await send('template_card', { ...one, task_id: `task-${kind}` })
    expect(sent).toMatchObject({ errcode: 0 })
  }
  await open(`/phone#member=lisi&tab=wecom&open=${agentId}`)
  const card = (kind: keyof typeof sampleCards) =>
    page.locator('.template-card', { hasText: sampleCards[kind].main_title!.title! })
  await card('multiple_interaction').getByLabel('午餐').waitFor()
  expect(await page.locator('.template-card').count()).toBe(5)
  await card('text_notice').getByLabel('预订操作').click()
  await card('text_notice').getByRole('button', { name: '延长半小时' }).click()
  await page.getByText('已告诉应用').waitFor()
  await card('vote_interaction').getByRole('checkbox', { name: '12 月 26 日' }).check()
  // What somebody is choosing stays when a message arrives.
  await send('text', { content: '新来的' })
  await page.getByText('新来的').waitFor()
  await card('vote_interaction').getByRole('button', { name: '提交' }).click()
  await card('button_interaction').getByLabel('代理人').selectOption('赵六')
  await card('button_interaction').getByRole('button', { name: '同意' }).click()
  const pushes = (await receiver.until(3)).map(one => one.xml.replaceAll(/<!\[CDATA\[(.*?)\]\]>/g, '$1'))
  expect(pushes[0]).toContain('<EventKey>extend</EventKey>')
  expect(pushes[1]).toMatch(/<OptionId>d2<\/OptionId><OptionId>d3<\/OptionId>/)
  expect(pushes[2]).toMatch(/<QuestionKey>deputy<\/QuestionKey>.*<OptionId>zhaoliu<\/OptionId>/s)
  const code = /<ResponseCode>(.*?)<\/ResponseCode>/.exec(pushes[2]!)![1]
  const update = { userids: ['lisi'], agentid: agentId, response_code: code }
  await agent.post('message/update_template_card', { ...update, button: { replace_name: '已同意' } })
  await card('button_interaction').getByRole('button', { name: '已同意' }).waitFor()
  expect(await card('button_interaction').getByRole('button', { name: '已同意' }).isDisabled()).toBe(true)
  expect(await card('button_interaction').getByRole('button', { name: '驳回' }).count()).toBe(0)
  await receiver.close()
})

test('a mail shows in a frame that can do nothing', async () => {
  const { members } = await dump(sandbox)
  const { host, port, user, password: pass, ca } = sandbox.smtp
  const lisi = members.find(item => item.userid === 'lisi')!
  await admin(sandbox, 'user/update', { userid: 'lisi', email: 'lisi@mail.example' })
  const transport = nodemailer.createTransport({
    host,
    port,
    requireTLS: true,
    tls: { ca },
    auth: { user, pass },
  })
  await transport.sendMail({
    from: '消息中心 <wisp@huayu.example>',
    to: 'lisi@mail.example',
    subject: '考核 <b>通知</b>',
    html: '<h1>正文</h1><script>parent.document.title="x";alert(1)</script><img src=x onerror="alert(2)"><a href="https://a.example/">去</a>',
    text: '纯文本的正文',
  })
  await open('/phone#member=lisi&tab=mail')
  await page.locator('.mail').click()
  const frame = page.frameLocator('.mail-frame')
  expect(await frame.locator('h1').textContent()).toBe('正文')
  expect(await page.locator('.mail-view h2').textContent()).toBe('考核 <b>通知</b>')
  expect(await page.title()).toBe(`${lisi.name}的手机 · wisp 沙箱`)
  await page.getByRole('button', { name: '看纯文本' }).click()
  await page.locator('.mail-text', { hasText: '纯文本的正文' }).waitFor()
})

test('members are found by name, and on a small screen from a sheet', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open('/phone')
  await page.locator('#pick').click()
  await page.locator('#search').fill('王五')
  await page.locator('.list button', { hasText: 'wangwu' }).click()
  await page.waitForFunction("document.title.startsWith('王五')")
  await page.locator('#members').waitFor({ state: 'hidden' })
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
})

test('pages are served with a strict policy, and nothing outside their folder', async () => {
  const answer = await fetch(`${sandbox.url}/phone`)
  const policy = answer.headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(await answer.text()).not.toMatch(/<script(?![^>]*src=)|\son\w+=|\sstyle=/)
  for (const path of ['routes.ts', '..%2fmain.ts', 'nothing.js', 'phone.test.ts'])
    expect((await fetch(`${sandbox.url}/pages/${path}`)).status).toBe(404)
})

test('the workbench shows the numbers of an application as they change', async () => {
  const agentid = sandbox.agents[0]!.agentId
  const items = (data: string) => [
    { key: '待办', data, jump_url: 'https://wisp.example.com/mobile?tab=todos' },
  ]
  const set = (data: string) =>
    agent.post('agent/set_workbench_data', {
      agentid,
      userid: 'lisi',
      type: 'keydata',
      keydata: { items: items(data) },
    })
  expect(await set('3')).toMatchObject({ errcode: 40058 })
  const template = { agentid, type: 'keydata', keydata: { items: items('0') } }
  expect(await agent.post('agent/set_workbench_template', template)).toMatchObject({ errcode: 0 })
  expect(await set('3')).toMatchObject({ errcode: 0 })
  await open('/phone#member=lisi')
  const block = page.getByRole('region', { name: '工作台' })
  await block.getByRole('link', { name: '3 待办' }).waitFor()
  await page.screenshot({ path: 'coverage/sandbox-workbench.png' })
  await set('4')
  await block.getByRole('link', { name: '4 待办' }).waitFor()
  for (let n = 0; n < 8; n++) await set('5')
  expect(await set('6')).toMatchObject({ errcode: 45009 })
})

test('审批 is submitted, handed over, agreed to and withdrawn on the telephones', async () => {
  await fetch(`${sandbox.url}/_sandbox/approvals/template`, {
    method: 'POST',
    body: JSON.stringify({
      templateId: 'phone',
      name: '外出',
      steps: [{ userids: ['lisi'] }],
      controls: [
        {
          property: { control: 'Text', id: 'Text-1', title: [{ text: '去哪里', lang: 'zh_CN' }], require: 1 },
        },
      ],
    }),
  })
  const approvals = async (userid: string) => {
    await open(`/phone#member=${userid}&tab=wecom`)
    await page.reload()
    await page.getByRole('button', { name: '审批', exact: false }).first().click()
  }
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click()
  await approvals('zhangsan')
  await page.getByRole('button', { name: '提交外出' }).click()
  await page.getByLabel('去哪里').fill('客户')
  await confirm('提交')
  await page.getByText('审批中').waitFor()
  await page.getByRole('button', { name: '催办' }).click()
  await confirm('催办')
  await approvals('lisi')
  await page.getByRole('button', { name: '转审' }).click()
  await page.getByLabel('转给谁').fill('zhangsan')
  await confirm('转审')
  await page.getByText('lisi 已转审').waitFor()
  await approvals('zhangsan')
  await page.getByRole('button', { name: '同意', exact: true }).click()
  await confirm('同意')
  await page.getByText('已通过').waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await confirm('撤销')
  await page.getByText('通过后撤销').waitFor()
})

test('审批 is returned and gets another approver on the telephones', async () => {
  const post = (path: string, body: object) =>
    fetch(`${sandbox.url}/_sandbox/approvals/${path}`, { method: 'POST', body: JSON.stringify(body) })
  const steps = ['lisi', 'wangwu'].map(userid => ({ userids: [userid] }))
  await post('template', { templateId: 'returned', name: '用车', steps, controls: [] })
  const submitted = await post('submit', { userid: 'zhangsan', templateId: 'returned' })
  const { no } = (await submitted.json()) as { no: string }
  await post('act', { act: 'agree', no, userid: 'lisi' })
  const row = page.locator(`[data-no="${no}"]`)
  const press = async (userid: string, name: string, to: string, label: string) => {
    await open(`/phone#member=${userid}&tab=wecom`)
    await page.reload()
    await page.getByRole('button', { name: '审批', exact: false }).first().click()
    await row.getByRole('button', { name, exact: true }).click()
    await page.getByLabel(label).fill(to)
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  }
  await press('wangwu', '退回', 'lisi', '退回给谁')
  await row.getByText('wangwu 已退回').waitFor()
  await press('lisi', '加签', 'zhangsan', '加谁审批')
  await row.getByText('lisi 已加签').waitFor()
  await press('zhangsan', '同意并加签', 'wangwu', '加谁审批')
  await row.getByText('zhangsan 已同意并加签').waitFor()
})
