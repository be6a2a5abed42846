import { Type } from 'typebox'
import { csvText } from '../../../platform/http/answers/csv.ts'
import { optionalChoice, text } from '../../../platform/http/input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import {
  bytesOf,
  columnsSchema,
  uploadBodyAtMost,
  uploadedFile,
} from '../../../platform/http/tables/uploaded-file.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import type { ExternalNeeds } from '../people.ts'
import { applyPeople, type ImportedPerson, previewPeople } from './import.ts'
import { columnNames, importColumns } from './import-file.ts'

const shown = 20
const problemsAtMost = 500

const access = { access: administrator('super'), point: 'directory:invite' } as const

const countsSchema = Type.Object({ rows: Type.Number(), good: Type.Number(), wrong: Type.Number() })
const problemSchema = Type.Object({ line: Type.Number(), name: Type.String(), why: Type.String() })

const countsOf = (rows: readonly ImportedPerson[]) => {
  const wrong = rows.filter(row => row.why !== undefined).length
  return { rows: rows.length, good: rows.length - wrong, wrong }
}

function problemsOf(rows: readonly ImportedPerson[], language: Language) {
  return rows.flatMap(({ line, name, why }) => (why ? [{ line, name, why: wordsIn(language, why) }] : []))
}

export const previewExternal = pageCall({
  method: 'POST',
  path: '/web/external/import-read',
  ...access,
  directory: true,
  bodyAtMost: uploadBodyAtMost,
  input: uploadedFile,
  output: Type.Object({
    token: Type.String(),
    file: Type.Object({
      format: Type.String(),
      columns: Type.Array(Type.Enum([...importColumns])),
      ...columnsSchema,
    }),
    counts: countsSchema,
    first: Type.Array(
      Type.Object({
        line: Type.Number(),
        name: Type.String(),
        mobile: Type.String(),
        email: Type.String(),
        organisation: Type.String(),
        sponsor: Type.String(),
        endsAt: Type.String(),
      }),
    ),
    problems: Type.Array(problemSchema),
    problemCount: Type.Number(),
  }),
  async handle(ctx: ExternalNeeds, { input, visitor, corpId, request }) {
    const who = visitor.sessionId
    const file = { bytes: bytesOf(input.content), chosen: input.columns }
    const { token, about, rows } = await previewPeople(ctx, { corpId, who }, file)
    const language = input.language ?? languageOf(request.headers['accept-language'])
    const problems = problemsOf(rows, language)
    return {
      token,
      file: { ...about, lacking: about.lacking ? wordsIn(language, about.lacking) : '' },
      counts: countsOf(rows),
      first: rows
        .slice(0, shown)
        .map(({ mobile = '', email = '', sponsor = '', endsAt = '', organisation = '', ...row }) => ({
          line: row.line,
          name: row.name,
          mobile,
          email,
          organisation,
          sponsor,
          endsAt,
        })),
      problems: problems.slice(0, problemsAtMost),
      problemCount: problems.length,
    }
  },
})

export const applyExternal = pageCall({
  method: 'POST',
  path: '/web/external/import-apply',
  ...access,
  directory: true,
  bodyAtMost: uploadBodyAtMost,
  input: { ...uploadedFile, token: text('预览给出的凭据', { max: 200 }) },
  output: Type.Object({
    counts: countsSchema,
    problems: Type.Array(problemSchema),
    problemCount: Type.Number(),
    /** A CSV with every line and its result. */
    report: Type.String(),
  }),
  async handle(ctx: ExternalNeeds, { input, visitor, corpId, request }) {
    const { content, token, fileName = '', columns: chosen } = input
    const by = { corpId, who: visitor.sessionId, actor: visitor.actor }
    const rows = await applyPeople(ctx, by, { bytes: bytesOf(content), chosen, fileName, token })
    const language = input.language ?? languageOf(request.headers['accept-language'])
    const problems = problemsOf(rows, language)
    return {
      counts: countsOf(rows),
      problems: problems.slice(0, problemsAtMost),
      problemCount: problems.length,
      report: csvText([
        heads[language],
        ...rows.map(({ line, name, mobile = '', email = '', userId, why }) => [
          String(line),
          name,
          mobile,
          email,
          userId,
          why ? wordsIn(language, why) : '',
        ]),
      ]),
    }
  },
})

const heads = {
  zh: ['行', '姓名', '手机', '邮箱', '账号', '说明'],
  en: ['line', 'name', 'mobile', 'email', 'userid', 'reason'],
}

const templates = {
  zh: [
    importColumns.map(one => columnNames[one][0]!),
    ['王师傅', '13900000001', 'wang@example.com', '甲公司', '承包商/甲公司', 'zhangsan', '2027-06-30'],
  ],
  en: [
    [...importColumns],
    ['Wang', '13900000001', 'wang@example.com', 'Company A', 'Contractors/A', 'zhangsan', '2027-06-30'],
  ],
}

export const externalTemplate = pageCall({
  method: 'GET',
  path: '/web/external/import-template',
  ...access,
  input: { language: optionalChoice('列名的语言', ['zh', 'en']) },
  output: fileSchema,
  handle(_ctx, { input, reply }) {
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="wisp-external.csv"')
      .header('x-content-type-options', 'nosniff')
      .send(csvText(templates[input.language ?? 'zh']))
  },
})
