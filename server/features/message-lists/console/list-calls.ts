import { Type } from 'typebox'
import { operator } from '../../../callers/developers/operator.ts'
import { text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { bytesOf, uploadBodyAtMost, uploadedFile } from '../../../platform/http/tables/uploaded-file.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { refusedShown } from '../list-api.ts'
import { type ListNeeds, takeList } from '../lists.ts'

const rowsShown = 5

/** The list is the corp's: every administrator who may send can send to it. */
export const uploadList = pageCall({
  method: 'POST',
  path: '/web/messages/list-upload',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  bodyAtMost: uploadBodyAtMost,
  input: { content: uploadedFile.content, fileName: text('文件名', { max: 200 }) },
  output: Type.Object({
    listId: Type.String(),
    fileName: Type.String(),
    rows: Type.Number(),
    variables: Type.Array(Type.String()),
    /** The first rows, with the values in the order of `variables`. */
    first: Type.Array(
      Type.Object({ line: Type.Number(), userId: Type.String(), values: Type.Array(Type.String()) }),
    ),
    refused: Type.Array(Type.Object({ line: Type.Number(), why: Type.String() })),
    refusedRows: Type.Number(),
  }),
  async handle(ctx: ListNeeds, { input, corpId, request }) {
    const taken = await takeList(ctx, operator(corpId), bytesOf(input.content))
    const language = languageOf(request.headers['accept-language'])
    return {
      listId: taken.listId,
      fileName: input.fileName,
      rows: taken.rows.length,
      variables: taken.variables,
      first: taken.rows
        .slice(0, rowsShown)
        .map(({ line, userId, values }) => ({ line, userId, values: [...values] })),
      refused: taken.refused
        .slice(0, refusedShown)
        .map(({ line, why }) => ({ line, why: wordsIn(language, why) })),
      refusedRows: taken.refused.length,
    }
  },
})
