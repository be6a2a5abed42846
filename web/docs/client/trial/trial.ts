import { readChoice, writeChoice } from '../../../ui/storage/stored.ts'
import { askOf, fillInput, freshSamples } from '../../shared/ask.ts'
import type { CallRequest, Trial } from '../../shared/call.ts'
import { codePieces } from '../../shared/colours.ts'
import { snippets, snippetsOf } from '../../shared/snippets/snippets.ts'
import { byId, colouredNodes, make } from '../dom.ts'
import { put, say } from '../words.ts'
import { showAnswer, showNote, type TrialAnswer } from './answer.ts'
import { currentIdentity, onIdentity, renew, showIdentity } from './identity.ts'
import { fillFields, readFields, restoreFields } from './inputs.ts'
import { keepInput, keptInputs } from './kept.ts'

const languageKey = 'wisp.docs.snippet'

/** Makes the page of a call try it; does nothing on other pages. */
export function startTrial(): void {
  const source = byId('trial')?.textContent
  const who = byId('who')
  if (!source || !who) return
  const trial = JSON.parse(source) as Trial
  const refresh = () => {
    showIdentity(who)
    fillFields(trial.inputs, fillInput(trial.sampleInput, samplesNow()))
    warn(trial)
    showSnippet(trial)
  }
  restoreFields(trial.inputs, keptInputs(trial.path))
  onIdentity(refresh)
  refresh()
  const form = byId('inputs')
  form?.addEventListener('input', event => {
    const control = event.target as HTMLInputElement
    control.dataset['touched'] = '1'
    keepInput(trial.path, control.name, control.value)
    showSnippet(trial)
  })
  form?.addEventListener('submit', event => {
    event.preventDefault()
    void send(trial, samplesNow)
  })
  byId('send')?.addEventListener('click', () => void send(trial, samplesNow))
  chooseLanguage(trial)
}

function samplesNow(): Record<string, unknown> {
  const identity = currentIdentity()
  if (!identity) return {}
  const { secret, devId, samples } = identity
  const own = { ...freshSamples(), ...samples, devId, pageUrl: `${location.origin}/` }
  return secret ? { ...own, devSecret: secret.devSecret } : own
}

function warn({ scope, feature }: Trial): void {
  const identity = currentIdentity()
  if (identity && feature && !identity.features.includes(feature.name))
    showNote(put(say().noFeature, { f: feature.title }))
  else if (identity && scope && !identity.scopes.includes(scope)) showNote(put(say().noScope, { s: scope }))
}

/**
 * What would be sent now; before anything is entered, what a request looks like. Undefined while a field is being written and is
 * no JSON yet.
 */
function askNow(trial: Trial): CallRequest | undefined {
  const isEmpty = !currentIdentity() && !document.querySelector('#inputs [data-touched]')
  if (isEmpty) return askOf(trial, trial.example, location.origin)
  try {
    const shown = readFields(trial.inputs)
    if (shown['devSecret']) shown['devSecret'] = trial.example['devSecret']
    return askOf(trial, shown, location.origin)
  } catch {
    return undefined
  }
}

function showSnippet(trial: Trial): void {
  const shown = snippetsOf(trial)
  const id =
    readChoice(
      languageKey,
      snippets.map(one => one.id),
    ) ?? 'curl'
  const place = byId('snippet')
  const snippet = shown.find(one => one.id === id) ?? shown[0]!
  for (const { id: one } of shown) {
    const tab = byId(`tab-${one}`)
    tab?.setAttribute('aria-selected', String(one === snippet.id))
    tab?.setAttribute('tabindex', one === snippet.id ? '0' : '-1')
  }
  place?.setAttribute('aria-labelledby', `tab-${snippet.id}`)
  const ask = askNow(trial)
  if (ask) place?.replaceChildren(make('code', {}, ...colouredNodes(codePieces(snippet.write(ask)))))
}

function chooseLanguage(trial: Trial): void {
  const list = document.querySelector<HTMLElement>('.tabs')
  const choose = (id: string) => {
    writeChoice(languageKey, id)
    showSnippet(trial)
    byId(`tab-${id}`)?.focus()
  }
  list?.addEventListener('click', event => {
    const tab = (event.target as Element).closest('[role=tab]')
    if (tab) choose(tab.id.slice('tab-'.length))
  })
  list?.addEventListener('keydown', event => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const shown = snippetsOf(trial)
    const at = shown.findIndex(one => `tab-${one.id}` === (event.target as Element).id)
    if (step !== 0 && at >= 0) choose(shown[(at + step + shown.length) % shown.length]!.id)
  })
}

let latest = 0

/** Sends what the fields say and shows what comes back. Never rejects. */
async function send(trial: Trial, samples: () => Record<string, unknown>): Promise<void> {
  const w = say()
  if (trial.needsToken && !currentIdentity()) {
    document.querySelector('#who details')?.setAttribute('open', '')
    document.querySelector<HTMLElement>('#who input')?.focus()
    return showNote(w.noToken)
  }
  const turn = ++latest
  const stop = new AbortController()
  const button = make('button', { type: 'button', class: 'plain', click: () => stop.abort() }, w.stop)
  try {
    const ask = askOf(trial, readFields(trial.inputs), '')
    showNote(w.sending, button)
    const show = (text: string) => turn === latest && showNote(w.streaming, button, make('pre', {}, text))
    let told = await request(ask, stop.signal, show)
    let note = ''
    if (codeOf(told) === '1004' && trial.needsToken) {
      const isRenewed = await renew()
      note = isRenewed ? w.renewed : w.deadToken
      if (isRenewed) told = await request(ask, stop.signal)
    }
    // The page has changed, or the request was sent once more.
    if (turn !== latest || !byId('answer-body')) return
    showAnswer(told, note)
    // Ids that must be unique get another value for the next request.
    fillFields(trial.inputs, fillInput(trial.sampleInput, samples()))
    showSnippet(trial)
  } catch (error) {
    if (turn === latest) showNote(stop.signal.aborted ? w.stopped : reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  return error instanceof TypeError ? say().failed : (error as Error).message
}

/** Resolves with the whole answer; what arrives of a stream of events before that is shown at once. */
async function request(
  { method, url, body, file, needsToken }: CallRequest,
  signal: AbortSignal,
  show: (text: string) => void = () => {},
): Promise<TrialAnswer> {
  const started = performance.now()
  const token = needsToken ? currentIdentity()?.devToken : undefined
  const response = await fetch(url, {
    method,
    signal,
    headers: {
      'accept-language': document.documentElement.lang,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(file ? { body: formOf(file) } : {}),
  })
  const type = response.headers.get('content-type') ?? ''
  const isStream = type.startsWith('text/event-stream')
  const bytes = isStream ? await readStream(response, show) : new Uint8Array(await response.arrayBuffer())
  return {
    status: response.status,
    ms: Math.round(performance.now() - started),
    type,
    requestId: response.headers.get('x-request-id') ?? '',
    bytes,
  }
}

function formOf({ input, name, text }: NonNullable<CallRequest['file']>): FormData {
  const form = new FormData()
  form.append(input, new Blob([text]), name)
  return form
}

const streamAtMost = 100_000

/** Shows a stream as it comes, and resolves with its latest part once it has ended or somebody has stopped it. */
async function readStream(response: Response, show: (text: string) => void): Promise<TrialAnswer['bytes']> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  show(text)
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text = (text + part.value).slice(-streamAtMost)
      show(text)
    }
  } catch {
    // What has come stays.
  }
  return new TextEncoder().encode(text)
}

function codeOf({ type, bytes }: TrialAnswer): string {
  if (!type.startsWith('application/json')) return ''
  return /^\s*\{"retCode":"(\d+)"/.exec(new TextDecoder().decode(bytes.subarray(0, 100)))?.[1] ?? ''
}
