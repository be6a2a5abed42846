import { addSource } from '../../server/features/source/set-source.ts'
import {
  initialSettings,
  type SourceKind,
  type SourceSettings,
} from '../../server/features/source/settings.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for sources of people. */

type SourceInput = { name?: string; kind?: SourceKind } & Partial<SourceSettings>

function source({ name = '人事系统', kind = 'file', ...settings }: SourceInput): Attempt[] {
  return [
    feature(() => addSource(here.world.ctx, 'test', here.world.corpId, kind, { name, ...settings })),
    page('/web/directory/sources/add', async () => ({ name, kind, settings })),
    command('source', 'add', name, '--kind', kind, '--settings', JSON.stringify(settings)),
  ]
}

const field = (name: string, column = 'x') => ({ field: name, column, owner: 'source' as const })
const sql = { kind: 'sql', people: 'select 1' } as const

const sources: Rule[] = [
  ['a long name', '1000', /name/, source({ name: '宽'.repeat(65) })],
  ['an empty key', '1000', /key/, source({ key: ' ' })],
  [
    'a field that there is not',
    '1000',
    /shoe/,
    source({ fields: [...initialSettings.fields, field('shoe')] }),
  ],
  ['a field twice', '1000', /alias/, source({ fields: [field('name'), field('alias'), field('alias')] })],
  ['no name', '1000', /name/, source({ fields: [field('mobile')] })],
  ['a plan for files', '1000', /plan/, source({ plan: '0 2 * * *' })],
  ['a plan that is none', '1000', /plan/, source({ kind: 'put', plan: 'noon' })],
  ['a password in the address', '1000', /url/, source({ ...sql, url: 'postgres://u:p@db.example/hr' })],
  ['another protocol', '1000', /url/, source({ ...sql, url: 'https://db.example/hr' })],
  [
    'an address of metadata',
    '1000',
    /169\.254\.169\.254/,
    source({ ...sql, url: 'postgres://169.254.169.254/hr' }),
  ],
  ['LDAP without a base', '1000', /base/, source({ kind: 'ldap', url: 'ldap://ad.example' })],
]

export const everywhere: [of: string, rules: Rule[]][] = [['a source of people', sources]]
