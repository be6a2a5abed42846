import { connect, Socket } from 'node:net'
import pg from 'pg'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import { addressOf, isPlain, type SourceSettings } from '../settings.ts'
import { departmentsOf, type Reading, recordsAtMost, recordsOf, tooMany } from './columns.ts'

/** How long a connection, and each of the two queries, may take; so much later the server is given up that was to stop a query itself. */
export type SqlTimes = { connectMs: number; queryMs: number; graceMs: number }
const usualTimes: SqlTimes = { connectMs: 10_000, queryMs: 60_000, graceMs: 5000 }

type Table = { columns: string[]; rows: Record<string, unknown>[] }
/** Runs one query that reads, and closes. */
type Connection = { query(statement: string): Promise<Table>; close(): Promise<void> }

/**
 * Reads people and departments by one statement each, in a transaction that cannot write. A statement stands in parentheses, so that it can
 * be nothing but one query. Throws 1000, 1011 and OutboundRefused.
 */
export async function readSql(
  outbound: Pick<Outbound, 'place' | 'checkEntered'>,
  of: string,
  settings: SourceSettings,
  password: string,
  times = usualTimes,
): Promise<Reading> {
  const url = addressOf({ outbound }, settings.url, ['postgres:', 'postgresql:', 'mysql:'])
  const connection = await connected(
    outbound,
    of,
    url,
    { user: settings.user, password, ca: settings.ca },
    times,
  )
  try {
    const people = await connection.query(settings.people)
    if (people.rows.length > recordsAtMost) throw tooMany()
    const records = recordsOf(settings, people.columns, people.rows)
    if (settings.departments !== 'code') return { columns: people.columns, records, departments: undefined }
    const { columns, rows } = await connection.query(settings.departmentQuery)
    return { columns: people.columns, records, departments: departmentsOf(columns, rows) }
  } catch (error) {
    throw error instanceof ApiError ? error : failed(error, url, times)
  } finally {
    await connection.close().catch(() => undefined)
  }
}

const late = ['57014', 'PROTOCOL_SEQUENCE_TIMEOUT']
const lost = ['57P01', '57P02', '57P03', 'PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']

function failed(error: unknown, url: URL, { queryMs }: SqlTimes): ApiError {
  const code = String((error as { code?: unknown } | undefined)?.code ?? '')
  const seconds = String(Math.ceil(queryMs / 1000))
  if (late.includes(code) || messageOf(error) === 'Query read timeout')
    return new ApiError('badParameter', {
      zh: told`数据库的查询超过 ${seconds} 秒没有完成，没有读取；请简化查询，或改用汇总好的视图`,
      en: told`the query of the database took more than ${seconds} seconds, and nothing was read: make it simpler, or read a view that is computed already`,
    })
  if (lost.includes(code) || code.startsWith('08') || /^Connection (terminated|lost)/.test(messageOf(error)))
    return new ApiError('upstream', {
      zh: told`数据库 ${url.host} 在读取时断开，没有读取：${messageOf(error)}`,
      en: told`the database ${url.host} went away in the middle, and nothing was read: ${messageOf(error)}`,
    })
  return new ApiError('badParameter', {
    zh: told`数据库拒绝了查询：${messageOf(error)}`,
    en: told`the database refused the query: ${messageOf(error)}`,
  })
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 300)

/** One row more than may be read shows that there are too many. */
export const wrapped = (statement: string): string =>
  `select * from (\n${statement.trim().replace(/;\s*$/, '')}\n) as wisp_source limit ${recordsAtMost + 1}`

type Login = { user: string; password: string; ca: string }

async function connected(
  outbound: Pick<Outbound, 'place'>,
  of: string,
  url: URL,
  login: Login,
  times: SqlTimes,
): Promise<Connection> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const { addresses, isInner } = await outbound.place(host, { slot: 'servers', of })
  const address = addresses[0]?.address ?? host
  try {
    return await (url.protocol === 'mysql:' ? openMysql : openPostgres)(url, address, login, times)
  } catch (error) {
    if (isInner) throw new OutboundUntold(host, error)
    throw new ApiError('upstream', {
      zh: told`连不上数据库 ${url.host}：${messageOf(error)}`,
      en: told`cannot connect to the database ${url.host}: ${messageOf(error)}`,
    })
  }
}

/** Encrypted unless the address says `?sslmode=disable`; the certificate is checked against the name in the address. */
function tlsOf(url: URL, ca: string) {
  if (isPlain(url)) return undefined
  return { servername: url.hostname, ...(ca ? { ca } : {}) }
}

const isTrue = (text: string): boolean => text === 't'
const asText = (text: string): string => text

async function openPostgres(
  url: URL,
  host: string,
  { user, password, ca }: Login,
  times: SqlTimes,
): Promise<Connection> {
  const socket = new Socket()
  const client = new pg.Client({
    stream: () => socket,
    host,
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
    user,
    password,
    ssl: tlsOf(url, ca) ?? false,
    connectionTimeoutMillis: times.connectMs,
    statement_timeout: times.queryMs,
    query_timeout: times.queryMs + times.graceMs,
    application_name: 'wisp',
    // As texts: a date has no time zone that could move it to the day before.
    types: { getTypeParser: oid => (oid === pg.types.builtins.BOOL ? isTrue : asText) },
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('begin transaction isolation level repeatable read read only')
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  return {
    async query(statement) {
      // The extended protocol takes one statement alone.
      const query = { text: wrapped(statement), queryMode: 'extended' } as pg.QueryConfig
      const { fields, rows } = await client.query(query)
      return { columns: fields.map(one => one.name), rows }
    },
    async close() {
      // A server that hangs does not end the connection either.
      const timer = setTimeout(() => socket.destroy(), times.graceMs)
      await client.end().finally(() => clearTimeout(timer))
    },
  }
}

async function openMysql(
  url: URL,
  host: string,
  { user, password, ca }: Login,
  times: SqlTimes,
): Promise<Connection> {
  // Only corps with MySQL load the driver.
  const { createConnection } = await import('mysql2/promise')
  const tls = tlsOf(url, ca)
  const port = Number(url.port || 3306)
  const connection = await createConnection({
    // The driver checks the certificate for the name by which it was told to connect.
    host: url.hostname,
    port,
    stream: () => connect({ host, port, noDelay: true }),
    database: decodeURIComponent(url.pathname.slice(1)),
    user,
    password,
    ...(tls ? { ssl: { ...tls, verifyIdentity: true } } : {}),
    connectTimeout: times.connectMs,
    multipleStatements: false,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  })
  connection.on('error', () => undefined)
  try {
    await connection.query({ sql: 'start transaction read only', timeout: times.connectMs })
  } catch (error) {
    connection.destroy()
    throw error
  }
  return {
    async query(statement) {
      const [rows, fields] = await connection.query({ sql: wrapped(statement), timeout: times.queryMs })
      return { columns: fields.map(one => one.name), rows: rows as Record<string, unknown>[] }
    },
    async close() {
      // After a time-out the connection is still busy with its query.
      connection.destroy()
    },
  }
}
