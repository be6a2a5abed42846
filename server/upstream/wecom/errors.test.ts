import { expect, test } from 'vitest'
import { errcodes, explainErrcode, WecomError } from './errors.ts'

test('every code that docs/upstream names of WeCom is explained in both languages', () => {
  const named = [
    -1, 40001, 40003, 40008, 40013, 40014, 40029, 40031, 40032, 40033, 40056, 40068, 40070, 40071, 40072,
    40091, 41001, 41002, 41004, 41011, 41016, 41033, 42001, 44004, 45001, 45002, 45008, 45009, 45033, 46004,
    48002, 48009, 50001, 50002, 50003, 60003, 60004, 60005, 60006, 60007, 60008, 60009, 60010, 60011, 60020,
    60102, 60103, 60104, 60105, 60106, 60110, 60111, 60123, 60124, 60125, 60129, 81001, 81002, 81011, 81013,
    81014, 82001, 82002, 82003, 84014, 84015, 301002,
  ]
  for (const code of named) expect(errcodes[code], String(code)).toBeDefined()
  for (const [code, info] of Object.entries(errcodes)) {
    expect(info.text.zh, code).toMatch(/[一-龥]/)
    expect(info.text.en, code).toMatch(/^[ -~]+[^.]$/)
    if (info.fix !== undefined) {
      expect(info.fix.zh, code).toMatch(/。$/)
      // English texts give the Chinese names of WeCom's menus in brackets.
      expect(info.fix.en.replace(/\([^()]*\)/g, ''), code).toMatch(/^[ -~→]+\.$/)
    }
    if (info.kind === 'config') expect(info.fix, code).toBeDefined()
  }
  expect(explainErrcode(99999).kind).toBe('other')
})

test.each([
  [
    'not allow to access from your ip, hint: [1], from ip: 1.2.3.4, more info at https://x?e=60020',
    '1.2.3.4',
  ],
  ['not allow, from ip: 2001:db8::1, more info', '2001:db8::1'],
  ['invalid credential, hint: [1]', undefined],
])('the address in %s', (errmsg, fromIp) => {
  const error = new WecomError(60020, errmsg, '/cgi-bin/user/get')
  expect(error.fromIp).toBe(fromIp)
  expect('fromIp' in error).toBe(fromIp !== undefined)
})

test('tokens and secrets leave no trace, long texts are cut', () => {
  const errmsg = `bad access_token=AAAA&x "corpsecret":"BBBB" CCCC ${'x'.repeat(1000)}`
  const error = new WecomError(40014, errmsg, '/cgi-bin/user/get', ['CCCC', ''])
  expect(`${error.message}${error.errmsg}${error.stack}`).not.toMatch(/AAAA|BBBB|CCCC/)
  expect(error.errmsg.length).toBeLessThanOrEqual(500)
})
