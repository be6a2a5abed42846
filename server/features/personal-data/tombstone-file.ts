import { createHash } from 'node:crypto'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { addTombstones, type Tombstone, tombstones } from './request-store.ts'

const pageSize = 1000
const purpose = 'person_tombstone file'

/**
 * Returns the file of erased persons, without names: lines of corp, number, keyed hash of the userid and time; the last line is a
 * signature.
 */
export async function tombstoneFile(ctx: Core): Promise<string> {
  const lines: string[] = []
  for (let after: Tombstone | undefined; ; ) {
    const page = await tombstones(ctx.db, after, pageSize)
    lines.push(...page.map(one => JSON.stringify(one)))
    after = page.at(-1)
    if (page.length < pageSize) break
  }
  return `${[...lines, JSON.stringify({ signature: ctx.seal.sign(purpose, hashOf(lines)) })].join('\n')}\n`
}

const hashOf = (lines: readonly string[]) => createHash('sha256').update(lines.join('\n')).digest('hex')

/** Takes in what such a file names, after an older backup was restored. Returns how many were not known. @throws ApiError 1000 */
export async function readTombstones(ctx: Core, actor: string, text: string): Promise<number> {
  const lines = text.trimEnd().split('\n')
  const last = parsed(lines.pop() ?? '')
  const signature = typeof last?.['signature'] === 'string' ? last['signature'] : ''
  if (!ctx.seal.isSigned(purpose, hashOf(lines), signature))
    throw new ApiError('badParameter', {
      zh: told`文件不是由持有同一密钥的 wisp 写出，或已被改动；没有读入`,
      en: told`no wisp with this key wrote the file, or it was changed since; nothing was read`,
    })
  const rows = lines.flatMap(line => {
    const one = parsed(line)
    return one ? [one as unknown as Tombstone] : []
  })
  if (rows.length !== lines.length)
    throw new ApiError('badParameter', {
      zh: told`文件有 ${own(lines.length - rows.length)} 行不能识别`,
      en: told`${own(lines.length - rows.length)} lines of the file are not understood`,
    })
  return ctx.db.transaction().execute(async tx => {
    let added = 0
    for (let at = 0; at < rows.length; at += pageSize)
      added += await addTombstones(tx, rows.slice(at, at + pageSize))
    const detail = { rows: added }
    await record(tx, ctx, { corpId: null, actor, act: 'person.tombstones', target: 'wisp', detail })
    return added
  })
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
