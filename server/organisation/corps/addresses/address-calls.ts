import { Type } from 'typebox'
import { command } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
import { table } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import { corpOf, corpPart } from '../commands/corp-parts.ts'
import type { Corps } from '../corps.ts'
import { type Tie, tiesOf } from './ties.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const tieSchema = Type.Object({
  kind: Type.String({ about: { zh: '种类，如 contactCallback', en: 'What it is, such as contactCallback' } }),
  subject: Type.String({
    about: { zh: '多个之中的哪一个，如 AgentId', en: 'Which of several, such as an AgentId' },
  }),
  title: Type.String(),
  address: Type.String({ about: { zh: '在哪个地址通过验证', en: 'The address at which it was verified' } }),
  isOld: Type.Boolean({
    about: { zh: '是否与现在的地址不同', en: 'Whether that is another address than the present one' },
  }),
  fix: Type.String({ about: { zh: '在哪里改', en: 'Where it is changed' } }),
})

const tiesSchema = Type.Object({
  address: Type.String({ about: { zh: '企业现在的地址', en: 'The present address of the corp' } }),
  list: Type.Array(tieSchema),
})

async function shown(ctx: Needs, corpId: string, language: Language) {
  const ties = await tiesOf(ctx, corpId)
  const list = ties.map(({ kind, subject = '', title, address, isOld, fix }: Tie) => ({
    kind,
    subject,
    address,
    isOld,
    title: wordsIn(language, title),
    fix: wordsIn(language, fix),
  }))
  return { address: ties[0]?.now ?? '', list }
}

/** What hangs on the address of wisp, for the check-up of the corp. */
export const corpAddresses = pageCall({
  method: 'GET',
  path: '/web/corps/addresses',
  access: administrator('super'),
  point: 'corp:read',
  input: {},
  output: tiesSchema,
  handle: (ctx: Needs, { corpId, request }) =>
    shown(ctx, corpId, languageOf(request.headers['accept-language'])),
})

export const adminCorpAddresses = adminCall({
  method: 'GET',
  path: '/api/admin/corp/addresses',
  summary: {
    zh: '依赖平台地址的回调、域名和登录地址',
    en: 'Callbacks, domains and sign-in addresses that hang on the address of wisp',
  },
  scope: 'admin:read',
  point: 'corp:read',
  reach: 'corp',
  input: {},
  output: tiesSchema,
  errors: [],
  sample: {
    address: 'https://wisp.example.com',
    list: [
      {
        kind: 'contactCallback',
        subject: '',
        title: '通讯录回调',
        address: 'https://old.example.com',
        isOld: true,
        fix: '请到企业微信管理后台「管理工具 → 通讯录同步」「设置接收事件服务器」，把 URL 改为「企业与体检」所示的，并保存。',
      },
    ],
  },
  handle: (ctx: Needs, { corpId, language }) => shown(ctx, corpId, language),
})

export const corpAddressesCommand = command({
  path: 'corp addresses',
  point: 'corp:read',
  summary: {
    zh: '列出依赖平台地址的回调、可信域名、登录地址和支付目录；WISP_PUBLIC_URL 改变后按它逐项修改',
    en: "List callbacks, trusted domains, sign-in addresses and payment directories that contain wisp's address; change them one by one after WISP_PUBLIC_URL has changed",
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const data = await shown(ctx, corpOf(ctx, corp), commandLanguage())
    const rows = data.list.map(one => [
      one.title,
      one.address,
      one.isOld ? said({ zh: '旧地址', en: 'old address' }) : said({ zh: '一致', en: 'Equal' }),
      one.isOld ? one.fix : '',
    ])
    const text = table(
      [
        { zh: '内容', en: 'Content' },
        { zh: '通过验证的地址', en: 'Verified address' },
        { zh: '状态', en: 'State' },
        { zh: '怎么改', en: 'What to change' },
      ],
      rows,
      { zh: '还没有通过验证的内容', en: 'nothing has been verified yet' },
    )
    return { data, text, failed: false }
  },
})
