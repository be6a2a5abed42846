import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { viewerOf } from '../../../organisation/directory/console/viewer.ts'
import { csvText } from '../../../platform/http/answers/csv.ts'
import type { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, text } from '../../../platform/http/input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import {
  bytesOf,
  columnsSchema,
  uploadBodyAtMost,
  uploadedFile,
} from '../../../platform/http/tables/uploaded-file.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import { administratorAsCreator } from '../bills/creator.ts'
import { applyImport, countLines, type ImportedLine, previewImport } from '../bills/import/import.ts'
import { columnNames, type ImportColumn, importColumns } from '../bills/import/import-file.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { yuanOf } from '../money.ts'
import type { BillNeeds } from './bill-view.ts'

type Needs = BillNeeds & { apps: Apps; corps: Corps; merchants: Merchants; offered: FeatureOffers }

const access = administrator('graded')
const shownAtMost = 20
const problemsAtMost = 500

/** Amounts are fen. */
const counts = Type.Object({
  rows: Type.Number(),
  /** Bills that are made; then lines whose bills were made before, and lines with an error. */
  created: Type.Number(),
  known: Type.Number(),
  wrong: Type.Number(),
  /** Of the bills that are made. */
  amount: Type.Number(),
})
const problems = Type.Array(
  Type.Object({ line: Type.Number(), billNo: Type.String(), userId: Type.String(), why: Type.String() }),
)

export const previewBillImport = pageCall({
  method: 'POST',
  path: '/web/payments/bills/import-preview',
  point: 'payment:bill',
  access,
  directory: true,
  bodyAtMost: uploadBodyAtMost,
  input: uploadedFile,
  output: Type.Object({
    /** Sent back together with the same file to apply it. */
    token: Type.String(),
    file: Type.Object({
      format: Type.Enum(['UTF-8', 'UTF-16', 'GB18030', 'Excel']),
      columns: Type.Array(Type.Enum([...importColumns])),
      ...columnsSchema,
    }),
    counts,
    first: Type.Array(
      Type.Object({
        line: Type.Number(),
        billNo: Type.String(),
        userId: Type.String(),
        userName: Type.String(),
        title: Type.String(),
        /** Fen; 0 where it cannot be read. */
        amount: Type.Number(),
        dueAt: Type.String(),
        outcome: Type.Enum(['new', 'known', 'wrong']),
      }),
    ),
    /** In file order, and possibly not all; `counts.wrong` counts all. */
    problems,
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const creator = administratorAsCreator(ctx, viewerOf(ctx, corpId, visitor))
    const { token, about, lines } = await previewImport(ctx, creator, {
      bytes: bytesOf(input.content),
      chosen: input.columns,
    })
    const first = lines.slice(0, shownAtMost).map(({ record, payerName, amount, outcome }) => {
      const { line, billNo, userId, title, dueAt } = record
      return { line, billNo, userId, userName: payerName, title, amount, dueAt, outcome }
    })
    const language = input.language ?? languageOf(request.headers['accept-language'])
    const file = { ...about, lacking: about.lacking ? wordsIn(language, about.lacking) : '' }
    return { token, file, counts: countLines(lines), first, problems: problemsOf(lines, language) }
  },
})

export const applyBillImport = pageCall({
  method: 'POST',
  path: '/web/payments/bills/import-apply',
  point: 'payment:bill',
  access,
  directory: true,
  bodyAtMost: uploadBodyAtMost,
  input: { ...uploadedFile, token: text('预览给出的凭据', { max: 200 }) },
  output: Type.Object({
    counts,
    problems,
    /** A CSV with every line and its result. */
    report: Type.String(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const creator = administratorAsCreator(ctx, viewerOf(ctx, corpId, visitor))
    const { content, token, fileName = '', columns: chosen } = input
    const lines = await applyImport(ctx, creator, { bytes: bytesOf(content), chosen, fileName, token })
    const language = input.language ?? languageOf(request.headers['accept-language'])
    return {
      counts: countLines(lines),
      problems: problemsOf(lines, language),
      report: reportOf(lines, language),
    }
  },
})

function problemsOf(lines: readonly ImportedLine[], language: Language) {
  return lines
    .flatMap(({ record: { line, billNo, userId }, problem }) =>
      problem ? [{ line, billNo, userId, why: whyIn(problem, language) }] : [],
    )
    .slice(0, problemsAtMost)
}

/** Errors name the call's fields; who made the file knows its columns. */
function whyIn(problem: ApiError, language: Language): string {
  const why = problem.reasonIn(language)
  if (language === 'en') return why
  return why.replace(/(?<=^|: |没有填写 )[A-Za-z]\w*/, name => columnNames[name as ImportColumn]?.[0] ?? name)
}

const heads = {
  zh: ['行', '账单号', '账号', '姓名', '名称', '金额（元）', '结果', '原因'],
  en: ['Line', 'Bill', 'Account', 'Name', 'Title', 'Amount (yuan)', 'Result', 'Reason'],
} as const
const outcomes = {
  new: { zh: '已创建', en: 'made' },
  known: { zh: '早已创建', en: 'made before' },
  wrong: { zh: '未创建', en: 'not made' },
} as const

function reportOf(lines: readonly ImportedLine[], language: Language): string {
  const rows = lines.map(({ record, payerName, amount, outcome, problem }) => [
    record.line,
    record.billNo,
    record.userId,
    payerName,
    record.title,
    amount === 0 ? record.amount : yuanOf(amount),
    wordsIn(language, outcomes[outcome]),
    problem ? whyIn(problem, language) : '',
  ])
  return csvText([heads[language], ...rows])
}

const templates = {
  zh: [
    ['账单号', '账号', '名称', '金额（元）', '到期日', '备注', '通知'],
    ['2026-11-0001', 'zhangsan', '11 月餐费', '128.50', '2026-12-10', '', '是'],
  ],
  en: [
    ['billNo', 'userid', 'title', 'amount (yuan)', 'due', 'remark', 'notify'],
    ['2026-11-0001', 'zhangsan', 'Meals in November', '128.50', '2026-12-10', '', 'yes'],
  ],
}

export const billImportTemplate = pageCall({
  method: 'GET',
  path: '/web/payments/bills/import-template',
  point: 'payment:bill',
  access,
  input: { language: optionalChoice('列名的语言', ['zh', 'en']) },
  output: fileSchema,
  handle(_ctx, { input, reply }) {
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="wisp-bills.csv"')
      .header('x-content-type-options', 'nosniff')
      .send(csvText(templates[input.language ?? 'zh']))
  },
})
