import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { secretOf } from '../sealed.ts'
import type { SourceRow } from '../source-store.ts'
import { checkNotEmpty, departmentsOf, type Reading, recordsOf } from './columns.ts'
import { readSourceFile } from './file.ts'
import { readLdap } from './ldap.ts'
import { allPut } from './put-store.ts'
import { readSql } from './sql.ts'

/** Reads what a source has now. `bytes`: the file of one that takes files. Throws 1000, 1011, and OutboundRefused. */
export async function readSource(
  ctx: Core & { outbound: Outbound },
  source: SourceRow,
  bytes?: Buffer,
): Promise<Reading> {
  const reading = await readBy(ctx, source, bytes)
  checkNotEmpty(reading)
  return reading
}

async function readBy(
  ctx: Core & { outbound: Outbound },
  source: SourceRow,
  bytes: Buffer | undefined,
): Promise<Reading> {
  const { corpId, settings } = source
  switch (source.kind) {
    case 'file':
      if (!bytes)
        throw new ApiError('badParameter', {
          zh: '这个人事源由文件提供：请上传文件',
          en: 'this source takes files: upload one',
        })
      return readSourceFile(settings, bytes)
    case 'sql':
      return readSql(ctx.outbound, corpId, settings, secretOf(ctx, source))
    case 'ldap':
      return readLdap(ctx.outbound, corpId, settings, secretOf(ctx, source))
    default:
      return readPut(ctx, source)
  }
}

async function readPut({ db }: Core, { corpId, id: sourceId, settings }: SourceRow): Promise<Reading> {
  const whose = { corpId, sourceId }
  const people = await allPut(db, whose, 'person')
  const columns = [...new Set(people.flatMap(one => Object.keys(one.cells)))]
  const records =
    people.length === 0
      ? []
      : recordsOf(
          settings,
          columns,
          people.map(one => one.cells),
        )
  if (settings.departments !== 'code') return { columns, records, departments: undefined }
  const rows = (await allPut(db, whose, 'department')).map(one => one.cells)
  return { columns, records, departments: departmentsOf(['code', 'name', 'parent', 'sort'], rows) }
}
