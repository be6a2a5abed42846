import { describe, expect, it } from 'vitest'
import { ConfigError, environmentTable, inNetworks, parseNetworks, readConfig } from './config.ts'

const key = 'x'.repeat(32)

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({ host: '127.0.0.1', port: 3000, databaseUrl: '', logLevel: 'info' })
    expect(readConfig({ WISP_PORT: '', PATH: '/bin' }).port).toBe(3000)
  })

  it('reads what is given', () => {
    const config = readConfig({
      WISP_PORT: '0',
      WISP_PUBLIC_URL: 'https://wisp.example.com/',
      WISP_DATABASE_URL: 'postgres://wisp@db/wisp',
      WISP_SECRET_KEY: key,
      WISP_OUTBOUND_ALLOW: 'localhost, 127.0.0.0/8',
    })
    expect(config).toMatchObject({ port: 0, publicUrl: 'https://wisp.example.com' })
    expect(config.outboundAllow).toEqual(['localhost', '127.0.0.0/8'])
  })

  it.each([
    [{}, 'https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'],
    [{ WISP_PAY_URL: 'http://localhost:3001/' }, 'http://localhost:3001', 'http://localhost:3001'],
    [{ WISP_PAY_BACKUP_URL: 'http://b/' }, 'https://api.mch.weixin.qq.com', 'http://b'],
  ])('has two hosts of WeChat Pay with %j', (env, payUrl, payBackupUrl) => {
    expect(readConfig(env)).toMatchObject({ payUrl, payBackupUrl })
  })

  it.each([
    [{ WISP_PORT: 'abc' }, /WISP_PORT .*whole number/],
    [{ WISP_PORT: '70000' }, /WISP_PORT/],
    [{ WISP_PORT: '1.5' }, /WISP_PORT/],
    [{ WISP_DATABASE_POOL: '1' }, /WISP_DATABASE_POOL/],
    [{ WISP_PUBLIC_URL: 'wisp.example.com' }, /WISP_PUBLIC_URL/],
    [{ WISP_DATABASE_URL: 'mysql://x' }, /WISP_DATABASE_URL/],
    [{ WISP_DATABASE_URL: 'postgres://db/wisp' }, /WISP_SECRET_KEY is required with WISP_DATABASE_URL/],
    [{ WISP_SECRET_KEY: 'short' }, /WISP_SECRET_KEY needs at least 32 characters/],
    [{ WISP_SECRET_KEY_OLD: 'short' }, /WISP_SECRET_KEY_OLD needs at least 32 characters/],
    [{ WISP_LOG_LEVEL: 'loud' }, /WISP_LOG_LEVEL/],
    [{ WISP_WECOM_URL: 'qyapi' }, /WISP_WECOM_URL/],
    [{ WISP_PAY_BACKUP_URL: 'api2' }, /WISP_PAY_BACKUP_URL/],
    [
      { WISP_TRUSTED_PROXIES: '10.0.0.0/8, proxy' },
      /WISP_TRUSTED_PROXIES: "proxy" is not an address or CIDR/,
    ],
    [{ WISP_TRUSTED_PROXIES: '10.0.0.0/33' }, /WISP_TRUSTED_PROXIES: "10.0.0.0\/33"/],
    [{ WISP_OUTBOUND_ALLOW: '127.0.0.0/99' }, /WISP_OUTBOUND_ALLOW: "127.0.0.0\/99"/],
    [{ WISP_PORT: 'abc', WISP_LOG_LEVEL: 'loud' }, /WISP_PORT.*WISP_LOG_LEVEL/],
    [{ WISP_NIGHTLY: '30 25 * * *' }, /WISP_NIGHTLY has "25" as hour/],
    [{ WISP_NIGHTLY: 'late', WISP_SECRET_KEY: 'short' }, /WISP_SECRET_KEY.*WISP_NIGHTLY/],
    [
      { WISP_DATABASE_URL: 'postgres://a:b#c@db:x/wisp', WISP_SECRET_KEY: key },
      /WISP_DATABASE_URL is no address/,
    ],
    [
      { WISP_DATABASE_URL: 'postgres://a@db,db/wisp', WISP_SECRET_KEY: key },
      /WISP_DATABASE_URL names a host twice/,
    ],
    [{ WISP_DATABASE_DIRECT_URL: 'postgres://a@db/wisp' }, /DIRECT_URL .* WISP_DATABASE_URL .*not set/],
    [
      {
        WISP_DATABASE_URL: 'postgres://a@db/wisp',
        WISP_DATABASE_DIRECT_URL: 'postgres://a@b:x/wisp',
        WISP_SECRET_KEY: key,
      },
      /WISP_DATABASE_DIRECT_URL is no address/,
    ],
  ])('names what is wrong in %j', (env, wanted) => {
    expect(() => readConfig(env as Record<string, string>)).toThrow(ConfigError)
    expect(() => readConfig(env as Record<string, string>)).toThrow(wanted)
  })

  it.each([
    ['WISP_NIGHTY', 'WISP_NIGHTLY'],
    ['WISP_DATABASEURL', 'WISP_DATABASE_URL'],
    ['wisp_port', 'WISP_PORT'],
    ['WISP_TRUSTED_PROXY', 'WISP_TRUSTED_PROXIES'],
    ['WISP_MEMBER_CACHE', undefined],
  ])('finds that nobody reads %s, and the nearest name', (name, nearest) => {
    expect(readConfig({ [name]: '1' }).unknown).toEqual([{ name, nearest }])
  })

  it('finds nothing wrong with what the demo, tests and compose read', () => {
    const env = { WISP_SANDBOX_PORT: '1', WISP_TEST_SEED: '1', WISP_PUBLISHED_PORT: '1', WISP_PORT: '1' }
    expect(readConfig(env).unknown).toEqual([])
  })

  it('says what is wrong in both languages, with what was given, and shows no pattern', () => {
    const messageOf = (env: Record<string, string>) => {
      try {
        readConfig(env)
      } catch (error) {
        return (error as Error).message
      }
      return ''
    }
    expect(messageOf({ WISP_PUBLIC_URL: 'wisp.example.com', WISP_LOG_LEVEL: 'loud' }).split('\n')).toEqual([
      '环境变量：WISP_PUBLIC_URL 应为以 http:// 或 https:// 开头的地址，现在是 "wisp.example.com"；' +
        'WISP_LOG_LEVEL 应为 debug、info、warn、error、silent 之一，现在是 "loud"',
      'environment: WISP_PUBLIC_URL should be an address that begins with http:// or https://, not "wisp.example.com"; ' +
        'WISP_LOG_LEVEL should be one of debug, info, warn, error, silent, not "loud"',
    ])
    const wrong: Record<string, string>[] = [
      ...environmentTable().map(({ name }) => ({ [name]: '\n' })),
      { WISP_DATABASE_URL: 'postgres://a@db,db/wisp', WISP_SECRET_KEY: key },
      { WISP_DATABASE_DIRECT_URL: 'postgres://a@db/wisp' },
      { WISP_NIGHTLY: 'late' },
      { WISP_NIGHTLY: '30 25 * * *' },
      { WISP_SECRET_KEY: 'short' },
      { WISP_OUTBOUND_ALLOW: '127.0.0.0/99' },
    ]
    const messages = wrong.map(messageOf).filter(Boolean)
    expect(messages.length).toBeGreaterThan(20)
    for (const message of messages) {
      expect(message).toMatch(/^环境变量：WISP_.*[一-鿿].*\nenvironment: WISP_/)
      expect(message).not.toMatch(/\^|\.\+|pattern/)
    }
  })

  it('never repeats a secret', () => {
    for (const env of [
      { WISP_SECRET_KEY: 'hunter2' },
      { WISP_DATABASE_URL: 'mysql://wisp:hunter2@db/wisp' },
      { WISP_OUTBOUND_PROXY: 'user:hunter2@proxy:3128' },
      { WISP_DATABASE_URL: 'postgres://wisp:hunter2@db/wisp' },
    ])
      expect(() => readConfig(env)).toThrow(/^(?!.*hunter2)/)
  })

  it('is described for people', () => {
    for (const row of environmentTable()) expect(row.meaning, row.name).not.toBe('')
  })
})

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::1', '::1', true],
    ['10.0.0.0/8', 'nonsense', false],
    ['10.0.0.0/8', '', false],
  ])('%s holds %s: %s', (entry, address, wanted) => {
    expect(inNetworks(parseNetworks([entry], 'test'), address)).toBe(wanted)
  })
})
