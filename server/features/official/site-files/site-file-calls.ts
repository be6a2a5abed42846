import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { putSiteFile, removeSiteFile } from './site-files.ts'
import { siteFilesOf } from './store.ts'

const name = text('文件名', { max: 100 })

export const listSiteFiles = pageCall({
  method: 'GET',
  path: '/web/official/site-files',
  access: administrator('super'),
  point: 'official:edit',
  input: {},
  output: Type.Object({
    list: Type.Array(Type.Object({ name: Type.String(), putAt: time })),
    total: Type.Number(),
  }),
  async handle(ctx: Core, { corpId }) {
    const list = (await siteFilesOf(ctx.db, corpId)).map(file => ({ name: file.name, putAt: file.putAt }))
    return { list, total: list.length }
  },
})

export const putSiteFileCall = pageCall({
  method: 'POST',
  path: '/web/official/site-files/put',
  access: administrator('super'),
  point: 'official:edit',
  input: { name, content: text('文件内容', { max: 1000, lines: true }) },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await putSiteFile(ctx, visitor.actor, corpId, input)
    return {}
  },
})

export const removeSiteFileCall = pageCall({
  method: 'POST',
  path: '/web/official/site-files/remove',
  access: administrator('super'),
  point: 'official:edit',
  input: { name },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await removeSiteFile(ctx, visitor.actor, corpId, input.name)
    return {}
  },
})
