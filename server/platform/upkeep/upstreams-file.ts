import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, dataDirOf, upstreamNames } from '../config.ts'
import { describeError, type Log } from '../operation/log.ts'
import { giveToOwnerOf } from '../storage/embedded/owner.ts'

type Env = Record<string, string | undefined>

/** It lies beside the database's key and, like that, only its owner may read it, because a proxy's address may contain a password. */
const fileOf = (dataDir: string) => join(dataDir, 'upstreams.json')

/**
 * If a node's environment says where its upstreams are, it writes that to a file, for commands that people type in shells with
 * another environment. A node that cannot write to the folder has no such file.
 */
export function writeUpstreams({ dataDir, upstreams }: Config, log: Log): void {
  const path = fileOf(dataDir)
  try {
    if (Object.keys(upstreams).length === 0) {
      rmSync(path, { force: true })
      return
    }
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(`${path}.new`, `${JSON.stringify(upstreams, null, 2)}\n`, { mode: 0o600 })
    giveToOwnerOf(dataDir, `${path}.new`)
    renameSync(`${path}.new`, path)
  } catch (error) {
    log.warn({ path, ...describeError(error) }, 'addresses of upstreams not written down for the commands')
  }
}

/** The environment; variables that it does not set are taken from the node with the same data directory. */
export function withUpstreams(env: Env): Env {
  const known = readUpstreams(fileOf(dataDirOf(env)))
  // A WeChat Pay of another address has another backup host.
  if (env['WISP_PAY_URL']) delete known['WISP_PAY_BACKUP_URL']
  return { ...known, ...Object.fromEntries(Object.entries(env).filter(([, value]) => value)) }
}

function readUpstreams(path: string): Env {
  if (!existsSync(path)) return {}
  const found = parse(readFileSync(path, 'utf8'))
  return Object.fromEntries(
    upstreamNames.flatMap(name => (typeof found[name] === 'string' ? [[name, found[name]]] : [])),
  )
}

function parse(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text)
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
