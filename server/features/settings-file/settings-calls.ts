import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import type { AdminCaller } from '../../platform/http/admin/admin-gate.ts'
import { adminScopes } from '../../platform/http/admin/admin-scope.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { optionalStructured, structured } from '../../platform/http/input.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { applySettings, compareSettings, exportSettings, readSettings } from './apply-settings.ts'
import { type Difference, isEqual } from './difference.ts'

type Needs = Core & { corps: Corps; mirrors: Pick<Mirrors, 'during'>; offered: FeatureOffers }

export const adminSettings = adminCall({
  method: 'GET',
  path: '/api/admin/settings',
  summary: { zh: '一个企业的设置', en: 'The settings of a corp' },
  description: {
    zh: '与 `wisp export settings` 相同，不含任何密钥；用 /api/admin/settings/apply 应用。',
    en: 'As `wisp export settings` has them, without any secret; /api/admin/settings/apply applies them.',
  },
  scope: 'admin:read',
  point: 'settings:read',
  reach: 'corp',
  input: {},
  output: Type.Object({
    settings: Type.Unknown({ about: { zh: '文件的内容', en: 'What the file has' } }),
  }),
  errors: [],
  sample: { settings: { format: 'wisp settings', version: 1, corpId: 'wwb1d5c0ffee123456' } },
  handle: async (ctx: Needs, { corpId }) => ({
    settings: JSON.parse(await exportSettings(ctx, corpId)) as unknown,
  }),
})

const differenceShape = Type.Object({
  section: Type.String({ about: { zh: '部分', en: 'Section' } }),
  key: Type.String({
    about: { zh: '对象的编号；新建前为空', en: 'Key of the item; empty before it is made' },
  }),
  name: Type.String({ about: { zh: '对象的名称', en: 'Name of the item' } }),
  act: Type.Enum(['add', 'set'], {
    about: { zh: 'add 新建；set 修改', en: 'add: a new item; set: a change' },
  }),
  field: Type.String({ about: { zh: '设置', en: 'Setting' } }),
  before: Type.Unknown({ about: { zh: '原来的值', en: 'What it was' } }),
  after: Type.Unknown({ about: { zh: '文件的值', en: 'What the file has' } }),
})

export const adminApplySettings = adminCall({
  method: 'POST',
  path: '/api/admin/settings/apply',
  summary: { zh: '应用一个设置文件', en: 'Apply a file of settings' },
  description: {
    zh: '与 `wisp apply` 相同：文件里没有写的不变，不删除任何东西；dryRun 为 true 时只返回差异。涉及所有设置，因此管理令牌须有全部权限。',
    en: 'As `wisp apply` does it: what the file leaves out stays, and nothing is removed; with dryRun it answers the differences alone. It concerns every setting, and takes a token with all scopes.',
  },
  scope: 'admin:apps',
  point: 'settings:apply',
  reach: 'corp',
  input: {
    settings: structured(
      {
        zh: '文件的内容，如 /api/admin/settings 所返回',
        en: 'What the file has, as /api/admin/settings answers it',
      },
      Type.Record(Type.String({ maxLength: 64 }), Type.Unknown()),
    ),
    dryRun: optionalStructured(
      { zh: '只返回差异，不应用', en: 'Answer the differences, and apply nothing' },
      Type.Boolean(),
    ),
  },
  output: Type.Object({
    dryRun: Type.Boolean(),
    differences: Type.Array(differenceShape, {
      about: { zh: '已应用的，或 dryRun 时将会应用的', en: 'What was applied, or would be' },
    }),
  }),
  errors: ['unknownDeveloper', 'unknownDepartment', 'unknownTag', 'unknownMember'],
  sample: {
    dryRun: true,
    differences: [
      { section: 'corp', key: '', name: '', act: 'set', field: 'name', before: '华宇', after: '华宇集团' },
    ],
  },
  sampleInput: {
    settings: { format: 'wisp settings', version: 1, corpId: '{corpId}', corp: { name: '华宇集团' } },
    dryRun: true,
  },
  async handle(ctx: Needs, { corpId, input: { settings, dryRun = false }, caller }) {
    checkAllScopes(caller)
    const file = readSettings(ctx, JSON.stringify(settings), corpId)
    const check = (differences: readonly Difference[]) => checkByProgram(ctx, differences)
    if (!dryRun) return { dryRun, differences: await applySettings(ctx, caller.actor, file, check) }
    const differences = await compareSettings(ctx, file)
    check(differences)
    return { dryRun, differences }
  },
})

/** Throws 1009 for a change that people alone make. */
function checkByProgram({ offered }: Needs, differences: readonly Difference[]): void {
  for (const { section, field, name, act, after } of differences) {
    const { byPeople = {} } = offered.settings.find(one => one.name === section) ?? {}
    if (!Object.hasOwn(byPeople, field) || (act === 'add' && isEqual(after, byPeople[field]))) continue
    throw new ApiError('forbidden', {
      zh: told`${own(section)} ${name} 的 ${own(field)} 须由超级管理员在控制台或命令行设置；没有改动`,
      en: told`${own(field)} of ${name} in ${own(section)} is set by a super administrator, in the console or on the command line; nothing was changed`,
    })
  }
}

/** Throws 1009 for a token that could do by a file what it may not do by a call. */
function checkAllScopes({ scopes }: AdminCaller): void {
  const missing = adminScopes.filter(scope => !scopes.has(scope))
  if (missing.length > 0)
    throw new ApiError('forbidden', {
      zh: told`应用设置文件需要管理令牌的全部权限，缺少 ${own(missing.join('、'))}；没有改动`,
      en: told`a file of settings is applied by a token with all scopes, and this one lacks ${own(missing.join(', '))}; nothing was changed`,
    })
}
