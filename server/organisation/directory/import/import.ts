import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { refused } from '../../../platform/http/page-call.ts'
import { checkColumns } from '../../../platform/http/tables/columns.ts'
import {
  checkPreviewed,
  type ImportedFile,
  type Importer,
  oneFileOfCorp,
  previewToken,
} from '../../../platform/http/tables/uploaded-file.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { seenMember, supplementsMember, type Viewer } from '../console/viewer.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { supplementMembers } from '../supplement/supplement.ts'
import type { SupplementField } from '../supplement/supplement-store.ts'
import { type ImportFile, readImport } from './import-file.ts'
import { type CheckedRow, checkRows, countRows } from './import-rows.ts'

type Needs = Core & { inbox: Inbox; mirrors: Mirrors }

const importerOf = (viewer: Viewer<Visitor>): Importer => ({
  purpose: 'directory import',
  corpId: viewer.corpId,
  who: viewer.visitor.sessionId,
})

/** What an import of the file would do. `token` lets the same person apply the same file. Throws 1000. */
export async function previewFile(
  ctx: Core,
  viewer: Viewer<Visitor>,
  file: ImportedFile,
): Promise<{ token: string; about: Omit<ImportFile, 'records'>; rows: CheckedRow[] }> {
  return oneFileOfCorp(viewer.corpId, async () => {
    const { records, ...about } = await readImport(file.bytes, file.chosen)
    const rows = await checkRows(ctx, viewer, { ...about, records })
    return { token: previewToken(ctx, importerOf(viewer), file), about, rows }
  })
}

/**
 * Checks all lines again, because the address book may have changed since the preview, and stores the good ones. Safe to
 * repeat. Throws 1000 for another file than the one that was previewed.
 */
export async function applyFile(
  ctx: Needs,
  viewer: Viewer<Visitor>,
  file: ImportedFile & { fileName: string; token: string },
): Promise<CheckedRow[]> {
  const { bytes, chosen, fileName, token } = file
  checkPreviewed(ctx, importerOf(viewer), file, token)
  const read = async () => checkRows(ctx, viewer, checkColumns(await readImport(bytes, chosen)))
  const rows = await oneFileOfCorp(viewer.corpId, read)
  await storeRows(ctx, viewer, viewer.visitor.actor, rows, fileName)
  return rows
}

/** Checks lines that come without a file and stores the good ones. Safe to repeat. */
export async function importLines(
  ctx: Needs,
  viewer: Viewer,
  actor: string,
  lines: readonly { userId: string; mobile: string; email: string }[],
): Promise<CheckedRow[]> {
  const records = lines.map((line, index) => ({ ...line, line: index + 1 }))
  const rows = await checkRows(ctx, viewer, { records })
  await storeRows(ctx, viewer, actor, rows, '')
  return rows
}

async function storeRows(
  ctx: Needs,
  { corpId }: Pick<Viewer, 'corpId'>,
  actor: string,
  rows: readonly CheckedRow[],
  fileName: string,
): Promise<void> {
  const supplements = rows.flatMap(row => row.supplement ?? [])
  await supplementMembers(ctx, actor, corpId, supplements, 'import')
  const detail = { fileName, ...countRows(rows) }
  const entry = { corpId, actor, act: 'directory.import' as const, target: corpId, detail }
  await ctx.db.transaction().execute(tx => record(tx, ctx, entry))
}

/** Removes the value that consent or an import provided for a member. Throws 1007, and 403 outside one's departments. */
export async function removeSupplement(
  ctx: Needs,
  viewer: Viewer,
  actor: string,
  userId: string,
  field: SupplementField,
): Promise<void> {
  const core = await seenMember(ctx, viewer, userId)
  if (!supplementsMember(viewer, core))
    throw refused({
      zh: viewer.visitor.spares?.(core.id)
        ? '此成员是管理员，只有超级管理员可以修改'
        : '此成员不在您管理的部门',
      en: viewer.visitor.spares?.(core.id)
        ? 'this member is an administrator, whom super administrators alone change'
        : 'this member is not in a department that you manage',
    })
  const row = { memberId: core.id, [field]: '' }
  await supplementMembers(ctx, actor, viewer.corpId, [row], 'import')
}
