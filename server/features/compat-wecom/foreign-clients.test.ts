import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// The package's index also loads its official account part, which needs a file that node-socialite no longer
// has.
import Application from 'node-easywechat/dist/Work/Application.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { shownWecom } from '../messages/messages.fixture.ts'
import { type OldSender, oldSender } from './compat.fixture.ts'

let world: World
let old: OldSender
const folder = mkdtempSync(join(tmpdir(), 'compat-easywechat-'))
beforeAll(async () => {
  world = await startWorld()
  old = await oldSender(world)
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

/** The client as an integrator uses it: only address and secret are others. It keeps tokens in files. */
const clientOf = (secret: string) =>
  new Application({
    corp_id: old.corpid,
    secret,
    http: { baseURL: `${world.server.url}/compat/wecom/` },
    file_cache: { path: folder, dirMode: 0o700, fileMode: 0o600, ext: '.cache' },
  })

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('node-easywechat sends every type, uploads, recalls and reads refusals', async () => {
  const client = clientOf(old.corpsecret).getClient()
  const send = async (msgtype: string, body: object, touser = 'zhangsan') => {
    const message = { touser, msgtype, agentid: old.agentid, [msgtype]: body }
    return (await client.postJson('cgi-bin/message/send', message)).toObject() as Record<string, string>
  }
  const file = join(folder, 'wisp.png')
  writeFileSync(file, png)
  const uploading = client.withFile(createReadStream(file), 'media')
  const uploaded = (await uploading.post('cgi-bin/media/upload', { params: { type: 'image' } })).toObject()
  expect(uploaded).toMatchObject({ errcode: 0, type: 'image' })
  const { media_id } = uploaded
  const url = 'https://repair.example.com/1'
  const bodies: Record<string, object> = {
    text: { content: '水管已修好' },
    textcard: { title: '报修', description: '<div class="gray">今天</div>', url },
    news: { articles: [{ title: '报修', description: '', url, picurl: '' }] },
    markdown: { content: '**报修**已完成' },
    image: { media_id },
    file: { media_id },
    template_card: {
      card_type: 'text_notice',
      main_title: { title: '报修' },
      card_action: { type: 1, url },
    },
  }
  for (const [msgtype, body] of Object.entries(bodies)) {
    expect(await send(msgtype, body), msgtype).toMatchObject({ errcode: 0, msgid: expect.any(String) })
    const shown = (await shownWecom(world)).at(-1)!
    expect([shown.msgtype, shown.to]).toEqual([msgtype, ['zhangsan']])
    if (!('media_id' in body)) expect(shown.content).toMatchObject(body)
  }
  const { msgid } = await send('text', { content: '请忽略' })
  expect((await client.postJson('cgi-bin/message/recall', { msgid })).toObject()['errcode']).toBe(0)
  expect(await send('text', { content: 'x' }, 'nobody')).toMatchObject({
    errcode: 81013,
    invaliduser: 'nobody',
  })
  expect(await send('mpnews', { articles: [] })).toMatchObject({ errcode: 40008 })
  await expect(clientOf('wrong').getAccessToken().getToken()).rejects.toThrow(/40001/)
})
