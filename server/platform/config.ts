import { BlockList, isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { cronProblem } from './cron-line.ts'
import { addressProblem } from './database-addresses.ts'
import { type Form, formed, forms } from './environment/forms.ts'
import { type LdapConfig, ldapConfig, ldapProblems, ldapVariables } from './environment/ldap.ts'
import type { Problem } from './problem.ts'
import { type UnknownVariable, unknownVariables } from './unknown-variables.ts'
import type { Words } from './words.ts'

const dataDir = './data'
const payUrl = 'https://api.mch.weixin.qq.com'
const payBackupUrl = 'https://api2.mch.weixin.qq.com'

/** Every environment variable that wisp reads (web/docs/content/en/run/configuration.md). Nothing else may read process.env. */
const Environment = Type.Object({
  WISP_HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  WISP_PORT: Type.Integer({
    default: 3000,
    minimum: 0,
    maximum: 65535,
    description: 'port to listen on; 0 takes a free one',
  }),
  WISP_NODE_NAME: Type.String({
    default: '',
    pattern: '^([A-Za-z0-9_.:-]{1,64})?$',
    description:
      'name of this node among several, the same after each start: what deploy/haproxy.cfg calls its server; default host:port',
  }),
  WISP_PUBLIC_URL: formed('web', {
    default: '',
    description: 'how people and WeCom reach wisp; default http://host:port',
  }),
  WISP_DATA_DIR: Type.String({
    default: dataDir,
    description: 'the embedded PostgreSQL, its key and its log; snapshots of address books',
  }),
  WISP_BACKUP_DIR: formed('folder', {
    default: '',
    description:
      'folder for backups by a plan, which must be there already: on another disk, and the same for all nodes that have it; empty: this node writes none to a folder',
  }),
  WISP_DATABASE_URL: formed('postgres', {
    default: '',
    description:
      'PostgreSQL 15 or later, or a PgBouncer before it; several hosts (postgres://user@a,b/db): the one that takes writes; empty: the embedded PostgreSQL',
  }),
  WISP_DATABASE_DIRECT_URL: formed('postgres', {
    default: '',
    description:
      'the same database past PgBouncer, for LISTEN, migrations and backups; needed where WISP_DATABASE_URL leads through one in transaction mode',
  }),
  WISP_DATABASE_POOL: Type.Integer({
    default: 10,
    minimum: 2,
    maximum: 200,
    description: 'PostgreSQL connections of one node',
  }),
  WISP_SECRET_KEY: Type.String({
    default: '',
    description: 'seals stored secrets and signs tokens; at least 32 characters; required with PostgreSQL',
  }),
  WISP_SECRET_KEY_OLD: Type.String({ default: '', description: 'the key before, while it is being rotated' }),
  WISP_ADMIN_PASSWORD: Type.String({
    default: '',
    description:
      'first start: password of the system super administrator `admin`, at least 10 characters and not a common one; empty: one is made, printed at every start until it was used, and must be changed',
  }),
  WISP_TRUSTED_PROXIES: Type.String({
    default: '',
    description:
      'addresses or CIDRs whose X-Forwarded-For, and PROXY headers for LDAP, are believed, separated by commas',
  }),
  ...ldapVariables,
  WISP_OUTBOUND_ALLOW: Type.String({
    default: '',
    description:
      'hosts or CIDRs that outgoing calls may reach although they are loopback, SMS addresses among them by plain http',
  }),
  WISP_OUTBOUND_PRIVATE: Type.Union([Type.Literal('allow'), Type.Literal('refuse')], {
    default: 'allow',
    description:
      'whether outgoing calls may reach private addresses: allow (the default) lets them reach all but loopback and metadata services, refuse only those of WISP_OUTBOUND_ALLOW',
  }),
  WISP_OUTBOUND_PROXY: formed('web', {
    default: '',
    description: 'proxy for calls to WeCom, which wants fixed addresses',
  }),
  WISP_METRICS_TOKEN: Type.String({
    default: '',
    description:
      'bearer token for /metrics and readiness details; empty: programs on this machine may read them while WISP_PUBLIC_URL is empty or loopback, nobody otherwise',
  }),
  WISP_LOG_LEVEL: Type.Union(
    ['debug', 'info', 'warn', 'error', 'silent'].map(level => Type.Literal(level)),
    { default: 'info', description: 'debug also logs every call' },
  ),
  WISP_WECOM_URL: formed('web', {
    default: 'https://qyapi.weixin.qq.com',
    description: 'WeCom API',
  }),
  WISP_WECOM_AUTHORIZE_URL: formed('web', {
    default: 'https://open.weixin.qq.com',
    description: 'where people sign in inside WeCom',
  }),
  WISP_WECOM_QR_URL: formed('web', {
    default: 'https://login.work.weixin.qq.com',
    description: 'where people scan a code to sign in',
  }),
  WISP_OFFICIAL_URL: formed('web', {
    default: 'https://api.weixin.qq.com',
    description: 'API of official accounts',
  }),
  WISP_OFFICIAL_AUTHORIZE_URL: formed('web', {
    default: 'https://open.weixin.qq.com',
    description: 'where people in WeChat let an official account know who they are',
  }),
  WISP_PAY_URL: formed('web', {
    default: payUrl,
    description: 'WeChat Pay API',
  }),
  WISP_PAY_BACKUP_URL: formed('web', {
    default: '',
    description: `asked when the other does not answer; default ${payBackupUrl}, or WISP_PAY_URL where that is set`,
  }),
  WISP_WEIXIN_SCRIPT_URL: formed('web', {
    default: 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js',
    description: "WeChat's JS-SDK, for the payment page and the page for 订阅通知",
  }),
  WISP_DRAIN_SECONDS: Type.Integer({
    default: 5,
    minimum: 0,
    maximum: 600,
    description:
      'after SIGTERM: how long everything is still answered while /readyz fails, so that a balancer looks elsewhere',
  }),
  WISP_MIRROR_BYTES: Type.Integer({
    default: 512_000_000,
    minimum: 1_000_000,
    description: 'memory for address books, about 1 kB a member; beyond it the least recently used go',
  }),
  WISP_SNAPSHOT_DIR: Type.String({
    default: '',
    description:
      'folder of this node for sealed snapshots of address books beyond 20,000 members, with which it starts in seconds; default `snapshots` in WISP_DATA_DIR',
  }),
  WISP_SNAPSHOT_BYTES: Type.Integer({
    default: 2_000_000_000,
    minimum: 0,
    description: 'disk for these snapshots, about 250 B a member; beyond it the oldest go; 0 writes none',
  }),
  WISP_NIGHTLY: Type.String({
    default: '30 2 * * *',
    description:
      'cron line of the nightly reconcile, in the time zone of each corp; one corp keeps it exactly, many are spread from then on',
  }),
  WISP_NIGHTLY_HOURS: Type.Integer({
    default: 4,
    minimum: 0,
    maximum: 12,
    description:
      'over how many hours at most the nightly reconcile of many corps is spread, 5 s for each of them; 0: all at once',
  }),
  WISP_EGRESS: formed('nodeName', {
    default: '',
    description:
      'a name of the address from which this node calls WeCom and WeChat, where nodes have different ones; those with the same name share what an address may call',
  }),
})

export type Config = LdapConfig & {
  host: string
  port: number
  /** '' for the place where it listens. */
  nodeName: string
  /** Without a trailing slash. If WISP_PUBLIC_URL is not set, it is '' until the port is known. */
  publicUrl: string
  dataDir: string
  /** '' where this node writes no backups to a folder. */
  backupDir: string
  databaseUrl: string
  /** '' where `databaseUrl` leads to PostgreSQL itself. */
  databaseDirectUrl: string
  databasePool: number
  secretKey: string
  secretKeyOld: string
  adminPassword: string
  trustedProxies: BlockList
  outboundAllow: string[]
  outboundPrivate: 'allow' | 'refuse'
  outboundProxy: string
  metricsToken: string
  logLevel: string
  wecomUrl: string
  wecomAuthorizeUrl: string
  wecomQrUrl: string
  officialUrl: string
  officialAuthorizeUrl: string
  payUrl: string
  payBackupUrl: string
  weixinScriptUrl: string
  drainSeconds: number
  /** What the address books in memory may take together. */
  mirrorBytes: number
  snapshotDir: string
  snapshotBytes: number
  nightly: string
  /** Over which the nightly work of many corps is spread at most. */
  nightlyHours: number
  /** Names the address by which upstreams see this node; nodes with the same name share it. */
  egress: string
  /** The variables among `upstreamNames` that are set, unchanged. */
  upstreams: Readonly<Record<string, string>>
  /** The environment as it may be shown, which excludes secrets and passwords in URLs. */
  given: ReadonlyMap<string, { shown: string; isSecret: boolean }>
  /** `WISP_…` variables that are set and that nobody reads. */
  unknown: readonly UnknownVariable[]
}

/** The environment cannot be used. The message says why in both languages, Chinese first. */
export class ConfigError extends Error {
  readonly words: Words
  constructor(zh: string, en: string) {
    const words = { zh: `环境变量：${zh}`, en: `environment: ${en}` }
    super(`${words.zh}\n${words.en}`)
    this.words = words
  }
}

/** Throws ConfigError, which names every wrong variable and what is wrong with it. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(Environment.properties).flatMap(([name, schema]) => {
      const text = env[name]
      if (!text) return []
      return [[name, Type.IsInteger(schema) && /^-?\d{1,15}$/.test(text) ? Number(text) : text]]
    }),
  )
  const values = Value.Default(Environment, given)
  const wrong = new Set(
    [...Value.Errors(Environment, values)].map(error => error.instancePath.split('/')[1]!),
  )
  const problems = [...wrong].map(name => problemIn(name, String(env[name])))
  if (problems.length === 0) problems.push(...problemsOf(values as Static<typeof Environment>))
  if (problems.length > 0)
    throw new ConfigError(problems.map(one => one.zh).join('；'), problems.map(one => one.en).join('; '))
  const upstreams = Object.fromEntries(upstreamNames.flatMap(name => (env[name] ? [[name, env[name]]] : [])))
  return {
    ...toConfig(values as Static<typeof Environment>),
    upstreams,
    given: shownEnvironment(env),
    unknown: unknownVariables(env, Object.keys(Environment.properties)),
  }
}

/** What the schema finds wrong with a variable. A value that may hold a password is not repeated. */
function problemIn(name: string, value: string): Problem {
  const schema = Environment.properties[name as keyof typeof Environment.properties] as VariableSchema
  const { zh, en } = wantedOf(schema)
  const shown = JSON.stringify(value)
  const given = value.includes('@') ? { zh: '', en: '' } : { zh: `，现在是 ${shown}`, en: `, not ${shown}` }
  return { zh: `${name} 应为${zh}${given.zh}`, en: `${name} should be ${en}${given.en}` }
}

type VariableSchema = { form?: Form; minimum?: number; maximum?: number; anyOf?: { const: string }[] }

function wantedOf({ form, minimum, maximum, anyOf }: VariableSchema): Problem {
  if (form) return forms[form]
  const options = anyOf?.map(one => one.const)
  if (options) return { zh: ` ${options.join('、')} 之一`, en: `one of ${options.join(', ')}` }
  return maximum === undefined
    ? { zh: `不小于 ${minimum} 的整数`, en: `a whole number of at least ${minimum}` }
    : { zh: ` ${minimum} 到 ${maximum} 的整数`, en: `a whole number from ${minimum} to ${maximum}` }
}

/** Checks what the schema cannot express. */
function problemsOf(v: Static<typeof Environment>): Problem[] {
  const problems: Problem[] = []
  const add = (name: string, problem: Problem | undefined) => {
    if (problem) problems.push({ zh: `${name} ${problem.zh}`, en: `${name} ${problem.en}` })
  }
  for (const name of ['WISP_DATABASE_URL', 'WISP_DATABASE_DIRECT_URL'] as const)
    if (v[name]) add(name, addressProblem(v[name]))
  if (v.WISP_DATABASE_DIRECT_URL && !v.WISP_DATABASE_URL)
    add('WISP_DATABASE_DIRECT_URL', {
      zh: '所指的 PostgreSQL 也要写在 WISP_DATABASE_URL 里，而它没有设置',
      en: 'is for a PostgreSQL that WISP_DATABASE_URL names too, which is not set',
    })
  if (v.WISP_DATABASE_URL && !v.WISP_SECRET_KEY)
    add('WISP_SECRET_KEY', {
      zh: '没有设置，设了 WISP_DATABASE_URL 就必须有它；可以设为 openssl rand -base64 48 的输出',
      en: 'is required with WISP_DATABASE_URL; set it to the output of openssl rand -base64 48',
    })
  for (const name of ['WISP_SECRET_KEY', 'WISP_SECRET_KEY_OLD'] as const)
    if (v[name] && v[name].length < 32)
      add(name, { zh: '至少要有 32 个字符', en: 'needs at least 32 characters' })
  problems.push(...ldapProblems(v))
  add('WISP_NIGHTLY', cronProblem(v.WISP_NIGHTLY))
  return problems
}

/** Where outgoing calls lead, which a node tells the commands beside it. */
export const upstreamNames = Object.keys(Environment.properties).filter(
  name => name.startsWith('WISP_OUTBOUND_') || /^WISP_(WECOM|OFFICIAL|PAY|WEIXIN)_/.test(name),
)

/** Known before the rest of the environment is read. */
export function dataDirOf(env: Record<string, string | undefined>): string {
  return resolve(env['WISP_DATA_DIR'] || dataDir)
}

const secretNames = ['WISP_SECRET_KEY', 'WISP_SECRET_KEY_OLD', 'WISP_ADMIN_PASSWORD', 'WISP_METRICS_TOKEN']

function shownEnvironment(env: Record<string, string | undefined>): Config['given'] {
  return new Map(
    Object.keys(Environment.properties).flatMap(name => {
      const text = env[name]
      if (!text) return []
      const isSecret = secretNames.includes(name)
      return [[name, { shown: isSecret ? '' : text.replace(/:\/\/[^/@]*@/, '://…@'), isSecret }]]
    }),
  )
}

function toConfig(v: Static<typeof Environment>): Omit<Config, 'given' | 'unknown' | 'upstreams'> {
  const outboundAllow = splitList(v.WISP_OUTBOUND_ALLOW)
  parseNetworks(
    outboundAllow.filter(entry => isIP(entry.split('/')[0] ?? '')),
    'WISP_OUTBOUND_ALLOW',
  )
  return {
    host: v.WISP_HOST,
    port: v.WISP_PORT,
    nodeName: v.WISP_NODE_NAME,
    publicUrl: v.WISP_PUBLIC_URL.replace(/\/+$/, ''),
    dataDir: resolve(v.WISP_DATA_DIR),
    backupDir: v.WISP_BACKUP_DIR && resolve(v.WISP_BACKUP_DIR),
    databaseUrl: v.WISP_DATABASE_URL,
    databaseDirectUrl: v.WISP_DATABASE_DIRECT_URL,
    databasePool: v.WISP_DATABASE_POOL,
    secretKey: v.WISP_SECRET_KEY,
    secretKeyOld: v.WISP_SECRET_KEY_OLD,
    adminPassword: v.WISP_ADMIN_PASSWORD,
    trustedProxies: parseNetworks(splitList(v.WISP_TRUSTED_PROXIES), 'WISP_TRUSTED_PROXIES'),
    ...ldapConfig(v),
    ldapHost: v.WISP_LDAP_HOST || v.WISP_HOST,
    ldapPlain: parseNetworks(splitList(v.WISP_LDAP_PLAIN), 'WISP_LDAP_PLAIN'),
    outboundAllow,
    outboundPrivate: v.WISP_OUTBOUND_PRIVATE,
    outboundProxy: v.WISP_OUTBOUND_PROXY,
    metricsToken: v.WISP_METRICS_TOKEN,
    logLevel: v.WISP_LOG_LEVEL,
    wecomUrl: v.WISP_WECOM_URL.replace(/\/+$/, ''),
    wecomAuthorizeUrl: v.WISP_WECOM_AUTHORIZE_URL.replace(/\/+$/, ''),
    wecomQrUrl: v.WISP_WECOM_QR_URL.replace(/\/+$/, ''),
    officialUrl: v.WISP_OFFICIAL_URL.replace(/\/+$/, ''),
    officialAuthorizeUrl: v.WISP_OFFICIAL_AUTHORIZE_URL.replace(/\/+$/, ''),
    payUrl: v.WISP_PAY_URL.replace(/\/+$/, ''),
    payBackupUrl: (
      v.WISP_PAY_BACKUP_URL || (v.WISP_PAY_URL === payUrl ? payBackupUrl : v.WISP_PAY_URL)
    ).replace(/\/+$/, ''),
    weixinScriptUrl: v.WISP_WEIXIN_SCRIPT_URL,
    drainSeconds: v.WISP_DRAIN_SECONDS,
    mirrorBytes: v.WISP_MIRROR_BYTES,
    snapshotDir: resolve(v.WISP_SNAPSHOT_DIR || join(v.WISP_DATA_DIR, 'snapshots')),
    snapshotBytes: v.WISP_SNAPSHOT_BYTES,
    nightly: v.WISP_NIGHTLY,
    nightlyHours: v.WISP_NIGHTLY_HOURS,
    egress: v.WISP_EGRESS,
  }
}

/** True for an address of this very machine. */
export function isLoopbackUrl(url: string): boolean {
  return /^(127\.[\d.]+|localhost|\[::1\])$/.test(URL.parse(url)?.hostname ?? '')
}

/** Turns addresses and CIDRs into a BlockList. Throws ConfigError for an entry that is neither. */
export function parseNetworks(entries: string[], what: string): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/')
    const family = isIP(address)
    const width = family === 6 ? 128 : 32
    const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
    if (family === 0 || rest.length > 0 || prefix < 0 || prefix > width) {
      const given = JSON.stringify(entry)
      throw new ConfigError(
        `${what}: ${given} 不是 IP 地址或网段`,
        `${what}: ${given} is not an address or CIDR`,
      )
    }
    list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/**
 * Whether the list contains the address; IPv4-mapped IPv6 addresses count as IPv4. A caller who has hung up has no address
 * any more.
 */
export function inNetworks(list: BlockList, address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
  const family = isIP(plain)
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}

function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** Each variable with its name, default and meaning. */
export function environmentTable(): { name: string; default: string; meaning: string }[] {
  return Object.entries(Environment.properties).map(([name, schema]) => {
    const { default: value, description } = schema as { default?: unknown; description?: string }
    return { name, default: String(value ?? ''), meaning: description ?? '' }
  })
}
