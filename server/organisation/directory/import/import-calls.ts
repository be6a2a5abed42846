import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { csvText } from '../../../platform/http/answers/csv.ts'
import { choice, optionalChoice, text } from '../../../platform/http/input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import {
  bytesOf,
  columnsSchema,
  uploadBodyAtMost,
  uploadedFile,
} from '../../../platform/http/tables/uploaded-file.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import { viewerOf } from '../console/viewer.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { applyFile, previewFile, removeSupplement } from './import.ts'
import {
  type CheckedRow,
  countRows,
  importCountsSchema,
  importProblemSchema,
  problemsIn,
} from './import-rows.ts'
import { importWords, reportHeaders } from './import-words.ts'

type Needs = Core & { inbox: Inbox; mirrors: Mirrors }

const previewedRows = 20
const problemsAtMost = 500

const importedRowSchema = Type.Object({
  email: Type.String(),
  userId: Type.String(),
  mobile: Type.String(),
  line: Type.Number(),
  userName: Type.String(),
})
export type ImportedRow = Static<typeof importedRowSchema>

export const previewImport = pageCall({
  method: 'POST',
  path: '/web/directory/import-preview',
  access: administrator('graded'),
  point: 'directory:edit',
  directory: true,
  bodyAtMost: uploadBodyAtMost,
  input: uploadedFile,
  output: Type.Object({
    /** Sent back together with the same file to apply it. */
    token: Type.String(),
    file: Type.Object({
      encoding: Type.Enum(['UTF-8', 'UTF-16', 'GB18030']),
      separator: Type.Enum(['	', ',', ';']),
      columns: Type.Array(Type.Enum(['email', 'userId', 'mobile'])),
      ...columnsSchema,
    }),
    counts: importCountsSchema,
    first: Type.Array(importedRowSchema),
    /** In file order, and possibly not all; `problemCount` counts all. */
    problems: Type.Array(importProblemSchema),
    problemCount: Type.Number(),
  }),
  async handle(ctx: Core & { mirrors: Mirrors }, { input, visitor, corpId, request }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const { token, about, rows } = await previewFile(ctx, viewer, {
      bytes: bytesOf(input.content),
      chosen: input.columns,
    })
    const language = input.language ?? languageOf(request.headers['accept-language'])
    const problems = problemsIn(language, rows)
    return {
      token,
      file: { ...about, lacking: about.lacking ? wordsIn(language, about.lacking) : '' },
      counts: countRows(rows),
      first: rows.slice(0, previewedRows).map(toImported),
      problems: problems.slice(0, problemsAtMost),
      problemCount: problems.length,
    }
  },
})

export const applyImport = pageCall({
  method: 'POST',
  path: '/web/directory/import-apply',
  access: administrator('graded'),
  point: 'directory:edit',
  directory: true,
  bodyAtMost: uploadBodyAtMost,
  input: { ...uploadedFile, token: text('预览给出的凭据', { max: 200 }) },
  output: Type.Object({
    counts: importCountsSchema,
    problems: Type.Array(importProblemSchema),
    problemCount: Type.Number(),
    /** A CSV with every line and its result. */
    report: Type.String(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const { content, token, fileName = '', columns: chosen } = input
    const rows = await applyFile(ctx, viewer, { bytes: bytesOf(content), chosen, fileName, token })
    const language = input.language ?? languageOf(request.headers['accept-language'])
    const problems = problemsIn(language, rows)
    return {
      counts: countRows(rows),
      problems: problems.slice(0, problemsAtMost),
      problemCount: problems.length,
      report: reportOf(rows, language),
    }
  },
})

function toImported({ line, userId, userName, mobile, email }: CheckedRow): ImportedRow {
  return { line, userId, userName, mobile, email }
}

function reportOf(rows: readonly CheckedRow[], language: Language): string {
  const lines = rows.map(row => {
    const isWrong = row.problems.some(one => one.severity === 'error')
    const [good, bad] = row.supplement ? (['stored', 'partly'] as const) : (['unchanged', 'wrong'] as const)
    const result = wordsIn(language, importWords[isWrong ? bad : good])
    const why = row.problems.map(one => wordsIn(language, one.why)).join(language === 'zh' ? '；' : '; ')
    return [String(row.line), row.userId, row.userName, row.mobile, row.email, result, why]
  })
  return csvText([wordsIn(language, reportHeaders).split(','), ...lines])
}

const templates = {
  zh: [
    ['账号', '手机', '邮箱'],
    ['zhangsan', '13800000000', 'zhangsan@example.com'],
  ],
  en: [
    ['userid', 'mobile', 'email'],
    ['zhangsan', '13800000000', 'zhangsan@example.com'],
  ],
}

export const importTemplate = pageCall({
  method: 'GET',
  path: '/web/directory/import-template',
  access: administrator('graded'),
  point: 'directory:edit',
  input: { language: optionalChoice('列名的语言', ['zh', 'en']) },
  output: fileSchema,
  handle(_ctx, { input, reply }) {
    const language = input.language ?? 'zh'
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="wisp-import.csv"')
      .header('x-content-type-options', 'nosniff')
      .send(csvText(templates[language]))
  },
})

/** Removes the values that consent or import provided for one member. */
export const takeBackSupplement = pageCall({
  method: 'POST',
  path: '/web/directory/supplement-remove',
  access: administrator('graded'),
  point: 'directory:edit',
  directory: true,
  input: {
    userId: text('成员账号', { max: 64 }),
    field: choice('mobile、email 或 avatar', ['mobile', 'email', 'avatar']),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    await removeSupplement(ctx, viewer, visitor.actor, input.userId, input.field)
    return {}
  },
})
