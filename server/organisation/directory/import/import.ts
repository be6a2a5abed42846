import { createHash } from 'node:crypto'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { refused } from '../../../platform/http/page-call.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { managesMember, seenMember, type Viewer } from '../console/viewer.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { supplementMembers } from '../supplement/supplement.ts'
import type { SupplementField } from '../supplement/supplement-store.ts'
import { type ImportFile, readImport } from './import-file.ts'
import { type CheckedRow, checkRows, countRows } from './import-rows.ts'

type Needs = Core & { inbox: Inbox; mirrors: Mirrors }

export const fileAtMost = 8_000_000
const purpose = 'directory import'

/** The bytes of a file that came as base64. Throws 1000. */
export function readFile(content: string): Buffer {
  if (!/^[\w+/-]*={0,2}$/.test(content))
    throw new ApiError('badParameter', { zh: 'content 应为 base64', en: 'content should be base64' })
  const bytes = Buffer.from(content, 'base64')
  if (bytes.length > fileAtMost)
    throw new ApiError('badParameter', { zh: '文件超过 8 MB', en: 'the file is larger than 8 MB' })
  return bytes
}

/** What an import of the file would do. `token` lets the same person apply the same file. Throws 1000. */
export async function previewFile(
  ctx: Core,
  viewer: Viewer,
  bytes: Buffer,
): Promise<{ token: string; about: Omit<ImportFile, 'records'>; rows: CheckedRow[] }> {
  const { records, ...about } = await readImport(bytes)
  const rows = await checkRows(ctx, viewer, { ...about, records })
  return { token: ctx.seal.sign(purpose, signedText(viewer, bytes)), about, rows }
}

/**
 * Checks all lines again, because the address book may have changed since the preview, and stores the good ones. Safe to
 * repeat. Throws 1000 for another file than the one that was previewed.
 */
export async function applyFile(
  ctx: Needs,
  viewer: Viewer,
  file: { bytes: Buffer; fileName: string; token: string },
): Promise<CheckedRow[]> {
  const { bytes, fileName, token } = file
  if (!ctx.seal.isSigned(purpose, signedText(viewer, bytes), token))
    throw new ApiError('badParameter', {
      zh: '文件与预览的不同，请重新预览',
      en: 'the file is not the one that was previewed: preview it again',
    })
  const rows = await checkRows(ctx, viewer, await readImport(bytes))
  const { corpId } = viewer
  const { actor } = viewer.visitor
  const supplements = rows.flatMap(row => row.supplement ?? [])
  await supplementMembers(ctx, actor, corpId, supplements, 'import')
  const detail = { fileName, ...countRows(rows) }
  const entry = { corpId, actor, act: 'directory.import' as const, target: corpId, detail }
  await ctx.db.transaction().execute(tx => record(tx, ctx, entry))
  return rows
}

/** Binds the token to this person, this corp and this file's content. */
function signedText(viewer: Viewer, bytes: Buffer): string {
  return `${viewer.corpId} ${viewer.visitor.sessionId} ${createHash('sha256').update(bytes).digest('hex')}`
}

/** Removes the value that consent or an import provided for a member. Throws 1007, and 403 outside one's departments. */
export async function removeSupplement(
  ctx: Needs,
  viewer: Viewer,
  userId: string,
  field: SupplementField,
): Promise<void> {
  const core = await seenMember(ctx, viewer, userId)
  if (!managesMember(viewer, core))
    throw refused({
      zh: '此成员不在您管理的部门',
      en: 'this member is not in a department that you manage',
    })
  const row = { memberId: core.id, [field]: '' }
  await supplementMembers(ctx, viewer.visitor.actor, viewer.corpId, [row], 'import')
}
