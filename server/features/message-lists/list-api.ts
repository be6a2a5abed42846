import { Type } from 'typebox'
import { file } from '../../platform/http/bodies/file-input.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { fileAtMost } from '../../platform/http/tables/uploaded-file.ts'
import { languageOf, wordsIn } from '../../platform/words.ts'
import { type ListNeeds, takeList } from './lists.ts'

/** Lines that an answer names; the rest are counted. */
export const refusedShown = 1000

export const putListCall = endpoint({
  methods: ['POST'],
  path: '/api/message/list',
  section: 'wisp',
  summary: { zh: '上传名单', en: 'Upload a list of receivers' },
  description: {
    zh: '上传一份 CSV（UTF-8、UTF-16 或 GBK）或 Excel（.xlsx，第一张表）作为 message/notify 的 toList。请求为 multipart/form-data，只有一个文件。表头中一列指人：userId（账号）、employeeNo（工号）或 mobile（手机号，须有权限 directory:mobile），其余每一列是一个变量。公式取表格软件最后算出的值。最多 20000 行；Excel 解压后最大 4 MB（约 10000 行），更多的行用 CSV。认不出的人、同一人的第二行不进入名单，在 refused 中说明，最多列出 1000 行。名单加密保存，只有上传它的开发者能用，最后一次使用 30 天后删除；每个开发者保存的名单合计最多 1000000 行。',
    en: 'Uploads a CSV file (UTF-8, UTF-16 or GBK) or an Excel workbook (.xlsx, its first sheet) as toList of message/notify. The request is multipart/form-data with one file. One column of the header names persons: userId, employeeNo or mobile, which takes the permission directory:mobile; every other column is a variable. A formula is the value that the spreadsheet last calculated. At most 20,000 rows; a workbook may have 4 MB unpacked (some 10,000 rows), so use CSV for more. Unknown persons and the second line of a person stay out of the list, and refused says why, for at most 1000 lines. A list is stored encrypted, only the developer who uploaded it can use it, and it is deleted 30 days after its last use; all lists of a developer have at most 1,000,000 rows.',
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: {
    file: file(
      { zh: 'CSV 或 xlsx 文件，最大 8 MB', en: 'CSV or xlsx file of at most 8 MB' },
      { max: fileAtMost },
    ),
  },
  output: Type.Object({
    listId: Type.String({ about: { zh: '名单 id，用作 toList', en: 'Id of the list, for toList' } }),
    rows: Type.Integer({ about: { zh: '名单中的人数', en: 'Persons in the list' } }),
    variables: Type.Array(Type.String(), {
      about: { zh: '文件中的变量', en: 'Variables of the file' },
    }),
    refused: Type.Array(
      Type.Object({
        line: Type.Integer({
          about: { zh: '文件中的行号，从 1 数起', en: 'Line of the file, counted from 1' },
        }),
        why: Type.String({ about: { zh: '原因', en: 'Why' } }),
      }),
      { about: { zh: '没有进入名单的行', en: 'Lines that are not in the list' } },
    ),
    refusedRows: Type.Integer({
      about: { zh: '没有进入名单的行数', en: 'How many lines are not in the list' },
    }),
  }),
  errors: [],
  sample: { listId: 'Lk2p7x…', rows: 1, variables: ['name', 'days'], refused: [], refusedRows: 0 },
  sampleInput: { file: 'userId,name,days\n{receiver},张三,3\n' },
  refusedIn: answer => answer.refusedRows,
  async handle(ctx: ListNeeds, { input, developer, request }) {
    const { listId, rows, variables, refused } = await takeList(ctx, developer, input.file.bytes)
    const language = languageOf(request.headers['accept-language'])
    return {
      listId,
      rows: rows.length,
      variables,
      refused: refused.slice(0, refusedShown).map(({ line, why }) => ({ line, why: wordsIn(language, why) })),
      refusedRows: refused.length,
    }
  },
})
