import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import * as store from './store.ts'

/** The names that WeChat and WeCom give the files by which a domain is proved, and no others. */
export const siteFileName = /^(MP|WW)_verify_[A-Za-z0-9]{1,64}\.txt$/

const filesAtMost = 100

/** Puts a file at the root of the site; the same name again replaces it. Throws 1000. */
export async function putSiteFile(
  ctx: Core,
  actor: string,
  corpId: string,
  file: { name: string; content: string },
): Promise<void> {
  const { name } = file
  if (!siteFileName.test(name))
    throw new ApiError('badParameter', {
      zh: told`文件名应为 MP_verify_….txt 或 WW_verify_….txt，收到 ${name}`,
      en: told`the name should be MP_verify_….txt or WW_verify_….txt, got ${name}`,
    })
  const content = file.content.trim()
  if (!/^[A-Za-z0-9]{1,64}$/.test(content))
    throw new ApiError('badParameter', {
      zh: '文件内容应为一串字母和数字，请原样上传微信给出的文件',
      en: 'the content should be letters and digits: upload the file as WeChat gave it',
    })
  await ctx.db.transaction().execute(async tx => {
    const others = (await store.siteFilesOf(tx, corpId)).filter(one => one.name !== name)
    if (others.length >= filesAtMost)
      throw new ApiError('badParameter', {
        zh: `最多 ${filesAtMost} 个验证文件，请先删除不用的`,
        en: `at most ${filesAtMost} verification files are kept: remove unused ones first`,
      })
    if (!(await store.putSiteFile(tx, corpId, { name, content, putAt: new Date(ctx.now()) })))
      throw new ApiError('badParameter', {
        zh: told`其他企业已有文件 ${name}`,
        en: told`another corp has the file ${name} already`,
      })
    await record(tx, ctx, { corpId, actor, act: 'official.site-file.put', target: name, detail: {} })
  })
}

/** Throws 1000 when there is none. */
export async function removeSiteFile(ctx: Core, actor: string, corpId: string, name: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.deleteSiteFile(tx, corpId, name)))
      throw new ApiError('badParameter', { zh: told`没有文件 ${name}`, en: told`there is no file ${name}` })
    await record(tx, ctx, { corpId, actor, act: 'official.site-file.remove', target: name, detail: {} })
  })
}
