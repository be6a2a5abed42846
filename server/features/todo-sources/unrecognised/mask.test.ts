import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seed, soak } from '../../../../test/soak.ts'
import { withoutSecrets, withoutSecretsIn } from './mask.ts'

const names = fc.constantFrom(
  ...[
    'password',
    'Password',
    'userPassword',
    'passwd',
    'pwd',
    'user_pwd',
    'token',
    'access_token',
    'x-token',
  ],
  ...['appSecret', 'clientsecret', 'passphrase', '密码', 'wsse.password'],
)
/** Of what stands in no form's own marks; the beginning tells it from everything else. */
const secrets = fc.stringMatching(/^[\w!$*+.~^|@-]{6,20}$/).map(text => `s3cr3t${text}`)

const xml = (text: string) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
/** Each form with a secret between two values that stay. */
const forms: Record<string, (name: string, secret: string) => string> = {
  JSON: (name, secret) => JSON.stringify({ flowid: 'F-1', [name]: secret, title: '报销' }),
  'JSON, spread out': (name, secret) =>
    JSON.stringify({ flowid: 'F-1', [name]: secret, title: '报销' }, null, 2),
  'single quotes': (name, secret) => `{'flowid': 'F-1', '${name}' : '${secret}', 'title': '报销'}`,
  'names without quotes': (name, secret) => `{flowid: 'F-1', ${name}: "${secret}", title: '报销'}`,
  'JSON in JSON': (name, secret) =>
    JSON.stringify({ data: JSON.stringify({ flowid: 'F-1', [name]: secret, title: '报销' }) }),
  'JSON in XML': (name, secret) =>
    `<data>${xml(JSON.stringify({ flowid: 'F-1', [name]: secret, title: '报销' }))}</data>`,
  'a form': (name, secret) => `flowid=F-1&${name}=${secret}&title=报销`,
  'a form with brackets': (name, secret) => `flowid=F-1&user%5B${name}%5D=${secret}&title=报销`,
  XML: (name, secret) => `<r><flowid>F-1</flowid><${name}>${secret}</${name}><title>报销</title></r>`,
  'XML with a prefix': (name, secret) =>
    `<r><flowid>F-1</flowid><o:${name} Type="text">${secret}</o:${name}><title>报销</title></r>`,
  CDATA: (name, secret) =>
    `<r><flowid>F-1</flowid><${name}><![CDATA[<${secret}>]]></${name}><title>报销</title></r>`,
  'XML in XML': (name, secret) =>
    `<data>${xml(`<r><flowid>F-1</flowid><${name}>${secret}</${name}><title>报销</title></r>`)}</data>`,
  'an attribute': (name, secret) => `<r flowid="F-1" ${name}='${secret}' title="报销"/>`,
  'an array': (name, secret) => JSON.stringify({ flowid: 'F-1', [name]: [secret], title: '报销' }),
  'a pair': (name, secret) =>
    `[{"name":"flowid","value":"F-1"},{"name":"${name}","value":"${secret}"},{"x":"报销"}]`,
  'a map of XML': (name, secret) =>
    `<m><e key="flowid">F-1</e><e key="${name}">${secret}</e><e key="t">报销</e></m>`,
  multipart: (name, secret) =>
    `--b\r\nContent-Disposition: form-data; name="flowid"\r\n\r\nF-1\r\n--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${secret}\r\n--b\r\nContent-Disposition: form-data; name="title"\r\n\r\n报销\r\n--b--`,
}

describe('secrets of pushes that were not understood', () => {
  it.each(Object.entries(forms))('are hidden in %s, and nothing else is', (_form, write) => {
    fc.assert(
      fc.property(names, secrets, (name, secret) => {
        const masked = withoutSecrets(write(name, secret))
        expect(masked).not.toContain(secret)
        expect(masked).toContain('***')
        for (const kept of ['F-1', '报销', 'flowid']) expect(masked).toContain(kept)
        // What is kept is looked at again.
        expect(withoutSecrets(masked)).toBe(masked)
      }),
      { seed, numRuns: soak(60, 5000) },
    )
  })

  it.each(Object.entries(forms))('are hidden in %s that is cut off within them', (_form, write) => {
    fc.assert(
      fc.property(names, secrets, fc.nat(), (name, secret, at) => {
        const whole = write(name, secret)
        const from = whole.indexOf(secret)
        const masked = withoutSecrets(whole.slice(0, from + 6 + (at % (secret.length - 6))))
        expect(masked).not.toContain('s3cr3t')
      }),
      { seed, numRuns: soak(30, 2000) },
    )
  })

  it('with quotes and brackets in them are hidden to their end', () => {
    for (const secret of ['a"s3cr3t', "a's3cr3t", 'a\\s3cr3t', 'a}s3cr3t', 'a&s3cr3t', 'a s3cr3t'])
      expect(withoutSecrets(JSON.stringify({ pwd: secret, title: '报销' }))).toBe(
        '{"pwd":"***","title":"报销"}',
      )
  })

  it('are hidden in headers, and texts that only speak of them stay', () => {
    expect(withoutSecrets('Authorization: Bearer s3cr3t\r\nHost: a')).toBe('Authorization: ***\r\nHost: a')
    for (const text of ['{"title":"Your token has expired"}', '<title>重置密码</title>', '', '{"a":1}'])
      expect(withoutSecrets(text)).toBe(text)
    const item = { flowid: 'F-1', receiver: { userPwd: 's3cr3t', name: '张三' }, note: 'pwd=s3cr3t' }
    expect(withoutSecretsIn(item)).toEqual({
      flowid: 'F-1',
      receiver: { userPwd: '***', name: '张三' },
      note: 'pwd=***',
    })
  })

  it('of hostile texts are looked for in no time', () => {
    for (const part of [
      'password',
      'password=',
      "password='",
      '<password>',
      '<pwd>a',
      'key=pwd ',
      '"pwd":[',
      'name="token"\n',
      '\\"pwd',
    ]) {
      // As long as an item that a source may send.
      const text = `${part.repeat(256_000 / part.length)}/>`
      const started = performance.now()
      withoutSecrets(text)
      expect(performance.now() - started, part).toBeLessThan(1500)
    }
  })
})
