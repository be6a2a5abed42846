import type { Core } from '../../platform/core.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { openBreakGlasses } from './store.ts'

/** A command ran without codes of the three, and no auditor has closed it. */
export const breakGlassUnclosed: Cause<Core, { reason: string }> = {
  async find({ db }) {
    const open = await openBreakGlasses(db)
    return {
      found: open.map(({ corpId, id, reason }) => ({ corpId, subject: String(id), detail: { reason } })),
    }
  },
  tell: ({ reason }) => ({
    title: { zh: '有命令未经三员的验证码执行', en: 'A command ran without codes of the three' },
    what: {
      zh: `有人用 --break-glass 执行了命令，原因：${reason}`,
      en: `Somebody ran commands by --break-glass. Their reason: ${reason}`,
    },
    fix: {
      zh: '请审计员在审计中核对执行了什么，再在控制台顶部关闭。',
      en: 'An auditor sees in the audit log what was run, and closes it at the top of the console.',
    },
    path: '/console/system/audit',
  }),
}
