import { expect, it } from 'vitest'
import type { SiemRecord } from '../record.ts'
import { cefLine } from './cef.ts'
import { cutTo } from './limits.ts'
import { ocsfEvent } from './ocsf.ts'
import { type Form, rendered } from './render.ts'
import { framed, syslogLine } from './syslog.ts'

const sample = {
  facility: 13,
  severity: 6,
  time: '2026-12-01T08:00:00.123456+08:00',
  host: 'wisp.example.com',
  app: 'wisp',
  procId: '4711',
  msgId: 'auth.sign-in',
  pen: 32473,
  data: { corp: 'ww1', user: 'zhangsan', result: 'ok' },
  message: '张三 signed in',
}
const sampleLine =
  '<110>1 2026-12-01T08:00:00.123456+08:00 wisp.example.com wisp 4711 auth.sign-in [wisp@32473 corp="ww1" user="zhangsan" result="ok"] \ufeff张三 signed in'

it('writes the sample of syslog byte by byte, in both frames', () => {
  expect(syslogLine(sample)).toBe(sampleLine)
  expect(framed(sampleLine, 'octets')).toBe(`151 ${sampleLine}`)
  expect(framed(sampleLine, 'lf')).toBe(`${sampleLine}\n`)
})

it('escapes values, and lets nobody end a message or begin another', () => {
  const line = syslogLine({
    ...sample,
    data: { 'a b=]"': 'q"b\\c]\nd', none: '' },
    msgId: '登录 x',
    host: '',
    message: 'one\n<0>1 two\r\u0000\u2028three\ud800',
  })
  expect(line).toContain(
    ' - wisp 4711 _x [wisp@32473 a_b___="q\\"b\\\\c\\] d"] \ufeffone <0>1 two three\ufffd',
  )
  expect(line).not.toMatch(/[\n\r]/)
})

it('keeps to the lengths of RFC 5424 and to what receivers take', () => {
  const long = { ...sample, host: 'h'.repeat(300), app: 'a'.repeat(60), procId: 'p'.repeat(200) }
  const line = syslogLine({
    ...long,
    msgId: 'm'.repeat(50),
    data: { ['n'.repeat(40)]: '值'.repeat(1000) },
    message: '很长'.repeat(10_000),
  })
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(8000)
  expect(Buffer.byteLength(line)).toBeGreaterThan(7990)
  const [, , host, app, procId, msgId] = line.split(' ')
  expect([host, app, procId, msgId].map(one => one!.length)).toEqual([255, 48, 128, 32])
  expect(line).toMatch(/ n{32}="值+…"\] /)
  expect(line).not.toContain('\ufffd')
  expect(cutTo('a张', 4)).toBe('a张')
  expect(cutTo('a张三', 6)).toBe('a…')
})

it('writes CEF with its two ways of escaping', () => {
  const line = cefLine({
    version: '1.0',
    id: 'auth|sign\\in',
    name: 'Sign-in',
    severity: 3,
    extension: [
      ['rt', '1764547200000'],
      ['suser', 'zhang=san'],
      ['src', ''],
      ['msg', 'a\\b|c\r\nd'],
    ],
  })
  expect(line).toBe(
    'CEF:0|wisp|wisp|1.0|auth\\|sign\\\\in|Sign-in|3|rt=1764547200000 suser=zhang\\=san msg=a\\\\b|c\\nd',
  )
})

const record: SiemRecord = {
  id: 'ww1/7',
  kind: 'act',
  code: 'app.set',
  name: { zh: '修改应用', en: 'Change app' },
  severity: 'info',
  at: new Date('2026-12-01T00:00:00.123Z'),
  corpId: 'ww1',
  actor: 'zhangsan',
  actorName: '张三',
  target: 'oa',
  targetName: '办公',
  address: '10.0.0.1',
  isSuccess: true,
  text: { zh: '张三 修改应用：办公', en: '张三: Change app 办公' },
}
const form: Form = {
  format: 'text',
  language: 'zh',
  pen: 32473,
  host: 'wisp.example.com',
  version: '1.0',
  timeZone: 'Asia/Shanghai',
}

it('writes an entry as text and as CEF', () => {
  expect(rendered(record, form)).toBe(
    '<110>1 2026-12-01T08:00:00.123+08:00 wisp.example.com wisp - app.set [wisp@32473 id="ww1/7" corp="ww1" kind="act" user="zhangsan" userName="张三" target="oa" targetName="办公" ip="10.0.0.1" result="ok"] \ufeff张三 修改应用：办公',
  )
  expect(rendered(record, { ...form, format: 'cef', language: 'en' })).toBe(
    '<110>1 2026-12-01T08:00:00.123+08:00 wisp.example.com wisp - app.set [wisp@32473 id="ww1/7"] CEF:0|wisp|wisp|1.0|app.set|Change app|3|rt=1764547200123 suser=zhangsan src=10.0.0.1 outcome=success externalId=ww1/7 cat=act cs1Label=corp cs1=ww1 cs2Label=userName cs2=张三 cs3Label=target cs3=oa cs4Label=targetName cs4=办公 msg=张三: Change app 办公'.replace(
      'rt=1764547200123',
      `rt=${record.at.getTime()}`,
    ),
  )
})

it('writes OCSF with what each class requires', () => {
  const of = (change: Partial<SiemRecord>) =>
    ocsfEvent({ ...record, ...change }, { version: '1.0', language: 'en' }) as Record<string, unknown>
  const act = of({})
  expect(act).toMatchObject({
    ...{ category_uid: 3, class_uid: 3004, activity_id: 3, type_uid: 300403, status_id: 1, severity_id: 1 },
    time: record.at.getTime(),
    metadata: {
      version: '1.3.0',
      uid: 'ww1/7',
      product: { name: 'wisp', vendor_name: 'wisp' },
      tenant_uid: 'ww1',
    },
    actor: { user: { name: '张三', uid: 'zhangsan' } },
    entity: { name: '办公', uid: 'oa' },
  })
  expect(of({ code: 'developer.remove' })['activity_id']).toBe(4)
  expect(of({ code: 'message.urge' })['type_uid']).toBe(300499)
  expect(of({ kind: 'sign-in', code: 'sign-in', isSuccess: false })).toMatchObject({
    ...{ class_uid: 3002, type_uid: 300201, status_id: 2, user: { uid: 'zhangsan' } },
  })
  expect(of({ kind: 'read', code: 'user/get', address: '' })).toMatchObject({
    ...{ class_uid: 6003, type_uid: 600302, category_uid: 6 },
    api: { operation: 'user/get' },
    src_endpoint: { name: 'wisp' },
  })
  const ended = of({
    kind: 'alert',
    id: 'alert/5/ended',
    code: 'webhookOff',
    isEnded: true,
    severity: 'error',
  })
  expect(ended).toMatchObject({ class_uid: 2004, type_uid: 200403, status_id: 4, severity_id: 4 })
  expect(ended['finding_info']).toEqual({ title: 'Change app', uid: 'alert/5' })
})
