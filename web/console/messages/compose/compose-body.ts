import type { CallInput } from '../../../ui/data/api.ts'
import type { Choices } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import type { ComposeForm, MissingField } from './compose-form.ts'
import { inputsOf } from './receiver.ts'

export type ComposeBody = CallInput<'/web/messages/send'>

export function bodyOf(form: ComposeForm, choices: Choices): ComposeBody {
  const { sendType = '', places } = choices.channels.find(one => one.name === form.channel) ?? {}
  const inputs = viewOf(form.channel).compose?.inputsOf(form, choices) ?? plainInputs(form, choices)
  const to = places ? { ...inputsOf([]), [places.input]: form.places } : inputsOf(form.to)
  return { ...to, sendType, agentName: form.agentName.trim(), ...inputs }
}

const lines = ['title', 'content', 'url', 'btntxt'] as const

function linesOf(form: ComposeForm, choices: Choices) {
  const wanted = choices.channels.find(one => one.name === form.channel)?.lines ?? {}
  return lines.flatMap(name => (wanted[name] ? [{ name, required: wanted[name] === 'required' }] : []))
}

function plainInputs(form: ComposeForm, choices: Choices) {
  const given = linesOf(form, choices)
    .filter(({ name }) => name !== 'btntxt' || form.url.trim())
    .map(({ name }) => [name, name === 'content' ? form[name] : form[name].trim()])
  const attached = form.attachments.map(one => one.mediaId)
  const takesFiles = choices.channels.find(one => one.name === form.channel)?.lines?.attachments !== undefined
  return {
    ...(Object.fromEntries(given) as Partial<Pick<ComposeForm, (typeof lines)[number]>>),
    ...(takesFiles && attached.length > 0 ? { attachments: attached } : {}),
  }
}

const labels = { title: 'titleField', content: 'body', url: 'url', btntxt: 'url' } as const

/** How many receivers were chosen, such as members and departments, or places. */
export function receiversIn(form: ComposeForm, choices: Choices): number {
  const isToPlaces = choices.channels.some(one => one.name === form.channel && one.places)
  return (isToPlaces ? form.places : form.to).length
}

/** What must be filled in before the message can be sent, in the order of the form. */
export function missingOf(form: ComposeForm, choices: Choices): MissingField[] {
  const own = viewOf(form.channel).compose
  const lacking = linesOf(form, choices).filter(({ name, required }) => required && !form[name].trim())
  return [
    ...(receiversIn(form, choices) > 0 ? [] : (['to'] as const)),
    ...(form.agentName.trim() ? [] : (['agentName'] as const)),
    ...(own ? own.missing(form, choices) : lacking.map(({ name }) => labels[name])),
  ]
}

/** Whether anything was typed that a preview can show. */
export function isBegun(form: ComposeForm): boolean {
  if (form.channel === 'wecom' && form.msgType === '04') return true
  if (form.media || form.attachments.length > 0) return true
  const typed = [form.agentName, form.title, form.content, form.url, form.templateId ?? '']
  return typed.some(text => text.trim())
}

/**
 * The form with stand-ins for what is missing, so that the rest can be previewed and foreseen; undefined without an SMS
 * template or a file, for which nothing can stand in.
 */
export function filledForm(
  form: ComposeForm,
  choices: Choices,
  standIn: (field: MissingField) => string,
): ComposeForm | undefined {
  const missing = missingOf(form, choices)
  if (missing.includes('templateField') || missing.includes('mediaField')) return undefined
  const filled = (field: MissingField, value: string, other: string) =>
    missing.includes(field) ? other : value
  return {
    ...form,
    agentName: filled('agentName', form.agentName, standIn('agentName')),
    title: filled('titleField', form.title, standIn('titleField')),
    content: filled('body', form.content, standIn('body')),
    // Nothing of another site is loaded for a stand-in.
    url: filled('url', form.url, location.origin),
    picUrl: filled('picUrl', form.picUrl, `${location.origin}/icon.svg`),
  }
}
