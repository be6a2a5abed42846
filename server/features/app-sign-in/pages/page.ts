import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { escapeHtml } from '../../../platform/http/answers/escape-html.ts'
import { type Language, languageOf, type Words, wordsIn } from '../../../platform/words.ts'
import type { Brand } from '../../branding/brand.ts'
import type { Brands } from '../../branding/brands.ts'
import { coloursOf, ownColour } from '../../branding/colours.ts'
import { fitLogo } from '../../branding/fit-logo.ts'
import { pageStyle } from './page-style.ts'

type PageText = Words | string

export type Button = { words: Words; isMain?: boolean; name?: string; value?: string }

/** What a person sees on their way to an application, where there is more to say than a redirect can. */
export type SignInPage = {
  /** HTTP; 200 unless stated. */
  status?: number
  /** Whose look the page has, beside that of the host. */
  corpId?: string | undefined
  title: Words
  text?: readonly PageText[]
  /** Named values, such as who asks for what. */
  facts?: readonly (readonly [name: Words, value: PageText])[]
  list?: readonly PageText[]
  /**
   * Whether it shows the number by which the help desk finds what happened. Such a page also says everything in the other language, because
   * whoever is asked about it may read only that.
   */
  isNumbered?: boolean
  form?: {
    action: string
    fields: Readonly<Record<string, string>>
    /** What the person types in. */
    input?: { name: string; words: Words; value: string }
    buttons: readonly Button[]
    /** Sent by the page itself; the buttons are for browsers without scripts. */
    sendsItself?: boolean
  }
  links?: readonly { href: string; words: Words; isMain?: boolean }[]
}

export type RenderedPage = { status: number; headers: Readonly<Record<string, string>>; html: string }

export function sendSignInPage(
  ctx: { brands: Brands },
  request: FastifyRequest,
  reply: FastifyReply,
  page: SignInPage,
): FastifyReply {
  const { status, headers, html } = renderSignInPage(ctx, request, page)
  return reply.status(status).headers(headers).send(html)
}

/**
 * It needs no other file but the logo, and no script unless its form sends itself. Only the portal's frame may hold it. What a form may
 * lead to is not limited where it ends at an application, because browsers apply that to the redirects after it as well.
 */
export function renderSignInPage(
  { brands }: { brands: Brands },
  request: FastifyRequest,
  page: SignInPage,
): RenderedPage {
  const language = languageOf(request.headers['accept-language'])
  const nonce = randomBytes(16).toString('base64')
  const brand = brands.shownAt(request.host, page.corpId)
  const script = page.form?.sendsItself ? `script-src 'nonce-${nonce}'; ` : ''
  return {
    status: page.status ?? 200,
    headers: {
      'content-security-policy': `default-src 'none'; img-src 'self'; style-src 'nonce-${nonce}'; ${script}base-uri 'none'; frame-ancestors 'self'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    },
    html: htmlOf(page, { brand, nonce, number: request.id, language }),
  }
}

type PageContext = { brand: Brand; nonce: string; number: string; language: Language }
type PageTranslator = (words: PageText) => string

const codes: Record<Language, string> = { zh: 'zh-CN', en: 'en' }

const sayIn =
  (language: Language): PageTranslator =>
  words =>
    escapeHtml(wordsIn(language, words))

function htmlOf(page: SignInPage, shown: PageContext): string {
  const { brand, nonce, number, language } = shown
  const say = sayIn(language)
  const name = escapeHtml(brand.name || 'wisp')
  const { light, dark } = coloursOf(brand.colour || ownColour)
  return `<!doctype html>
<html lang="${codes[language]}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${say(page.title)} · ${name}</title>
<style nonce="${nonce}">${pageStyle(light, dark)}</style>
<main>
  <header>${logoOf(brand)}<bdi>${name}</bdi></header>
  <section>
    <h1>${say(page.title)}</h1>
${bodyOf(page, number, say)}
${page.isNumbered ? otherOf(page, number, language === 'zh' ? 'en' : 'zh') : ''}
  </section>
</main>
${page.form?.sendsItself ? `<script nonce="${nonce}">document.forms[0].submit()</script>\n` : ''}</html>
`
}

function bodyOf(page: SignInPage, number: string, say: PageTranslator): string {
  const { form, links = [] } = page
  const parts = [
    saidOf(page, number, say),
    form ? formOf(form, say) : '',
    ...links.map(
      one => `<a class="${one.isMain ? 'main' : ''}" href="${escapeHtml(one.href)}">${say(one.words)}</a>`,
    ),
  ]
  return linesOf(parts)
}

/** The same in the other language, more quietly. */
function otherOf(page: SignInPage, number: string, language: Language): string {
  const say = sayIn(language)
  const links = (page.links ?? []).map(one => `<a href="${escapeHtml(one.href)}">${say(one.words)}</a>`)
  return linesOf([
    `<div class="other" lang="${codes[language]}">`,
    `<h2>${say(page.title)}</h2>`,
    saidOf(page, number, say),
    ...(links.length ? [`<p>${links.join(' ')}</p>`] : []),
    '</div>',
  ])
}

function saidOf(
  { text = [], facts = [], list = [], isNumbered }: SignInPage,
  number: string,
  say: PageTranslator,
): string {
  const shownFacts = [...facts, ...(isNumbered ? [[{ zh: '编号', en: 'Number' }, number] as const] : [])]
  const rows = shownFacts.map(([name, value]) => `<div><dt>${say(name)}</dt><dd>${say(value)}</dd></div>`)
  return linesOf([
    ...text.map(one => `<p>${say(one)}</p>`),
    list.length ? `<ul>${list.map(one => `<li>${say(one)}</li>`).join('')}</ul>` : '',
    rows.length ? `<dl>${rows.join('')}</dl>` : '',
  ])
}

const linesOf = (parts: readonly string[]) => parts.filter(Boolean).join('\n')

function formOf(
  { action, fields, input, buttons }: NonNullable<SignInPage['form']>,
  say: PageTranslator,
): string {
  const hidden = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('')
  const typed = input
    ? `<label>${say(input.words)}<input name="${input.name}" value="${escapeHtml(input.value)}" required autofocus autocomplete="off" autocapitalize="characters" spellcheck="false"></label>`
    : ''
  const pressed = buttons
    .map(({ words, isMain, name, value }) => {
      const sent = name === undefined ? '' : ` name="${name}" value="${escapeHtml(value ?? '')}"`
      return `<button class="${isMain ? 'main' : ''}"${sent}>${say(words)}</button>`
    })
    .join('')
  return `<form method="post" action="${escapeHtml(action)}">${hidden}${typed}${pressed}</form>`
}

function logoOf({ logo }: Brand): string {
  if (!logo) return ''
  const { width, height } = fitLogo(logo, { width: 120, height: 32 })
  return `<img src="${logo.path}" alt="" width="${width}" height="${height}">`
}
