import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../platform/command/command.ts'
import { text, toggle } from '../../platform/command/parts.ts'
import { facts } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { resetBrand, setBrand } from './set-brand.ts'
import { emptyBrand, readBrand } from './store.ts'

type Needs = Core & { corps: Corps }

const whose = {
  corp: corpPart,
  installation: toggle('--installation', '平台的外观，用于没有自己外观的企业和公用的域名'),
}

/** '' for the installation. */
function ownerOf(ctx: Needs, given: { corp: string | undefined; installation: boolean }): string {
  if (given.installation && given.corp) throw new UsageError('--installation 与 --corp 不能同用')
  return given.installation ? '' : corpOf(ctx, given.corp)
}

const file = (flags: string, description: string) => ({ ...text(flags, description), kind: 'file' as const })

async function bytesOf(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined
  return readFile(path).catch(error => {
    throw new ApiError('badParameter', {
      zh: told`读不到文件 ${path}: ${(error as NodeJS.ErrnoException).code ?? error}`,
      en: told`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? error}`,
    })
  })
}

const show = command({
  path: 'brand show',
  point: 'corp:read',
  summary: '显示名称、标志、颜色、备案号和隐私政策',
  parts: whose,
  async run(ctx: Needs, given) {
    const corpId = ownerOf(ctx, given)
    const { logoHash, logoWidth, logoHeight, ...texts } =
      (await readBrand(ctx.db, corpId)) ?? emptyBrand(corpId)
    const logo = logoHash === '' ? null : { hash: logoHash, width: logoWidth, height: logoHeight }
    const shown = facts([
      ['名称', texts.name || '未设置'],
      ['标志', logo ? `PNG ${logo.width} × ${logo.height}` : '未设置'],
      ['颜色', texts.colour || '未设置'],
      ['ICP 备案号', texts.icpNumber || '未设置'],
      ['公安备案号', texts.policeNumber || '未设置'],
      ['隐私政策', texts.privacyUrl || (texts.privacyText ? `${texts.privacyText.length} 字` : '未设置')],
    ])
    return { data: { ...texts, logo }, text: shown }
  },
})

const set = command({
  path: 'brand set',
  point: 'corp:branding',
  summary: '修改名称、标志、颜色、备案号和隐私政策',
  details: '没有写出的不变；写 "" 去掉。',
  parts: {
    ...whose,
    name: text('--name <text>', '登录页、工作台、邮件和支付页上的名称'),
    logo: file('--logo <file>', 'PNG 图片，最多 1 MB、2048 × 2048 像素'),
    removeLogo: toggle('--remove-logo', '去掉标志'),
    colour: text('--colour <#rrggbb>', '按钮和链接的颜色；太浅的会自动加深'),
    icpNumber: text('--icp <number>', 'ICP 备案号，例如 京ICP备12345678号-1'),
    policeNumber: text('--police <number>', '公安备案号，例如 京公网安备11010502030123号'),
    privacyUrl: text('--privacy-url <url>', '隐私政策的 https 地址'),
    privacyFile: file('--privacy-file <file>', '隐私政策的正文，纯文本；由平台在 /privacy 显示'),
  },
  async run(ctx: Needs, { corp, installation, logo, removeLogo, privacyFile, ...texts }) {
    const corpId = ownerOf(ctx, { corp, installation })
    if (logo && removeLogo) throw new UsageError('--logo 与 --remove-logo 不能同用')
    const change = givenOnly({
      ...texts,
      privacyText: (await bytesOf(privacyFile))?.toString('utf8'),
      logo: removeLogo ? null : await bytesOf(logo),
    })
    if (Object.keys(change).length === 0) throw new UsageError('没有要修改的设置')
    await setBrand(ctx, actor, corpId, change)
    return { data: { corpId, changed: Object.keys(change) }, text: '已保存' }
  },
})

const reset = command({
  path: 'brand reset',
  point: 'corp:branding',
  summary: '恢复默认外观',
  parts: whose,
  async run(ctx: Needs, given) {
    const corpId = ownerOf(ctx, given)
    await resetBrand(ctx, actor, corpId)
    return { data: { corpId }, text: '已恢复默认外观' }
  },
})

export const brandCommands = [show, set, reset]
