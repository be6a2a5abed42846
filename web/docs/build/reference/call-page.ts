import { askOf } from '../../shared/ask.ts'
import type { Input, Schema, Trial } from '../../shared/call.ts'
import { codePieces, jsonPieces } from '../../shared/colours.ts'
import { curl } from '../../shared/snippets/scripts.ts'
import { snippetsOf } from '../../shared/snippets/snippets.ts'
import type { Language } from '../content.ts'
import { coloured, escapeHtml } from '../html.ts'
import { type CodeLinks, localised, render } from '../markdown.ts'
import { put, words } from '../words.ts'
import { type Call, type Field, fieldsIn, objectsIn, typeOf } from './calls.ts'
import { fieldList, limitsOf } from './field-list.ts'

/** What pages say of things by their names: where they lead, and the words of a code or scope. */
export type Lookups = {
  linkOf: CodeLinks
  errorText: (code: string) => string
  /** '' for a name that is no scope of developers. */
  scopeText: (scope: string) => string
}

/** The page of a call: what it takes and gives on the left, where it is tried on the right. */
export function callPage(call: Call, language: Language, { linkOf, errorText, scopeText }: Lookups): string {
  const w = words[language]
  const { path, methods, method, scope, adminScope, section, feature } = call
  const about = call.description ? render(call.description, language, linkOf).html : ''
  const chips = [
    section === 'wisp' ? w.own : put(w.documentSection, { s: section }),
    ...(scope ? [] : [tokenOf(call, language)]),
  ]
  const permission =
    scope || adminScope
      ? `<p class="permission">${w.needs} ${scope ? scopeLink(scope, language, linkOf) : `<code>${escapeHtml(adminScope)}</code>`} <span>${escapeHtml(scopeText(scope))}</span></p>`
      : ''
  const optional = feature
    ? `<p class="permission">${put(w.needsFeature, { f: escapeHtml(feature.title) })}</p>`
    : ''
  const post = methods.length > 1 ? `<p>${w.alsoPost}</p>` : ''
  return `<div class="call" id="call">
<div class="call-text">
<h1>${escapeHtml(call.summary)}</h1>
<p class="endpoint"><span class="method method-${method.toLowerCase()}">${method}</span><code>${escapeHtml(path)}</code><button type="button" class="copy" data-copy="${escapeHtml(path)}">${w.copy}</button></p>
<p class="chips">${chips.map(one => `<span>${escapeHtml(one)}</span>`).join('')}</p>
${permission}${optional}${about}${post}
${parametersOf(call, language)}
</div>
${adminScope ? shownOf(call, language) : trialOf(call, language)}
<div class="call-rest">
<h2 id="answer">${w.answer}</h2>
${answerOf(call, language)}
<h2 id="errors">${w.errorsOfCall}</h2>
<p class="quiet">${w.errorsHint}</p>
<ul class="error-list">${call.errors.map(code => `<li><a href="${localised(`/docs/errors/${code}`, language)}"><code>${code}</code> ${escapeHtml(errorText(code))}</a></li>`).join('')}</ul>
</div>
</div>${adminScope ? '' : trialScript(call)}`
}

/** The name of a scope, which leads to its row among all scopes. */
export function scopeLink(scope: string, language: Language, linkOf: CodeLinks): string {
  return `<a href="${localised(linkOf(scope) ?? '', language)}"><code>${escapeHtml(scope)}</code></a>`
}

function trialScript(call: Call): string {
  return `
<script type="application/json" id="trial">${JSON.stringify(trial(call)).replaceAll('<', '\\u003c')}</script>`
}

/** Which token a call takes, where no permission says so. */
export function tokenOf({ adminScope, needsToken }: Call, language: Language): string {
  const w = words[language]
  if (adminScope) return w.needsAdminToken
  return needsToken ? w.needsToken : w.open
}

function trial({ method, path, needsToken, scope, feature, inputs, sampleInput, example }: Call): Trial {
  return { method, path, needsToken, scope, feature, inputs, sampleInput, example }
}

function parametersOf({ fields, inputs, example, adminScope }: Call, language: Language): string {
  const w = words[language]
  const heading = `<h2 id="parameters">${w.parameters}</h2>`
  if (fields.length === 0) return `${heading}<p class="quiet">${w.noParameters}</p>`
  const rows = fields.map((field, index) => {
    const id = `input-${field.name}`
    if (adminScope)
      return `<div class="field"><div><code>${escapeHtml(field.name)}</code> ${kindOf(field, language)}<p>${escapeHtml(field.schema.description ?? '')}${limitsOf(field.schema, language)}</p>${nested(field.schema, language)}</div></div>`
    return `<div class="field"><div><label for="${id}"><code>${escapeHtml(field.name)}</code></label> ${kindOf(field, language)}<p id="${id}-about">${escapeHtml(field.schema.description ?? '')}${limitsOf(field.schema, language)}</p>${nested(field.schema, language)}</div>${control(inputs[index]!, id, example[field.name])}</div>`
  })
  return `${heading}<form id="inputs" class="fields" novalidate autocomplete="off">${rows.join('')}</form>`
}

function kindOf({ required, schema }: Field, language: Language): string {
  const w = words[language]
  return `<span class="type">${escapeHtml(typeOf(schema))}</span> ${required ? `<strong class="required">${w.required}</strong>` : `<span class="quiet">${w.optional}</span>`}`
}

/** The fields of an object, or of the objects of a list, below the field itself. */
function nested(schema: Schema, language: Language): string {
  const w = words[language]
  return objectsIn(schema)
    .map(fieldsIn)
    .filter(fields => fields.length > 0)
    .map(fields => {
      const rows = fields.map(
        field =>
          `<li><code>${escapeHtml(field.name)}</code> ${kindOf(field, language)} ${escapeHtml(field.schema.description ?? '')}${limitsOf(field.schema, language)}${nested(field.schema, language)}</li>`,
      )
      return `<details class="nested"><summary>${put(w.fieldsOf, { n: rows.length })}</summary><ul>${rows.join('')}</ul></details>`
    })
    .join(`<p class="quiet">${w.or}</p>`)
}

function control({ name, kind, choices, required }: Input, id: string, value: unknown): string {
  const about = `id="${id}" name="${escapeHtml(name)}" aria-describedby="${id}-about"${required ? ' aria-required="true"' : ''}`
  const hint =
    value === undefined
      ? ''
      : ` placeholder="${escapeHtml(kind === 'json' ? JSON.stringify(value) : String(value))}"`
  if (kind === 'choice' || kind === 'boolean') {
    const options = [...(required ? [] : ['']), ...choices]
    return `<select ${about}>${options.map(one => `<option>${escapeHtml(one)}</option>`).join('')}</select>`
  }
  if (kind === 'json' || kind === 'file')
    return `<textarea ${about} rows="3" spellcheck="false"${hint}></textarea>`
  return `<input ${about} type="text" spellcheck="false"${kind === 'number' ? ' inputmode="numeric"' : ''}${hint}>`
}

function answerOf({ body, media }: Call, language: Language): string {
  const w = words[language]
  if (media || !body) return `<p>${put(w.answerIsOther, { type: media })}</p>`
  const list = fieldList(body, language)
  return list ? `<p class="quiet">${w.answerHint}</p>${list}` : `<p>${w.emptyBody}</p>`
}

/** The request and the answer of what is not tried from here. */
function shownOf(call: Call, language: Language): string {
  const w = words[language]
  const sample = coloured(call.media ? [{ text: call.sample, kind: '' }] : jsonPieces(call.sample))
  return `<aside class="trial" aria-label="${w.request}">
<section class="code" aria-label="${w.request}"><div class="code-head"><span>${w.request}</span><button type="button" class="copy">${w.copy}</button></div><pre tabindex="0" role="group" aria-label="${w.request}"><code>${coloured(codePieces(curlOf(call)))}</code></pre></section>
<section class="code" aria-label="${w.sampleAnswer}"><div class="code-head"><span>${w.sampleAnswer}</span><button type="button" class="copy">${w.copy}</button></div><pre tabindex="0" role="group" aria-label="${w.sampleAnswer}"><code>${sample}</code></pre></section>
</aside>`
}

/** The request by curl. An admin token must not be taken for a devToken. */
export function curlOf(call: Call): string {
  const text = curl(askOf(call, call.example, 'https://wisp.example.com'))
  return call.adminScope ? text.replace('$DEV_TOKEN', '$ADMIN_TOKEN') : text
}

/** Identity, request and answer. The script of the page fills it with what is real (client/trial). */
function trialOf(call: Call, language: Language): string {
  const w = words[language]
  const ask = askOf(call, call.example, 'https://wisp.example.com')
  const snippets = snippetsOf(call)
  const tabs = snippets.map(
    ({ id, label }, index) =>
      `<button type="button" role="tab" id="tab-${id}" aria-controls="snippet" aria-selected="${index === 0}"${index === 0 ? '' : ' tabindex="-1"'}>${label}</button>`,
  )
  const writes = /:(send|write|issue|manage)$/.test(call.scope)
  const sample = coloured(call.media ? [{ text: call.sample, kind: '' }] : jsonPieces(call.sample))
  return `<aside class="trial" aria-label="${w.request}">
<section class="who" id="who" aria-label="${w.whoTitle}"></section>
<section class="code"><div class="code-head tabs" role="tablist" aria-label="${w.request}">${tabs.join('')}</div><pre id="snippet" role="tabpanel" tabindex="0" aria-labelledby="tab-curl"><code>${coloured(codePieces(snippets[0]!.write(ask)))}</code></pre><div class="code-foot"><button type="button" class="copy">${w.copy}</button><button type="button" class="primary" id="send">${w.send}</button></div></section>
${writes ? `<p class="real">${w.real}</p>` : ''}
<section class="code trial-answer" aria-label="${w.realAnswer}"><div class="code-head"><span id="answer-title">${w.sampleAnswer}</span><span id="answer-about"></span><button type="button" class="copy">${w.copy}</button></div><div id="answer-note" role="status"></div><pre id="answer-body" tabindex="0" role="group" aria-label="${w.realAnswer}"><code>${sample}</code></pre></section>
</aside>`
}
