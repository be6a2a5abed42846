import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { followersAfter } from '../followers/list/store.ts'
import { fieldsOf, type TemplateField } from '../templates/fields.ts'
import { allTemplates } from '../templates/store.ts'
import { accountsOf } from './reach.ts'

/** An official account, a follower and a template with values for its fields, to try calls with. */
export async function officialValues(
  ctx: Core & { accounts: Accounts },
  developer: Caller,
): Promise<Record<string, unknown>> {
  if (!developer.scopes.has('official:read')) return {}
  const usable = accountsOf(ctx, developer).filter(one => one.enabled)
  const account = usable.find(one => one.kind === 'service' && one.verified) ?? usable[0]
  if (!account) return {}
  const [follower] = await followersAfter(ctx.db, account, { subscribed: true, tagId: undefined }, '', 1)
  return {
    originalId: account.originalId,
    ...(follower ? { openid: follower.openid } : {}),
    ...(await templateValues(ctx, account)),
  }
}

async function templateValues(ctx: Core, account: Account): Promise<Record<string, unknown>> {
  const template = (await allTemplates(ctx.db, account)).find(one => one.kind === 'template')
  if (!template) return {}
  const data = Object.fromEntries(fieldsOf(template).map(field => [field.name, valueFor(field)]))
  return { templateId: template.id, templateData: data }
}

/** What a field of each type may hold; the others take any short text. */
const values: Readonly<Record<string, string>> = {
  number: '1',
  letter: 'A',
  symbol: '!',
  character_string: 'A1',
  time: '15:01',
  date: '2026-11-26',
  amount: '1元',
  phone_number: '13800000000',
  car_number: '粤A12345',
  phrase: '已完成',
  name: '张三',
}

function valueFor({ type, choices }: TemplateField): string {
  return choices[0] ?? values[type] ?? '试一试'
}
