import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import { exportSettings } from './apply-settings.ts'

export const adminSettings = adminCall({
  method: 'GET',
  path: '/api/admin/settings',
  summary: { zh: '一个企业的设置', en: 'The settings of a corp' },
  description: {
    zh: '与 `wisp export settings` 相同，不含任何密钥。应用一个文件用 `wisp apply`，或各项设置自己的接口。',
    en: 'As `wisp export settings` has them, without any secret. A file is applied by `wisp apply`, or each setting by its own call.',
  },
  scope: 'admin:read',
  reach: 'corp',
  input: {},
  output: Type.Object({
    settings: Type.Unknown({ about: { zh: '文件的内容', en: 'What the file has' } }),
  }),
  errors: [],
  sample: { settings: { format: 'wisp settings', version: 1, corpId: 'wwb1d5c0ffee123456' } },
  handle: async (
    ctx: Core & { corps: Corps; mirrors: Pick<Mirrors, 'during'>; offered: Offered },
    { corpId },
  ) => ({ settings: JSON.parse(await exportSettings(ctx, corpId)) as unknown }),
})
