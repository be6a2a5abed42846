import { Type } from 'typebox'
import { type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import { choice, optionalText, text } from '../../platform/http/input.ts'
import { administrator, installation, pageCall } from '../../platform/http/page-call.ts'
import { type Brands, logoOf } from './brands.ts'
import { privacyTextAtMost } from './check-brand.ts'
import { coloursOf, contrastOf, isColour } from './colours.ts'
import { logoBytesAtMost } from './read-logo.ts'
import { type BrandChange, brandForm, resetBrand, setBrand } from './set-brand.ts'
import { type BrandRow, emptyBrand, readBrand } from './store.ts'

type Needs = Core & { corps: Corps; brands: Brands }

const own = administrator('super')

const logoSchema = Type.Union([
  Type.Object({ path: Type.String(), width: Type.Number(), height: Type.Number() }),
  Type.Null(),
])

const brandViewSchema = Type.Object({
  /** As it was entered; '' is none. */
  own: Type.Object({
    name: Type.String(),
    colour: Type.String(),
    icpNumber: Type.String(),
    policeNumber: Type.String(),
    privacyUrl: Type.String(),
    privacyText: Type.String(),
    logo: logoSchema,
  }),
  /** What is shown instead of what is not entered. */
  otherwise: Type.Object({
    name: Type.String(),
    colour: Type.String(),
    icpNumber: Type.String(),
    policeNumber: Type.String(),
    privacy: Type.String(),
    logo: logoSchema,
  }),
  /** The name beside a logo without a name. */
  plainName: Type.String(),
  /** The host at which it is seen. */
  host: Type.String(),
  /** Whether it is seen there before somebody signs in. */
  isShownBefore: Type.Boolean(),
  version: Type.String(),
})

export const showBrand = pageCall({
  method: 'GET',
  path: '/web/branding',
  access: own,
  point: 'corp:read',
  input: {},
  output: brandViewSchema,
  handle: (ctx: Needs, { corpId }) => viewOf(ctx, corpId),
})

export const showCommonBrand = pageCall({
  method: 'GET',
  path: '/web/branding/installation',
  access: installation,
  point: 'installation:read',
  input: {},
  output: brandViewSchema,
  handle: (ctx: Needs) => viewOf(ctx, ''),
})

async function viewOf(ctx: Needs, corpId: string) {
  const row = (await readBrand(ctx.db, corpId)) ?? emptyBrand(corpId)
  const { name, colour, icpNumber, policeNumber, privacyUrl, privacyText } = row
  const otherwise = ctx.brands.otherwise(corpId)
  const corp = ctx.corps.find(corpId)
  return {
    own: { name, colour, icpNumber, policeNumber, privacyUrl, privacyText, logo: logoOf(row) ?? null },
    otherwise: { ...otherwise, logo: otherwise.logo ?? null },
    plainName: corp?.name ?? 'wisp',
    host: new URL(publicUrlOf(ctx, corp)).host,
    isShownBefore: corp === undefined || ctx.brands.isShownBefore(corpId),
    version: versionOf(brandForm(row satisfies BrandRow)),
  }
}

const form = {
  version: text('页面所见的版本', { max: 64 }),
  name: optionalText('名称', { max: 64 }),
  colour: optionalText('颜色，#rrggbb', { max: 64 }),
  icpNumber: optionalText('ICP 备案号', { max: 64 }),
  policeNumber: optionalText('公安备案号', { max: 64 }),
  privacyUrl: optionalText('隐私政策的地址', { max: 512 }),
  privacyText: optionalText('隐私政策的正文', { max: privacyTextAtMost, lines: true }),
  picture: choice('标志', ['keep', 'none', 'new']),
  logo: optionalText('新的标志，PNG，base64', { max: Math.ceil(logoBytesAtMost / 3) * 4 }),
}
/** The largest logo in base64, and the texts. */
const formBytesAtMost = Math.ceil(logoBytesAtMost / 3) * 4 + privacyTextAtMost * 6 + 4000

type Form = {
  picture: 'keep' | 'none' | 'new'
  logo: string | undefined
} & { [K in Exclude<keyof BrandChange, 'logo'>]: string | undefined }

function changeOf(input: Form): BrandChange {
  const {
    name = '',
    colour = '',
    icpNumber = '',
    policeNumber = '',
    privacyUrl = '',
    privacyText = '',
  } = input
  return {
    name,
    colour,
    icpNumber,
    policeNumber,
    privacyUrl,
    privacyText,
    ...(input.picture === 'none' ? { logo: null } : {}),
    ...(input.picture === 'new' ? { logo: Buffer.from(input.logo ?? '', 'base64') } : {}),
  }
}

export const saveBrand = pageCall({
  method: 'POST',
  path: '/web/branding/save',
  access: own,
  point: 'corp:branding',
  bodyAtMost: formBytesAtMost,
  input: form,
  output: brandViewSchema,
  async handle(ctx: Needs, { corpId, input, visitor }) {
    await setBrand(ctx, visitor.actor, corpId, changeOf(input), input.version)
    return viewOf(ctx, corpId)
  },
})

export const saveCommonBrand = pageCall({
  method: 'POST',
  path: '/web/branding/installation/save',
  access: installation,
  point: 'installation:edit',
  bodyAtMost: formBytesAtMost,
  input: form,
  output: brandViewSchema,
  async handle(ctx: Needs, { input, visitor }) {
    await setBrand(ctx, visitor.actor, '', changeOf(input), input.version)
    return viewOf(ctx, '')
  },
})

export const resetBrandCall = pageCall({
  method: 'POST',
  path: '/web/branding/reset',
  access: own,
  point: 'corp:branding',
  input: { version: form.version },
  output: brandViewSchema,
  async handle(ctx: Needs, { corpId, input, visitor }) {
    await resetBrand(ctx, visitor.actor, corpId, input.version)
    return viewOf(ctx, corpId)
  },
})

export const resetCommonBrand = pageCall({
  method: 'POST',
  path: '/web/branding/installation/reset',
  access: installation,
  point: 'installation:edit',
  input: { version: form.version },
  output: brandViewSchema,
  async handle(ctx: Needs, { input, visitor }) {
    await resetBrand(ctx, visitor.actor, '', input.version)
    return viewOf(ctx, '')
  },
})

const shadesSchema = Type.Object({
  fill: Type.String(),
  hover: Type.String(),
  text: Type.String(),
  chosen: Type.String(),
})

/** What pages would make of a colour; the preview asks while somebody chooses. */
export const brandColours = pageCall({
  method: 'GET',
  path: '/web/branding/colours',
  access: { by: 'anyone' },
  input: { colour: text('颜色，#rrggbb', { max: 7 }) },
  output: Type.Union([
    Type.Object({
      /** Of the colour with white. */
      contrast: Type.Number(),
      light: shadesSchema,
      dark: shadesSchema,
    }),
    Type.Null(),
  ]),
  handle(_ctx: Core, { input: { colour } }) {
    return isColour(colour) ? { contrast: contrastOf(colour, '#ffffff'), ...coloursOf(colour) } : null
  },
})
