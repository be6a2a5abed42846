import { type BrandChange, setBrand } from '../../server/features/branding/set-brand.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for the name, the logo and the colour of an organisation, and for what stands at the foot of its pages. */

type Texts = Omit<BrandChange, 'logo'>

function brand(change: Texts, ...words: string[]): Attempt[] {
  return [
    feature(() => setBrand(here.world.ctx, 'test', here.world.corpId, change)),
    page('/web/branding/save', async () => {
      const { version } = (await here.system.get('/web/branding')).body
      return { version, picture: 'keep', ...change }
    }),
    command('brand', 'set', ...words),
  ]
}

function logo(bytes: Buffer, file: () => string): Attempt[] {
  return [
    feature(() => setBrand(here.world.ctx, 'test', here.world.corpId, { logo: bytes })),
    page('/web/branding/save', async () => {
      const { version } = (await here.system.get('/web/branding')).body
      return { version, picture: 'new', logo: bytes.toString('base64') }
    }),
    command('brand', 'set', '--logo', file),
  ]
}

const long = '宽'.repeat(65)
const turned = 'a\u202eb'

const brands: Rule[] = [
  ['a long name', '1000', /name/, brand({ name: long }, '--name', long)],
  ['a control character in the name', '1000', /name/, brand({ name: 'a\u0007b' }, '--name', 'a\u0007b')],
  ['a name that turns what follows', '1000', /方向/, brand({ name: turned }, '--name', turned)],
  ['a colour in words', '1000', /#rrggbb/, brand({ colour: 'red' }, '--colour', 'red')],
  ['a number that is none', '1000', /icpNumber/, brand({ icpNumber: '12345' }, '--icp', '12345')],
  [
    'a police number without its province',
    '1000',
    /policeNumber/,
    brand({ policeNumber: '11010502030123' }, '--police', '11010502030123'),
  ],
  [
    'a policy without https',
    '1000',
    /privacyUrl/,
    brand({ privacyUrl: 'http://example.com/' }, '--privacy-url', 'http://example.com/'),
  ],
  [
    'a script as a policy',
    '1000',
    /privacyUrl/,
    brand({ privacyUrl: 'javascript:alert(1)' }, '--privacy-url', 'javascript:alert(1)'),
  ],
  ['an SVG for a logo', '1000', /PNG/, logo(Buffer.from('<svg/>'), () => here.files.text)],
  ['an empty logo', '1000', /PNG/, logo(Buffer.alloc(0), () => here.files.empty)],
]

export const everywhere: [of: string, rules: Rule[]][] = [['a brand', brands]]
