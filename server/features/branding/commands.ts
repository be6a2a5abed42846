import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
import { text, toggle } from '../../platform/command/parts.ts'
import { facts } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Words } from '../../platform/words.ts'
import { resetBrand, setBrand } from './set-brand.ts'
import { emptyBrand, readBrand } from './store.ts'

type Needs = Core & { corps: Corps }

const whose = {
  corp: corpPart,
  installation: toggle('--installation', {
    zh: '平台的外观，用于没有自己外观的企业和公用的域名',
    en: 'the look of the installation, for corps without a look of their own and for shared hosts',
  }),
}

/** '' for the installation. */
function ownerOf(ctx: Needs, given: { corp: string | undefined; installation: boolean }): string {
  if (given.installation && given.corp)
    throw new UsageError({ zh: '--installation 与 --corp 不能同用', en: '--installation excludes --corp' })
  return given.installation ? '' : corpOf(ctx, given.corp)
}

const file = (flags: string, description: Words) => ({ ...text(flags, description), kind: 'file' as const })

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
  summary: {
    zh: '显示名称、标志、颜色、备案号和隐私政策',
    en: 'Show name, logo, colour, filing numbers and privacy policy',
  },
  parts: whose,
  async run(ctx: Needs, given) {
    const corpId = ownerOf(ctx, given)
    const { logoHash, logoWidth, logoHeight, ...texts } =
      (await readBrand(ctx.db, corpId)) ?? emptyBrand(corpId)
    const logo = logoHash === '' ? null : { hash: logoHash, width: logoWidth, height: logoHeight }
    const shown = facts([
      [{ zh: '名称', en: 'Name' }, texts.name || said({ zh: '未设置', en: 'not set' })],
      [
        { zh: '标志', en: 'Logo' },
        logo ? `PNG ${logo.width} × ${logo.height}` : { zh: '未设置', en: 'not set' },
      ],
      [{ zh: '颜色', en: 'Colour' }, texts.colour || said({ zh: '未设置', en: 'not set' })],
      [
        { zh: 'ICP 备案号', en: 'ICP filing number' },
        texts.icpNumber || said({ zh: '未设置', en: 'not set' }),
      ],
      [
        { zh: '公安备案号', en: 'Police filing number' },
        texts.policeNumber || said({ zh: '未设置', en: 'not set' }),
      ],
      [
        { zh: '隐私政策', en: 'Privacy policy' },
        texts.privacyUrl ||
          (texts.privacyText
            ? said({ zh: `${texts.privacyText.length} 字`, en: `${texts.privacyText.length} characters` })
            : said({ zh: '未设置', en: 'not set' })),
      ],
    ])
    return { data: { ...texts, logo }, text: shown }
  },
})

const set = command({
  path: 'brand set',
  point: 'corp:branding',
  summary: {
    zh: '修改名称、标志、颜色、备案号和隐私政策',
    en: 'Change name, logo, colour, filing numbers and privacy policy',
  },
  details: { zh: '没有写出的不变；写 "" 去掉。', en: 'What is not given stays; "" takes it away.' },
  parts: {
    ...whose,
    name: text('--name <text>', {
      zh: '登录页、工作台、邮件和支付页上的名称',
      en: 'name on the sign-in page, the workbench, mails and payment pages',
    }),
    logo: file('--logo <file>', {
      zh: 'PNG 图片，最多 1 MB、2048 × 2048 像素',
      en: 'PNG picture, at most 1 MB and 2048 × 2048 pixels',
    }),
    removeLogo: toggle('--remove-logo', { zh: '去掉标志', en: 'remove the logo' }),
    colour: text('--colour <#rrggbb>', {
      zh: '按钮和链接的颜色；太浅的会自动加深',
      en: 'colour of buttons and links; one that is too light is darkened',
    }),
    icpNumber: text('--icp <number>', {
      zh: 'ICP 备案号，例如 京ICP备12345678号-1',
      en: 'ICP filing number, such as 京ICP备12345678号-1',
    }),
    policeNumber: text('--police <number>', {
      zh: '公安备案号，例如 京公网安备11010502030123号',
      en: 'police filing number, such as 京公网安备11010502030123号',
    }),
    privacyUrl: text('--privacy-url <url>', {
      zh: '隐私政策的 https 地址',
      en: 'https address of the privacy policy',
    }),
    privacyFile: file('--privacy-file <file>', {
      zh: '隐私政策的正文，纯文本；由平台在 /privacy 显示',
      en: 'text of the privacy policy, plain; wisp shows it at /privacy',
    }),
  },
  async run(ctx: Needs, { corp, installation, logo, removeLogo, privacyFile, ...texts }) {
    const corpId = ownerOf(ctx, { corp, installation })
    if (logo && removeLogo)
      throw new UsageError({ zh: '--logo 与 --remove-logo 不能同用', en: '--logo excludes --remove-logo' })
    const change = givenOnly({
      ...texts,
      privacyText: (await bytesOf(privacyFile))?.toString('utf8'),
      logo: removeLogo ? null : await bytesOf(logo),
    })
    if (Object.keys(change).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    await setBrand(ctx, actor, corpId, change)
    return { data: { corpId, changed: Object.keys(change) }, text: said({ zh: '已保存', en: 'saved' }) }
  },
})

const reset = command({
  path: 'brand reset',
  point: 'corp:branding',
  summary: { zh: '恢复默认外观', en: 'Return to the default look' },
  parts: whose,
  async run(ctx: Needs, given) {
    const corpId = ownerOf(ctx, given)
    await resetBrand(ctx, actor, corpId)
    return { data: { corpId }, text: said({ zh: '已恢复默认外观', en: 'returned to the default look' }) }
  },
})

export const brandCommands = [show, set, reset]
