import { saveWays } from '../../../server/callers/sign-in/ways/ways.ts'
import type { Context } from '../../../server/context.ts'
import { setApp } from '../../../server/features/apps/apps.ts'
import { toEveryone } from '../../../server/features/apps/visibility.ts'
import { listPeople } from '../../../server/features/external-people/external-store.ts'
import { addPeople } from '../../../server/features/external-people/people.ts'
import { externalFrom } from '../../../server/organisation/directory/mirror/members.ts'

const dayMs = 86_400_000

/** Adds the sample people from outside WeCom, who see this app, unless an earlier start has; returns the userid of the first. */
export async function addExternalPeople(
  ctx: Context,
  actor: string,
  corpId: string,
  appId: string,
): Promise<string> {
  const filter = { state: 'present', words: '', now: new Date(ctx.now()) } as const
  const { rows } = await listPeople(ctx.db, corpId, filter, { limit: 1, offset: 0 })
  if (rows[0]) return rows[0].userId
  const endsAt = new Date(ctx.now() + 180 * dayMs)
  const soon = new Date(ctx.now() + 20 * dayMs)
  const sponsor = { userId: 'zhangsan' }
  const [first = ''] = await addPeople(ctx, actor, corpId, [
    {
      name: '王师傅',
      mobile: '13900000001',
      email: 'wang@contractor.example',
      organisation: '甲工程公司',
      department: '承包商/甲工程公司',
      sponsor,
      endsAt,
    },
    {
      name: '周老师',
      mobile: '',
      email: 'zhou@retired.example',
      organisation: '退休',
      department: '退休人员',
      sponsor,
      endsAt,
    },
    {
      name: '新生小李',
      mobile: '13900000002',
      email: '',
      organisation: '2027 级新生',
      department: '新生',
      sponsor,
      endsAt: soon,
    },
  ])
  await saveWays(ctx, actor, corpId, { ways: ['wecom', 'sms', 'passkey'] })
  await setApp(ctx, actor, corpId, appId, { visibility: { ...toEveryone, departments: [externalFrom] } })
  return first
}
