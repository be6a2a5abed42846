import type { Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import type { SignInPage } from '../../app-sign-in/pages/page.ts'
import { noteRefusedEntry } from '../../app-sign-in/pages/refused-page.ts'
import type { Needs } from '../needs.ts'
import { askingOf } from './asking.ts'
import * as words from './page-words.ts'

type Features = NonNullable<Configuration['features']>
export type PagesOfLibrary = {
  error: NonNullable<Configuration['renderError']>
  device: Pick<
    NonNullable<Features['deviceFlow']>,
    'userCodeInputSource' | 'userCodeConfirmSource' | 'successSource'
  >
  logout: Pick<NonNullable<Features['rpInitiatedLogout']>, 'logoutSource' | 'postLogoutSuccessSource'>
}

/** In the place of the library's own pages. What they show is sent when the library is done (`provider.ts`). */
export function pagesOfLibrary(ctx: Needs, corpId: string): PagesOfLibrary {
  const show = (koa: KoaContextWithOIDC, page: SignInPage) => {
    askingOf(koa).page = { corpId, ...page }
    // The library takes a request without a body for one that nobody answered.
    koa.body = page.title.en
  }
  const secretOf = ({ oidc }: KoaContextWithOIDC) => String(oidc.session?.state?.['secret'] ?? '')
  return {
    error: (koa, out, error) => {
      noteError(ctx, corpId, koa, out, error)
      show(koa, errorPage(koa.status, out, error))
    },
    device: {
      userCodeInputSource: (koa, _form, _out, error) => {
        const action = koa.oidc.urlFor('code_verification')
        const text = error ? words.deviceErrorOf(error.name) : words.device.hint
        if (text === undefined)
          return show(koa, {
            status: koa.status,
            title: words.device.title,
            text: [words.deviceFormOver],
            links: [{ href: action, words: words.device.enterAgain, isMain: true }],
          })
        return show(koa, {
          title: words.device.title,
          text: [text],
          form: {
            action,
            fields: { xsrf: secretOf(koa) },
            input: { name: 'user_code', words: words.device.code, value: '' },
            buttons: [{ words: words.device.next, isMain: true }],
          },
        })
      },
      userCodeConfirmSource: (koa, _form, client, info, userCode) =>
        show(koa, {
          title: words.confirmTitle(client.clientName ?? client.clientId),
          text: [words.device.confirm],
          facts: [
            [words.device.code, userCode],
            [words.device.address, String(info['ip'] ?? '')],
          ],
          form: {
            action: koa.oidc.urlFor('code_verification'),
            fields: { xsrf: secretOf(koa), user_code: userCode, confirm: 'yes' },
            buttons: [
              { words: words.device.agree, isMain: true },
              { words: words.device.refuse, name: 'abort', value: 'yes' },
            ],
          },
        }),
      successSource: koa => show(koa, { title: words.device.done, text: [words.device.doneHint] }),
    },
    logout: {
      logoutSource: koa => show(koa, logoutPage(koa, secretOf(koa))),
      postLogoutSuccessSource: koa => {
        // The library also leads here whoever chose to stay.
        const [title, hint] = askingOf(koa).visitor
          ? [words.logout.stayed, words.logout.stayedHint]
          : [words.logout.done, words.logout.doneHint]
        show(koa, { title, text: [hint], links: [words.toWorkbench] })
      },
    },
  }
}

/** An application that shows by an id_token who it signs out need not have it confirmed. */
function logoutPage({ oidc }: KoaContextWithOIDC, xsrf: string): SignInPage {
  const isTheirs = oidc.entities.IdTokenHint?.payload['sub'] === oidc.session?.accountId
  const action = oidc.urlFor('end_session_confirm')
  if (isTheirs)
    return {
      title: words.logout.doing,
      form: {
        action,
        fields: { xsrf, logout: 'yes' },
        buttons: [{ words: words.logout.agree, isMain: true }],
        sendsItself: true,
      },
    }
  return {
    title: words.logout.title,
    text: [words.logout.hint],
    form: {
      action,
      fields: { xsrf },
      buttons: [
        { words: words.logout.agree, isMain: true, name: 'logout', value: 'yes' },
        { words: words.logout.refuse },
      ],
    },
  }
}

/** So that whoever is told the number finds out what it was. */
function noteError(ctx: Needs, corpId: string, koa: KoaContextWithOIDC, out: ErrorOut, error: Error): void {
  const { request, visitor } = askingOf(koa)
  const signIn = ctx.appSignIns.ofClient(corpId, koa.oidc.client?.clientId ?? '')
  const app = signIn && ctx.apps.find(signIn.appId)
  const fault = isOver(error) ? ('ticket' as const) : ('request' as const)
  noteRefusedEntry(ctx, request, {
    corpId,
    way: 'oidc',
    fault,
    app,
    member: visitor?.member,
    detail: detailOf(out),
  })
}

/** The sign-in that the person goes on with is over, or was begun elsewhere. */
function isOver(error: Error): boolean {
  return error.constructor.name === 'SessionNotFound'
}

function detailOf(out: ErrorOut): string {
  return [out.error, out.error_description].filter(Boolean).join(': ')
}

function errorPage(status: number, out: ErrorOut, error: Error): SignInPage {
  if (isOver(error)) return { status, title: words.again.title, text: [words.again.hint], isNumbered: true }
  const { title, hint } = status >= 500 ? words.failed : words.wrong
  return { status, title, text: [hint], facts: [[words.wrong.detail, detailOf(out)]], isNumbered: true }
}
