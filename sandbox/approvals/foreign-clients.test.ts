import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ServerRequest from 'node-easywechat/dist/Core/Http/ServerRequest.js'
import Application from 'node-easywechat/dist/Work/Application.js'
import { ApiConfig, HttpKit, QyApiConfigKit, QyOAApi } from 'tnwx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { control } from '../test-caller.ts'
import { callbackKeys, type Receiver, startReceiver } from '../test-receiver.ts'

// What the sandbox says of 审批 is read by clients that nobody here wrote.

const leave = 'C4SandboxLeave000000000000000000001'

let sandbox: Sandbox
let receiver: Receiver
const cacheDir = mkdtempSync(join(tmpdir(), 'sandbox-approvals-easywechat-'))
beforeAll(async () => {
  sandbox = await startSandbox({ members: 12 })
  receiver = await startReceiver()
  const { agentId } = sandbox.agents[0]!
  await control(sandbox, 'POST', 'agents/callback', { agentId, url: receiver.url, ...callbackKeys })
})
afterAll(async () => {
  await sandbox.close()
  await receiver.close()
  rmSync(cacheDir, { recursive: true })
})

test('tnwx reads a template by its own call', async () => {
  const usual = HttpKit.getHttpDelegate
  const here = (url: string) => url.replace('https://qyapi.weixin.qq.com', sandbox.url)
  HttpKit.setHttpDelegate = Object.assign(Object.create(usual), {
    httpGet: (url: string, options?: unknown) => usual.httpGet(here(url), options),
    httpPost: (url: string, data: string, options?: unknown) => usual.httpPost(here(url), data, options),
  })
  try {
    const { secret } = sandbox.agents[0]!
    QyApiConfigKit.putApiConfig(new ApiConfig(secret, secret, '', false, '', sandbox.corpId))
    QyApiConfigKit.setCurrentAppId(secret, sandbox.corpId)
    const { template_names: names, template_content: content } = await QyOAApi.getTemplateDetail(leave)
    expect(names).toEqual([{ text: '请假', lang: 'zh_CN' }])
    const controls = (content as { controls: { property: { control: string; require: number } }[] }).controls
    expect(controls.map(({ property }) => `${property.control} ${property.require}`)).toEqual([
      'Selector 1',
      'DateRange 1',
      'Textarea 1',
      'File 0',
    ])
    expect((await QyOAApi.getTemplateDetail('x')).errcode).toBe(301025)
  } finally {
    HttpKit.setHttpDelegate = usual
  }
})

/** As an integrator would use it; only its base URL is changed. */
const clientOf = () =>
  new Application({
    corp_id: sandbox.corpId,
    secret: sandbox.agents[0]!.secret,
    token: callbackKeys.token,
    aes_key: callbackKeys.encodingAesKey,
    http: { baseURL: `${sandbox.url}/` },
    file_cache: { path: cacheDir, dirMode: 0o700, fileMode: 0o600, ext: '.cache' },
  })
const post = async (path: string, body: object) =>
  (await clientOf().getClient().postJson(`cgi-bin/${path}`, body)).toObject()

/** What the client makes of a push: it checks the signature, decrypts it and reads its XML. */
async function heard(count: number): Promise<Record<string, unknown>[]> {
  const pushes = await receiver.until(count)
  const read: Record<string, unknown>[] = []
  for (const { raw, query } of pushes) {
    const app = clientOf()
    app.setRequest(new ServerRequest('POST', `${receiver.url}&${query}`, {}, raw))
    const server = app.getServer()
    server.with(async (message, next) => {
      read.push({
        Event: message['Event'],
        AgentID: message['AgentID'],
        ApprovalInfo: message['ApprovalInfo'],
      })
      return next?.(message)
    })
    await server.serve()
  }
  return read
}

test('node-easywechat submits, reads the detail and hears of each step', async () => {
  const { sp_no: no } = await post('oa/applyevent', {
    creator_userid: 'zhangsan',
    template_id: leave,
    use_template_approver: 0,
    process: { node_list: [{ type: 1, apv_rel: 2, userid: ['lisi'] }] },
    apply_data: {
      contents: [
        {
          control: 'Selector',
          id: 'Selector-1',
          value: { selector: { type: 'single', options: [{ key: 'option-2' }] } },
        },
        {
          control: 'DateRange',
          id: 'DateRange-1',
          value: {
            date_range: {
              type: 'hour',
              new_begin: 1_796_000_000,
              new_end: 1_796_010_000,
              new_duration: 10_000,
            },
          },
        },
        { control: 'Textarea', id: 'Textarea-1', value: { text: '家中有事' } },
      ],
    },
    summary_list: [{ summary_info: [{ text: '请假', lang: 'zh_CN' }] }],
  })
  expect(no).toMatch(/^\d{20}$/)
  await control(sandbox, 'POST', 'approvals/act', { act: 'agree', no, userid: 'lisi', text: '同意' })
  const { info } = await post('oa/getapprovaldetail', { sp_no: no })
  expect(info).toMatchObject({ sp_no: no, sp_status: 2, applyer: { userid: 'zhangsan' } })
  const [submitted, agreed] = await heard(2)
  expect(submitted).toMatchObject({ Event: 'sys_approval_change', AgentID: '3010040' })
  expect(agreed?.['ApprovalInfo']).toMatchObject({
    SpNoStr: no,
    SpStatus: '2',
    StatuChangeEvent: '2',
    Applyer: { UserId: 'zhangsan' },
    SpRecord: { Details: { Approver: { UserId: 'lisi' }, Speech: '同意', SpStatus: '2' } },
  })
})
