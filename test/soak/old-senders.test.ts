import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import EnterpriseApi from 'wechat-enterprise-api'
import { type OldSender, oldSender } from '../../server/features/compat-wecom/compat.fixture.ts'
import { arrived, shownWecom } from '../../server/features/messages/messages.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { freePort } from '../postgres.ts'
import { until } from '../until.ts'

// Programs that know only WeCom's API, with wisp's address in the place of WeCom's. node-easywechat is in server/features/compat-wecom.

let world: World
let old: OldSender
const folder = mkdtempSync(join(tmpdir(), 'wisp-old-senders-'))
beforeAll(async () => {
  world = await startWorld()
  old = await oldSender(world)
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

test('wechat-enterprise-api sends, and reads a refusal', async () => {
  const client = new EnterpriseApi(old.corpid, old.corpsecret, old.agentid)
  client.prefix = `${old.base}/`
  const send = (touser: string) =>
    new Promise<object>((resolve, reject) =>
      client.send({ touser }, { msgtype: 'text', text: { content: '您好' }, safe: '0' }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      ),
    )
  expect(await send('lisi')).toMatchObject({ errcode: 0 })
  expect((await shownWecom(world)).at(-1)).toMatchObject({ to: ['lisi'], content: { content: '您好' } })
  await expect(send('nobody')).rejects.toMatchObject({ code: 81013 })
})

test("Debian's alertmanager sends texts and markdown", async () => {
  const settings = join(folder, 'alertmanager.yml')
  const receiver = (name: string, message_type: string) => ({
    name,
    wechat_configs: [
      {
        api_url: `${old.base}/`,
        corp_id: old.corpid,
        api_secret: old.corpsecret,
        agent_id: String(old.agentid),
        to_user: 'zhangsan',
        message_type,
        message: `{{ .CommonLabels.alertname }} ${name}`,
      },
    ],
  })
  const route = {
    receiver: 'texts',
    group_wait: '0s',
    routes: [{ receiver: 'marked', continue: true }, { receiver: 'texts' }],
  }
  // JSON is YAML.
  writeFileSync(
    settings,
    JSON.stringify({ route, receivers: [receiver('texts', 'text'), receiver('marked', 'markdown')] }),
  )
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const options = [
    `--config.file=${settings}`,
    `--storage.path=${join(folder, 'state')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]
  const manager = spawn('prometheus-alertmanager', options, { stdio: 'ignore' })
  const ended = new Promise(resolve => manager.once('exit', resolve))
  try {
    const isReady = () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until('alertmanager', isReady, 30_000)
    const alerts = [{ labels: { alertname: 'DiskFull' } }]
    await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    })
    const types = async () =>
      (await arrived(world, 'DiskFull')).map(({ msgtype, content }) => [msgtype, content['content']])
    await until('both messages', async () => (await types()).length === 2, 30_000)
    expect((await types()).sort()).toEqual([
      ['markdown', 'DiskFull marked'],
      ['text', 'DiskFull texts'],
    ])
  } finally {
    manager.kill()
    await ended
  }
})
