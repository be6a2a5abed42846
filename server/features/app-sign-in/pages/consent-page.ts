import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Words } from '../../../platform/words.ts'
import type { App } from '../../apps/app.ts'
import type { Brands } from '../../branding/brands.ts'
import { type AppSignIn, type ClaimName, isApproved } from '../app-sign-in.ts'
import { fieldOf } from '../claims/field-words.ts'
import { approvedNames } from '../claims/release.ts'
import { consentOf } from '../consent-store.ts'
import { sendSignInPage } from './page.ts'

export const consentPath = '/signin/consent'

type ConsentRequest = { app: App; signIn: AppSignIn }

/** What a third party would be given of a person, by name: the approved claims and attributes. */
export function namesAsked(ctx: { developers: Developers }, { app, signIn }: ConsentRequest): string[] {
  return [...approvedNames(ctx, app, signIn), ...signIn.attributes.filter(isApproved).map(one => one.name)]
}

/** Whether the person has yet to be asked: only for a third party's app, and once more when it gets more than they agreed to. */
export async function needsConsent(
  ctx: Core & { developers: Developers },
  asked: ConsentRequest,
  memberId: number,
): Promise<boolean> {
  const { app, signIn } = asked
  if (signIn.relation !== 'third-party') return false
  const agreed = await consentOf(ctx.db, app.corpId, app.id, memberId)
  return !agreed || namesAsked(ctx, asked).some(name => !agreed.claims.includes(name))
}

/**
 * Asks the person (单独同意, 个人信息保护法 第二十三条): who receives what, and what for. `to` is where they go on when they agree, one
 * of our own addresses (`returnTo`); `refusedTo` when they do not, if there is more to do then than to say so.
 */
export function sendConsentPage(
  ctx: Core & { brands: Brands; developers: Developers },
  request: FastifyRequest,
  reply: FastifyReply,
  {
    app,
    signIn,
    visitor,
    to,
    refusedTo = '',
  }: ConsentRequest & { visitor: Visitor; to: string; refusedTo?: string },
): FastifyReply {
  const names = approvedNames(ctx, app, signIn)
  const claims = signIn.claims.filter(one => names.includes(one.name))
  const attributes = signIn.attributes.filter(isApproved)
  return sendSignInPage(ctx, request, reply, {
    corpId: app.corpId,
    title: { zh: `同意向「${app.name}」提供信息？`, en: `Give “${app.name}” information about you?` },
    text: [
      {
        zh: '这是其他单位的应用。您同意后，它会收到以下信息：',
        en: 'The application is a third party’s. If you agree, it is given:',
      },
    ],
    list: [
      { zh: '您在这个应用里的账号', en: 'The name by which it knows you' },
      ...claims.map(({ name, purpose }) => purposeOf(claimWords[name], purpose)),
      ...attributes.map(({ field, purpose }) => purposeOf(fieldOf(field), purpose)),
    ],
    facts: [
      [{ zh: '接收方', en: 'Receiver' }, app.name],
      [{ zh: '您的账号', en: 'You are' }, visitor.member?.name ?? ''],
    ],
    form: {
      action: consentPath,
      fields: {
        csrf: visitor.csrf,
        app: app.id,
        names: namesAsked(ctx, { app, signIn }).join(' '),
        to,
        refusedTo,
      },
      buttons: [
        { words: { zh: '同意并继续', en: 'Agree and go on' }, name: 'answer', value: 'agree', isMain: true },
        { words: { zh: '不同意', en: 'Do not agree' }, name: 'answer', value: 'refuse' },
      ],
    },
  })
}

function purposeOf(what: Words, purpose: string): Words {
  return { zh: `${what.zh}：${purpose}`, en: `${what.en}: ${purpose}` }
}

const claimWords: Record<ClaimName, Words> = {
  profile: { zh: '姓名、账号和头像', en: 'Name, account and picture' },
  email: { zh: '邮箱', en: 'Mail address' },
  phone: { zh: '手机号', en: 'Mobile number' },
  departments: { zh: '所在部门', en: 'Departments' },
  groups: { zh: '所在的组', en: 'Groups' },
  employee_no: { zh: '工号', en: 'Employee number' },
}
